"""The site's Markdown and figures as plain files, for any other site generator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def export(docs: Path, pages: Mapping[str, bytes], folder: Path) -> None:
    """Write into `folder` what the site is made from: the files of `docs`, and the generated `pages` over them."""
    written = {path.relative_to(docs).as_posix(): path for path in sorted(docs.rglob("*")) if path.is_file()}
    for name in sorted(written.keys() | pages.keys()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_safe(pages[name]) if name in pages else written[name].read_bytes())


def _safe(page: bytes) -> bytes:
    """The page with no markup in its front matter: themes print titles and tags as they stand."""
    if not page.startswith(b"---\n"):
        return page
    front, mark, body = page.removeprefix(b"---\n").partition(b"\n---\n")
    return b"---\n" + front.replace(b"<", b"&lt;").replace(b">", b"&gt;") + mark + body
