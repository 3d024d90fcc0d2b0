"""Adds the site's new anchors to the committed list of published ones: `python tools/anchors.py`.

An anchor that is listed and gone is named, never removed: someone may have linked to it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.site_files import ANCHORS, built, permanent_anchors, published_anchors


def main() -> int:
    """Write the list; 1 where a published anchor is gone."""
    with tempfile.TemporaryDirectory() as folder:
        there = permanent_anchors(built(Path(folder)))
    published = set(published_anchors()) if ANCHORS.exists() else set()
    ANCHORS.write_text("".join(f"{anchor}\n" for anchor in sorted(published | there)), "utf-8")
    gone = sorted(published - there)
    sys.stdout.write(f"{len(there - published)} added\n" + "".join(f"gone: {anchor}\n" for anchor in gone))
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
