"""What an unchanged question costs: nothing. Results stored under the hash of all that they were made from."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

Files = Mapping[str, bytes]

_MADE_BY = ("sympy", "mpmath", "math-core", "markdown-it-py", "matplotlib", "numpy", "lark", "jinja2")


def fingerprint(folders: Iterable[Path]) -> str:
    """The hash of all files below the folders, and of the versions of what computes and draws."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            _add(digest, path.relative_to(folder).as_posix().encode())
            _add(digest, path.read_bytes())
    for package in _MADE_BY:
        _add(digest, f"{package} {version(package)}".encode())
    return digest.hexdigest()


def key(*parts: str) -> str:
    """The hash under which what is made from the parts is stored; no two lists of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        _add(digest, part.encode())
    return digest.hexdigest()


def load(folder: Path, name: str) -> Files | None:
    """What is stored under the name; None where nothing is, or what is there was cut off."""
    path = folder / name[:2] / name
    if not path.is_file():
        return None
    checksum, _, text = path.read_text("utf-8").partition("\n")
    if checksum != hashlib.sha256(text.encode()).hexdigest():
        return None
    return {file: b64decode(content) for file, content in json.loads(text).items()}


def save(folder: Path, name: str, files: Files) -> None:
    """Store the files under the name, whole or not at all."""
    path = folder / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({file: b64encode(content).decode() for file, content in files.items()})
    draft = path.with_name(f"{name}.{os.getpid()}")
    draft.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}", "utf-8")
    draft.replace(path)


def _add(digest: hashlib._Hash, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
