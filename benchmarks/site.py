"""What building the site takes: this project beside plain Material, mkdocs-gallery and markdown-exec.

    python benchmarks/site.py [PAGES ...]

Every builder makes the same number of pages: cold, again without a change, and with one page edited. The rivals run
in a virtual environment of their own, made at the first run under `.cache/rivals`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

from measure import Cost, command, table

ROOT = Path(__file__).resolve().parent.parent
RIVALS = ROOT / ".cache" / "rivals"
HERE = Path(__file__).resolve().parent / "rivals"
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
PACKAGES = ("mkdocs>=1.6,<2", "mkdocs-material", "mkdocs-gallery", "markdown-exec", "sympy", "matplotlib")
SETTINGS = "site_name: Rival\ntheme: {name: material, font: false}\nplugins:\n  - search\n"


def rival_python() -> Path:
    """The interpreter of the rivals' environment."""
    python = RIVALS / "bin" / "python"
    if not python.exists():
        venv.create(RIVALS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def ours(folder: Path, pages: int) -> tuple[list[str], Callable[[int], None]]:
    """The project itself with `pages` questions, each with a title of its own."""
    for name in ("docs", "overrides", "templates"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    questions = folder / "docs" / "q"
    seed = (questions / "seed.md").read_text()
    shutil.rmtree(questions)
    questions.mkdir()
    (folder / "docs" / "anchors.txt").unlink(missing_ok=True)

    def write(number: int, edit: str = "") -> None:
        text = seed.replace("title: ", f"title: {number} {edit}", 1)
        (questions / ("seed.md" if number == 0 else f"seed-{number}.md")).write_text(text)

    for number in range(pages):
        write(number)
    explainer = str(Path(sys.executable).with_name("explainer"))
    return [explainer, "build", "--out", "site"], lambda number: write(number, "edited ")


def plain(folder: Path, pages: int) -> tuple[list[str], Callable[[int], None]]:
    """Material alone, with as many finished pages of the size of the first question's."""
    docs = folder / "docs"
    docs.mkdir()
    (folder / "mkdocs.yml").write_text(SETTINGS + "nav: [index.md]\nvalidation: {nav: {omitted_files: ignore}}\n")
    (docs / "index.md").write_text("# Home\n")
    body = (ROOT / "docs" / "q" / "seed.md").read_text().split("---", 2)[2] * 8

    def write(number: int, edit: str = "") -> None:
        (docs / f"page-{number}.md").write_text(f"# Page {number} {edit}\n{body}")

    for number in range(pages):
        write(number)
    return [str(rival_python()), "-m", "mkdocs", "build", "-q"], lambda number: write(number, "edited")


def executed(folder: Path, pages: int) -> tuple[list[str], Callable[[int], None]]:
    """markdown-exec: each page runs the derivation and the drawing in a block."""
    docs = folder / "docs"
    docs.mkdir()
    settings = SETTINGS + "  - markdown-exec\nnav: [index.md]\nmarkdown_extensions: [pymdownx.superfences]\n"
    (folder / "mkdocs.yml").write_text(settings)
    (docs / "index.md").write_text("# Home\n")
    code = (
        (HERE / "gradient.py")
        .read_text()
        .replace("plt.show()", "plt.savefig(__import__('io').BytesIO(), format='svg')")
    )

    def write(number: int, edit: str = "") -> None:
        text = code.replace("NUMBER", str(number))
        (docs / f"page-{number}.md").write_text(f'# Page {number} {edit}\n\n```python exec="1"\n{text}\n```\n')

    for number in range(pages):
        write(number)
    return [str(rival_python()), "-m", "mkdocs", "build", "-q"], lambda number: write(number, "edited")


def gallery(folder: Path, pages: int) -> tuple[list[str], Callable[[int], None]]:
    """mkdocs-gallery: each page is a script that it runs."""
    scripts = folder / "docs" / "examples"
    scripts.mkdir(parents=True)
    options = "  - gallery: {examples_dirs: docs/examples, gallery_dirs: docs/generated/gallery}\n"
    (folder / "mkdocs.yml").write_text(SETTINGS + options + "nav: [index.md, {Gallery: generated/gallery}]\n")
    (folder / "docs" / "index.md").write_text("# Home\n")
    (scripts / "README.md").write_text("# Gallery\n")
    code = (HERE / "gradient.py").read_text()

    def write(number: int, edit: str = "") -> None:
        (scripts / f"plot_{number}.py").write_text(code.replace("NUMBER", f"{number} {edit}".strip()))

    for number in range(pages):
        write(number)
    return [str(rival_python()), "-m", "mkdocs", "build", "-q"], lambda number: write(number, "edited")


BUILDERS = {"this project": ours, "plain Material": plain, "markdown-exec": executed, "mkdocs-gallery": gallery}


def row(name: str, pages: int) -> list[object]:
    """Cold, unchanged and one page edited: processor seconds (wall seconds)."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        words, edit = BUILDERS[name](folder, pages)
        cold = command(words, folder, QUIET)
        unchanged = command(words, folder, QUIET)
        edit(pages - 1)
        return [name, pages, *map(shown, (cold, unchanged, command(words, folder, QUIET)))]


def shown(cost: Cost) -> str:
    """A cost as printed."""
    return f"{cost.processor:.2f} ({cost.wall:.2f})"


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:]] or [1, 20]
    rows = [row(name, pages) for pages in counts for name in BUILDERS]
    print(table(("builder", "pages", "cold, s", "unchanged, s", "one edited, s"), rows))
