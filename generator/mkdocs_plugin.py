"""The plug-in for MkDocs: hands it the pages that `site` makes, and keeps MathML and drawings out of Markdown's way."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as build_site
from mkdocs.commands.serve import serve as serve_site
from mkdocs.config import config_options, load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator.build import BuildFailed
from generator.errors import Refusal, Refusals
from generator.mathml import block, inline
from generator.places import templates
from generator.render import render

# Parts that are HTML already: Markdown would take some 100 ms a page to pass them through.
_RAW = re.compile(r"<!--raw-->(.*?)<!--/raw-->|(<math\b.*?</math>|<svg\b.*?</svg>)", re.DOTALL)
_PLACE = re.compile(r"RAWPART(\d+)END")
_ANCHOR = re.compile(r'<[^>]* id="([^"]+)"')
_FORMULA = re.compile(r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<latex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL)
# Fixed, so that the same sources give the same bytes (the compressed sitemap).
_DATE = "946684800"


class Options(Config):
    """What `mkdocs.yml` may say about the plug-in."""

    questions = config_options.Type(str, default="q")
    cache = config_options.Type(str, default=".cache/pages")


class GradientExplainer(BasePlugin[Options]):
    """Puts the generated pages among the site's files. A question keeps its address and its edit link."""

    def __init__(self) -> None:
        super().__init__()
        self._generated: frozenset[str] = frozenset()
        self._parts: dict[str, tuple[str, ...]] = {}

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Replace each question file by its page, and add the pages and figures that no file holds."""
        folder = f"{self.config.questions}/"
        sources = {
            f.src_uri: f.content_string for f in files if f.src_uri.startswith(folder) and f.src_uri.endswith(".md")
        }
        try:
            pages = _pages(sources, config, self.config.cache)
        except (Refusal, Refusals) as error:
            raise PluginError(str(error)) from error
        for path, content in sorted(pages.items()):
            present = files.get_file_from_path(path)
            if present is not None and path in sources:
                present.content_bytes = content
            else:
                files.append(File.generated(config, path, content=content))
        self._generated = frozenset(pages)
        return files

    @event_priority(100)
    def on_page_markdown(self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Take out what is HTML already; escape what the theme prints as it stands."""
        del config, files
        if page.file.src_uri not in self._generated:
            return markdown
        page.meta = {key: _escaped(value) for key, value in page.meta.items()}
        kept: list[str] = []

        def place(found: re.Match[str]) -> str:
            kept.append(found[1] if found[1] is not None else found[2])
            return f"RAWPART{len(kept) - 1}END"

        text = _RAW.sub(place, markdown)
        self._parts[page.file.src_uri] = tuple(kept)
        return text

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put back what `on_page_markdown` took out; print the formulas of pages written by hand."""
        del config, files
        parts = self._parts.pop(page.file.src_uri, None)
        if parts is None:
            return _FORMULA.sub(_printed, html)
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(_ANCHOR.findall("".join(parts)))
        alone = re.compile(r"<p>(RAWPART\d+END)</p>")
        return _PLACE.sub(lambda found: parts[int(found[1])], alone.sub(r"\1", html))

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Build again after an edit of a template, too."""
        del config, builder
        server.watch(str(templates()))
        return server


def write(config_file: Path, folder: Path) -> None:
    """Write the site of `config_file` into `folder`, strictly; raises `BuildFailed` with every complaint."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", _DATE)
    complaints = _Complaints()
    logging.getLogger("mkdocs").addHandler(complaints)
    try:
        build_site(load_config(str(config_file), site_dir=str(folder), strict=True))
    except (Abort, MkDocsException) as error:
        raise BuildFailed("\n".join(complaints.messages) or str(error)) from error
    finally:
        logging.getLogger("mkdocs").removeHandler(complaints)


def rendered(config_file: Path) -> tuple[Path, Mapping[str, bytes]]:
    """The folder of the site's sources, and the pages and figures made from the questions in it."""
    config = load_config(str(config_file))
    options = next(plugin.config for plugin in config.plugins.values() if isinstance(plugin, GradientExplainer))
    docs = Path(config.docs_dir)
    questions = sorted((docs / options.questions).rglob("*.md"))
    sources = {path.relative_to(docs).as_posix(): path.read_text("utf-8") for path in questions}
    return docs, _pages(sources, config, options.cache)


def serve(config_file: Path, address: str) -> None:
    """Show the site at `address`, built again after each edit of a question, a page or a template."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    serve_site(str(config_file), dev_addr=address, strict=False)


def _pages(sources: Mapping[str, str], config: MkDocsConfig, cache: str) -> Mapping[str, bytes]:
    root = Path(config.config_file_path).parent
    return render(sources, templates(), root / cache, config.site_url or "")


class _Complaints(logging.Handler):
    """Keeps the warnings and errors of a build."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _printed(found: re.Match[str]) -> str:
    latex = unescape(found["latex"])
    return block(latex) if found["tag"] == "div" else inline(latex)


def _escaped(value: Any) -> Any:
    """The text of the front matter as HTML: the theme prints it as it stands."""
    match value:
        case str():
            return escape(value, quote=True)
        case list():
            return [_escaped(item) for item in value]
        case _:
            return value
