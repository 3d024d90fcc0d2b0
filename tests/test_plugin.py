"""The plug-in on a small site of its own, with pages that are made up here."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator import mkdocs_plugin
from generator.build import BuildFailed
from generator.errors import Place, Refusal, Refusals
from generator.mathml import equation

ROOT = Path(__file__).parent.parent
CONFIG = """
site_name: Small
site_url: https://small.example/
edit_uri: https://edit.example/docs/
strict: true
theme: {name: material, custom_dir: OVERRIDES, font: false, features: [content.action.edit]}
plugins: [gradient-explainer, search, tags]
markdown_extensions: [attr_list, toc, {pymdownx.arithmatex: {generic: true}}]
validation: {links: {anchors: warn}}
nav: [index.md]
"""
HOSTILE = '<img src=x onerror="alert(1)"> & <b>'
PAGE = f"""---
title: {HOSTILE!r}
description: {HOSTILE!r}
tags: ['<i>tag</i>']
---
# A question

## The answer {{#verdict}}

Inline <math><mi>a</mi></math> and [an equation](#eq-E).

<!--raw-->{equation("E = a_1 b_1", "E", anchor="eq-E")}<!--/raw-->

<svg viewBox="0 0 1 1"><title>a *b* c</title></svg>
"""
PAGES: Mapping[str, bytes] = {
    "q/a.md": PAGE.encode(),
    "q/a/network.svg": b"<svg/>",
    "index.md": b"# Home\n\n[a](q/a.md#eq-E)\n",
    "tags.md": b"# Tags\n\n<!-- material/tags -->\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one question and a page written by hand; what the pages are is `PAGES`."""
    (tmp_path / "docs" / "q").mkdir(parents=True)
    (tmp_path / "docs" / "q" / "a.md").write_text(f"---\ntitle: {HOSTILE!r}\n---\nprose", "utf-8")
    (tmp_path / "docs" / "by-hand.md").write_text("# By hand\n\nSo $a_1 < b$ and `$c$`.\n\n$$\\frac{1}{2}$$\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG.replace("OVERRIDES", str(ROOT / "overrides")), "utf-8")
    monkeypatch.setattr(mkdocs_plugin, "render", lambda *_: PAGES)
    return tmp_path


def written(project: Path) -> Path:
    mkdocs_plugin.write(project / "mkdocs.yml", project / "site")
    return project / "site"


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_html_of_the_generator_passes_markdown_untouched(project: Path) -> None:
    page = (written(project) / "q" / "a" / "index.html").read_text("utf-8")
    assert "Inline <math><mi>a</mi></math> and" in page
    assert equation("E = a_1 b_1", "E", anchor="eq-E") in page
    assert '<svg viewBox="0 0 1 1"><title>a *b* c</title></svg>' in page
    assert "RAWPART" not in page
    assert "<p><div" not in page


def test_no_text_of_a_questions_front_matter_becomes_an_element_on_any_page(project: Path) -> None:
    pages = list(written(project).rglob("*.html"))
    assert len(pages) >= 4
    for path in pages:
        elements = Elements()
        elements.feed(path.read_text("utf-8"))
        assert not any(tag in ("b", "i") or "onerror" in attributes for tag, attributes in elements.found), path


def test_a_question_keeps_its_address_and_its_edit_link(project: Path) -> None:
    page = (written(project) / "q" / "a" / "index.html").read_text("utf-8")
    assert 'rel="canonical" href="https://small.example/q/a/"' in page
    assert 'href="https://edit.example/docs/q/a.md"' in page


def test_generated_figures_are_published_beside_their_page(project: Path) -> None:
    assert (written(project) / "q" / "a" / "network.svg").read_bytes() == b"<svg/>"


def test_formulas_of_pages_written_by_hand_are_printed_too(project: Path) -> None:
    page = (written(project) / "by-hand" / "index.html").read_text("utf-8")
    assert "<math><msub><mi>a</mi><mn>1</mn></msub><mo>&lt;</mo><mi>b</mi></math>" in page
    assert '<math display="block"><mfrac>' in page
    assert "<code>$c$</code>" in page


def test_a_link_to_an_anchor_that_is_not_there_stops_the_build(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mkdocs_plugin, "render", lambda *_: {**PAGES, "index.md": b"# Home\n\n[a](q/a.md#eq-Y)\n"})
    with pytest.raises(BuildFailed, match="does not contain an anchor '#eq-Y'"):
        written(project)


def test_a_build_names_every_question_that_cannot_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Mapping[str, bytes]:
        places = [Place("docs/q/a.md", 2, 3, "line"), Place("docs/q/b.md", 4, 1, "other")]
        raise Refusals(tuple(Refusal("cannot be read", place) for place in places))

    monkeypatch.setattr(mkdocs_plugin, "render", refuse)
    with pytest.raises(BuildFailed, match=r"(?s)docs/q/a\.md:2:3.*docs/q/b\.md:4:1"):
        written(project)


def test_the_same_sources_give_the_same_bytes(project: Path) -> None:
    def snapshot(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    first = snapshot(written(project))
    mkdocs_plugin.write(project / "mkdocs.yml", project / "again")
    assert snapshot(project / "again") == first
