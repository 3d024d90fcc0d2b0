"""The commands of LaTeX that formulas may use, by what they do. Nothing else is read."""

from __future__ import annotations

from collections.abc import Mapping

GREEK = frozenset(
    rf"\{name}"
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho "
        "varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi "
        "Psi Omega ell hbar"
    ).split()
)

NAMED_FUNCTIONS = frozenset((r"\tanh", r"\exp", r"\log", r"\ln", r"\sin", r"\cos"))

ACCENTS: Mapping[str, str] = {
    r"\hat": r"\hat",
    r"\widehat": r"\hat",
    r"\bar": r"\bar",
    r"\overline": r"\bar",
    r"\tilde": r"\tilde",
    r"\widetilde": r"\tilde",
    r"\vec": r"\vec",
    r"\mathbf": r"\mathbf",
    r"\boldsymbol": r"\boldsymbol",
    r"\bm": r"\boldsymbol",
    r"\mathcal": r"\mathcal",
    r"\mathscr": r"\mathcal",
    r"\mathbb": r"\mathbb",
}
"""Accents and fonts that make a name of its own, and how each is spelled from then on."""

WORDS = frozenset((r"\text", r"\textrm", r"\textit", r"\mathrm", r"\mathit", r"\mathsf", r"\operatorname", r"\mbox"))

SPACES = frozenset(
    (r"\,", r"\;", r"\:", r"\!", r"\ ", r"\>", "~", r"\displaystyle", r"\textstyle", r"\nolimits", r"\limits")
)

SIZING = frozenset(
    (
        r"\left",
        r"\right",
        r"\middle",
        r"\big",
        r"\Big",
        r"\bigg",
        r"\Bigg",
        r"\bigl",
        r"\bigr",
        r"\Bigl",
        r"\Bigr",
        r"\biggl",
        r"\biggr",
        r"\Biggl",
        r"\Biggr",
        r"\bigm",
        r"\Bigm",
    )
)

RELATIONS: Mapping[str, str] = {
    "=": "=",
    "<": "<",
    ">": ">",
    r"\lt": "<",
    r"\gt": ">",
    r"\le": "<=",
    r"\leq": "<=",
    r"\leqslant": "<=",
    r"\ge": ">=",
    r"\geq": ">=",
    r"\geqslant": ">=",
    r"\ne": "!=",
    r"\neq": "!=",
    r"\in": "in",
    r"\leftarrow": "<-",
    r"\gets": "<-",
    r"\coloneqq": "<-",
    ":=": "<-",
}

MARKS: Mapping[str, str] = {
    r"\cdot": "*",
    r"\times": "*",
    r"\ast": "*",
    "*": "*",
    "/": "/",
    r"\sum": r"\sum",
    r"\prod": r"\prod",
    r"\max": r"\max",
    r"\min": r"\min",
    r"\partial": r"\partial",
    r"\nabla": r"\nabla",
    r"\dots": r"\dots",
    r"\ldots": r"\dots",
    r"\cdots": r"\dots",
    r"\top": r"\top",
    r"\forall": r"\forall",
}

ONES = frozenset((r"\mathbf{1}", r"\mathbb{1}", r"\mathbb{I}"))
"""Symbols that with a condition for subscript are indicators."""

FRACTIONS = frozenset((r"\frac", r"\tfrac", r"\dfrac"))

UNSUPPORTED: Mapping[str, str] = {
    r"\begin": "cases and matrices written out (`\\begin{...}`)",
    r"\end": "cases and matrices written out (`\\begin{...}`)",
    r"\odot": "matrix notation (`\\odot`)",
    r"\circ": "matrix notation (`\\circ`)",
    r"\otimes": "matrix notation (`\\otimes`)",
    r"\|": "matrix notation (norms)",
    r"\Vert": "matrix notation (norms)",
    r"\lVert": "matrix notation (norms)",
    r"\rVert": "matrix notation (norms)",
    r"\approx": "approximations",
    r"\propto": "relations other than equations",
    r"\equiv": "relations other than equations",
    r"\pm": "two signs in one",
    r"\int": "integrals",
    r"\lim": "limits",
    r"\binom": "binomial coefficients",
    r"\intercal": "matrix notation (transposition)",
}
"""Commands whose rule of the format is not read yet, and the rule's name."""

SPELLED: Mapping[str, str] = {
    "−": "-",
    "–": "-",
    "—": "-",
    "×": r"\times",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "∙": r"\cdot",
    "∑": r"\sum",
    "∏": r"\prod",
    "∂": r"\partial",
    "∇": r"\nabla",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "∈": r"\in",
    "…": r"\dots",
    "′": "'",
    "’": "'",
    "‘": "'",
    "←": r"\leftarrow",
    "√": r"\sqrt",
    "²": "^2",
    "³": "^3",
    "½": r"\frac12",
    "＝": "=",
}
"""Characters that look like LaTeX and are none, and what to write instead."""

KNOWN_COMMANDS = (
    GREEK
    | NAMED_FUNCTIONS
    | frozenset(ACCENTS)
    | WORDS
    | SPACES
    | SIZING
    | frozenset(RELATIONS)
    | frozenset(MARKS)
    | FRACTIONS
    | frozenset((r"\sqrt", r"\prime", r"\quad", r"\qquad", r"\{", r"\}", r"\lbrace", r"\rbrace", r"\lvert", r"\rvert"))
    | frozenset((r"\vert", r"\mid"))
)
