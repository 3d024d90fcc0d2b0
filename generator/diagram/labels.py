r"""Names as matplotlib's typesetter reads them: most of LaTeX's mathematics, with some commands under other names."""

from __future__ import annotations

import re

_RENAMED = (
    (re.compile(r"\\(?:boldsymbol|bm|textbf|mathbfit)(?![A-Za-z])"), r"\\mathbf"),
    (re.compile(r"\\(?:text|textrm|mathit|textit|operatorname\*?)(?![A-Za-z])"), r"\\mathrm"),
    (re.compile(r"\\(?:left|right|displaystyle|limits)(?![A-Za-z])|\\[,;!:]"), ""),
    (re.compile(r"\\[dt]frac(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\[lr]vert(?![A-Za-z])"), "|"),
)


def mathtext(latex: str) -> str:
    """The LaTeX as a formula of matplotlib, which refuses what it cannot draw (`ValueError`)."""
    known = latex
    for pattern, replacement in _RENAMED:
        known = pattern.sub(replacement, known)
    return f"${known}$"
