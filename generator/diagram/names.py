"""Names of entries as plain text; as LaTeX the printer writes them."""

from __future__ import annotations

from generator.formula import Entry
from generator.latex.printer import latex
from generator.plain import plain


def text(entry: Entry) -> str:
    """The entry as plain text: `V_11`."""
    return plain(latex(entry))
