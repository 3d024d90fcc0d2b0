"""The permanent anchors and ids: one name for a link of the network in drawing, formula and table.

All are made of ASCII letters, digits, `-` and `_`, so that they stand in an address without escapes.
"""

from __future__ import annotations

import re

from generator.formula import Entry, Index, Name, plain_letter


def slug(name: Name) -> str:
    r"""The name as a word: `\hat y` is `hat-y`, `W^{(2)}` is `W-2`."""
    words = re.findall(r"[A-Za-z0-9]+", f"{name.base} {name.superscript} {name.layer}")
    kept = [word for word in words if word not in ("mathbf", "mathrm", "mathcal", "text", "operatorname")]
    primes = "-prime" * name.base.count("'")
    return "-".join(kept) + primes


def _index(index: Index) -> str:
    if index.letter is None:
        return str(index.offset).replace("-", "m")
    letter = re.sub(r"[^A-Za-z0-9]", "", plain_letter(index.letter))
    offset = f"p{index.offset}" if index.offset > 0 else f"m{-index.offset}" if index.offset < 0 else ""
    return letter + offset


def entry(part: Entry) -> str:
    """The entry as a word: `V_{11}` is `V_1_1`."""
    return "_".join((slug(part.name), *(_index(index) for index in part.indices)))


def equation(name: Name) -> str:
    """The anchor of the definition of `name`."""
    return f"eq-{slug(name)}"


def step(key: str) -> str:
    """The anchor of a step of the derivation."""
    return f"step-{key}"


def caveat(code: str) -> str:
    """The anchor of a caveat."""
    return f"caveat-{code}"


def link(consumer: Entry, producer: Entry) -> str:
    """The id of the link by which `consumer` uses `producer`; the same in drawing, formula and table."""
    return f"link-{entry(consumer)}-{entry(producer)}"
