"""Names of entries as LaTeX and as plain text."""

from __future__ import annotations

from generator.formula import Entry, Index
from generator.plain import plain


def latex(entry: Entry) -> str:
    """The entry as LaTeX."""
    lower = [_index(index) for index in entry.indices]
    upper = f"^{{{entry.name.superscript}}}" if entry.name.superscript else ""
    if entry.name.sample and lower:
        upper, lower = f"^{{({lower[-1]})}}", lower[:-1]
    separator = "," if any(len(part) > 1 for part in lower) and len(lower) > 1 else ""
    subscript = f"_{{{separator.join(lower)}}}" if lower else ""
    base = entry.name.base
    return f"{{{base}}}{upper}{subscript}" if "_" in base and subscript else f"{base}{upper}{subscript}"


def text(entry: Entry) -> str:
    """The entry as plain text: `V_11`."""
    return plain(latex(entry))


def _index(index: Index) -> str:
    if index.letter is None:
        return str(index.offset)
    letter = index.letter.partition("#")[0]
    return letter + (f"{index.offset:+d}" if index.offset else "")
