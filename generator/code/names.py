r"""Identifiers for names and letters: made character by character, never text as it stands in a file.

Of a name only ASCII letters and digits are kept, and the commands of a closed table: `\hat y` is `y_hat`,
`W^{(2)}` is `W_2`, `\lambda` is `lamda`. What Python or a snippet uses itself gets an underscore.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterable, Mapping

from generator.formula import Entry, Name

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell".split()
)
COMMANDS: Mapping[str, str] = {
    **{word: word for word in GREEK},
    "lambda": "lamda",
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
}
ACCENTS = ("hat", "bar", "tilde", "vec", "dot", "widehat", "widetilde", "overline")
OWN = frozenset(
    "np torch math array forward show check difference up down at terms step_size stacked softmax sigmoid leaky_relu "
    "elu gelu silu erf".split()
)
RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *OWN))
LONGEST = 24
_TOKEN = re.compile(r"\\([A-Za-z]+)|([A-Za-z]+|[0-9]+)|(')")


def word(latex: str) -> str:
    """The letters, digits and known commands of a name, joined; accents last."""
    parts: list[str] = []
    accents: list[str] = []
    for command, plain, prime in _TOKEN.findall(latex):
        if command in ACCENTS:
            accents.append(command.removeprefix("wide"))
        elif command in COMMANDS:
            parts.append(COMMANDS[command])
        elif plain and parts and (plain.isdigit() or len(plain) > 1 or len(parts[-1]) > 1):
            parts.append(f"_{plain}")
        else:
            parts.append(plain or ("_prime" if prime else ""))
    found = "".join((*parts, *(f"_{accent}" for accent in accents))).strip("_")[:LONGEST]
    return found if found[:1].isalpha() else f"x{found}"


def unique(wished: str, taken: Collection[str]) -> str:
    """The word, or the word with underscores until nothing else has it."""
    return unique(f"{wished}_", taken) if wished in taken else wished


def identifiers(names: Iterable[Name], taken: Collection[str] = RESERVED) -> dict[Name, str]:
    """An identifier of its own for each name, in order."""
    found: dict[Name, str] = {}
    for name in names:
        if name not in found:
            wished = word(f"{name.base} {name.superscript} {name.layer}")
            found[name] = unique(wished, {*taken, *found.values()})
    return found


def label(entry: Entry, names: Mapping[Name, str]) -> str:
    """An entry with literal indices as a word for messages: `V_11`, or `V_12_3` where digits would run together."""
    numbers = [str(index.offset) for index in entry.indices]
    between = "" if all(len(number) == 1 for number in numbers) else "_"
    return names[entry.name] + ("_" + between.join(numbers) if numbers else "")
