"""The built site, once for all tests that look at it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ANCHORS = ROOT / "docs" / "anchors.txt"
PERMANENT = re.compile(r'<[a-z][^>]* id="((?:verdict|eq|step|caveat|function|pair|kind)(?:-[A-Za-z0-9_-]+)?)"')


def built(folder: Path) -> Path:
    """The site, built into `folder` by the project's own command."""
    command = [sys.executable, "-c", "from generator.cli import main; main()", "build", "--out", str(folder)]
    ran = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return folder


def permanent_anchors(site: Path) -> set[str]:
    """Every `page#anchor` of the site that others may link to, page by its address below the site."""
    found = set()
    for path in site.rglob("index.html"):
        address = path.parent.relative_to(site).as_posix()
        for anchor in PERMANENT.findall(path.read_text("utf-8")):
            found.add(f"{address}/#{anchor}")
    return found


def published_anchors() -> list[str]:
    """The committed list of anchors that were published."""
    return ANCHORS.read_text("utf-8").split()
