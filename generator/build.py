"""The site as files, made in a folder beside the last good one and exchanged with it when it is whole."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class BuildFailed(Exception):
    """The site could not be built; the message tells every reason. The site that was there is untouched."""


def build(out: Path, make: Callable[[Path], None]) -> None:
    """Let `make` write the site into a new folder, then put that in the place of `out`.

    Where `make` raises, or the process ends on the way, `out` stays as it was.
    """
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    staging = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        make(staging)
        _exchange(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _exchange(staging: Path, out: Path) -> None:
    """Put `staging` in the place of `out`; the old one, where there is one, is then at `staging`.

    Linux exchanges two folders in one step. Elsewhere there is a moment without a site, and `_sweep` repairs it.
    """
    if not out.exists():
        staging.rename(out)
        return
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        done = library.renameat2(_AT_FDCWD, bytes(staging), _AT_FDCWD, bytes(out), _RENAME_EXCHANGE)
        if done == 0:
            return
    old = out.with_name(f".{out.name}.old")
    out.rename(old)
    staging.rename(out)
    old.rename(staging)


def _sweep(out: Path) -> None:
    """Remove what builds that were killed left beside `out`; put back the old site where only that is left."""
    old = out.with_name(f".{out.name}.old")
    if old.exists() and not out.exists():
        old.rename(out)
    for left in out.parent.glob(f".{out.name}.*"):
        owner = left.name.rpartition(".")[2]
        if owner == "old" or (owner.isdigit() and not _running(int(owner))):
            shutil.rmtree(left, ignore_errors=True)


def _running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
