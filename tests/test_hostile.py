"""A question written by an enemy: nothing of it becomes an element, an address or a script, on any page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from generator.cli import main

ROOT = Path(__file__).parent.parent
EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'{{ 7 * 7 }}{% raw %}<!--/raw-->"
FRONT = {
    "title": EVIL,
    "description": EVIL,
    "tags": [EVIL],
    "model": "y = w x + b\nE = \\frac{1}{2} (y - t)^2",
    "ask": "\\frac{\\partial E}{\\partial w}",
    "claims": [{"latex": "y - t", "note": EVIL}],
}
CONFIG = f"""
site_name: Small
site_url: https://small.example/
strict: true
theme: {{name: material, font: false, custom_dir: {ROOT / "overrides"}}}
plugins: [gradient-explainer, search, tags]
markdown_extensions: [attr_list, toc]
validation: {{nav: {{omitted_files: ignore}}, links: {{not_found: ignore}}}}
nav: [index.md]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "docs" / "q").mkdir(parents=True)
    question = f"---\n{yaml.safe_dump(FRONT, width=10_000)}---\n{EVIL}\n\n[x](javascript:alert(1)) ${EVIL}$ # {EVIL}\n"
    (folder / "docs" / "q" / "evil.md").write_text(question, "utf-8")
    (folder / "docs" / "tags.md").write_text("# Tags\n\n<!-- material/tags -->\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    return folder


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts = ""
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        self.scripts += data if self.inside else ""


def run(project: Path, *arguments: str) -> None:
    ran = CliRunner().invoke(main, [*arguments, "--config", str(project / "mkdocs.yml")])
    assert ran.exit_code == 0, ran.output


def test_no_page_of_the_site_holds_an_element_of_the_enemy(project: Path) -> None:
    run(project, "build", "--out", str(project / "site"))
    pages = sorted((project / "site").rglob("*.html"))
    assert {"evil", "tags", "site"} <= {path.parent.name for path in pages}
    for path in pages:
        text = path.read_text("utf-8")
        elements = Elements()
        elements.feed(text)
        assert not [tag for tag, attributes in elements.found if tag == "img" or "onerror" in attributes], path
        assert not [address for _, a in elements.found if (address := a.get("href") or "").startswith("javascript")], (
            path
        )
        assert "alert(1)" not in elements.scripts, path
        assert "49" not in text or "{{ 7 * 7 }}" in text, path


def test_the_enemys_words_are_printed_as_he_wrote_them(project: Path) -> None:
    run(project, "build", "--out", str(project / "site"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (project / "site" / "q" / "evil" / "index.html").read_text(
        "utf-8"
    )


def test_the_search_index_holds_no_element_of_the_enemy(project: Path) -> None:
    run(project, "build", "--out", str(project / "site"))
    assert "<img" not in (project / "site" / "search" / "search_index.json").read_text("utf-8")


def test_export_writes_the_pages_and_the_files_of_the_site(project: Path) -> None:
    run(project, "export", str(project / "plain"))
    page = (project / "plain" / "q" / "evil.md").read_text("utf-8")
    assert page.startswith("---\n")
    assert "<script" not in page
    assert (project / "plain" / "index.md").is_file()
    assert (project / "plain" / "tags.md").read_text("utf-8").startswith("# Tags")
