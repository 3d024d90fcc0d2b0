"""Which symbols are functions: by definitions `g(z) = ...` and by how they are used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.errors import Refusal
from generator.latex.calls import BRACKETS, SIGMA, bracketed_label, head_of
from generator.latex.equations import Equation
from generator.latex.lexicon import is_function_word
from generator.latex.scripts import spell, spelled
from generator.latex.spots import Spot, is_one, spots
from generator.latex.syntax import Expression, Group, Item, Symbol, Term, lone

CONVENTIONAL = frozenset((*"fghFGH", r"\phi", r"\varphi", r"\psi", r"\ell", r"\rho"))
"""Letters that stand for functions where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Uses:
    """How the heads of a file are used: before brackets (with their contents), alone, with primes."""

    applied: dict[str, set[str]]
    raised: set[str]
    alone: set[str]
    primed: set[str]


@dataclass(frozen=True, slots=True)
class Head:
    """A left side `g(z)`: the function's head and its argument's symbol."""

    head: str
    symbol: str
    item: Item


def uses_of(model: Sequence[Equation], others: Iterable[Equation]) -> Uses:
    """How the heads of all equations are used; the brackets of a left side `g(z)` of the model count for nothing."""
    uses = Uses({}, set(), set(), set())
    for number, line in enumerate((*model, *others)):
        own = left_head(line) if number < len(model) else None
        for spot in line.spots:
            if not isinstance(spot.item.head, Symbol) or (own is not None and spot.item is own.item):
                continue
            head = head_of(spot.item)
            if spot.item.primes:
                uses.primed.add(head)
            following = spot.following.head if spot.following is not None else None
            if isinstance(following, Group) and following.bracket in BRACKETS:
                if spot.item.above is None or bracketed_label(spot.item.above):
                    uses.applied.setdefault(head, set()).add(spelled(following.content))
                else:
                    uses.raised.add(head)
            elif not spot.item.primes:
                uses.alone.add(head)
    return uses


def left_head(line: Equation) -> Head | None:
    """The head and argument of a left side `g(z)`; None for any other left side."""
    if len(line.left.terms) != 1 or len(line.left.terms[0].items) != 2:
        return None
    item, group = line.left.terms[0].items
    if not isinstance(item.head, Symbol) or not isinstance(group.head, Group) or group.head.bracket != "(":
        return None
    inner = lone(group.head.content)
    if inner is None or not isinstance(inner.head, Symbol) or inner.above is not None or not group.bare or item.primes:
        return None
    return Head(head_of(item), spell(inner), item)


def is_function(head: Head, line: Equation, uses: Uses) -> bool:
    """Whether the left side `g(z)` defines a function, not a quantity that is written with what it depends on.

    Raises `Refusal` where the file uses it both ways.
    """
    others = {content for content in uses.applied.get(head.head, set()) if content != head.symbol}
    as_function = bool(others) or head.head in uses.primed or is_function_word(head.item) or head.head == r"\sigma"
    if as_function and head.head in uses.alone:
        message = f"{head.head} is a function in one place and a quantity in another"
        raise Refusal(message, line.text.place(line.left.start), "Give one of them another name.")
    if as_function:
        return True
    return head.head not in uses.alone and head.head in uses.applied and head.head in CONVENTIONAL


def as_quantity(line: Equation, head: Head) -> Equation:
    """The line without the brackets on its left."""
    left = Expression(line.left.signs, (Term((head.item,)),))
    parts = (left, *line.parts[1:])
    return replace(line, parts=parts, spots=spots(line.text, parts))


def _no_doubtful_power(spot: Spot, uses: Uses, defined: frozenset[str]) -> None:
    """Refuses `f^2 (x)` where `f` is applied nowhere else: a power of the function, or a number's times a bracket."""
    item = spot.item
    if not isinstance(item.head, Symbol) or item.head.name not in CONVENTIONAL | {SIGMA} or item.below is not None:
        return
    head = head_of(item)
    if head not in uses.raised or head in uses.applied or head in defined or spot.following is None:
        return
    if item.above is not None and isinstance(spot.following.head, Group) and spot.following.head.bracket in BRACKETS:
        message = f"{spell(item)} before a bracket may be a power of a function or a factor"
        hint = rf"Write {head}(x)^2 for the power of a function, {spell(item)} \cdot (x) for a factor."
        raise Refusal(message, spot.text.place(item.start), hint)


def generic(uses: Uses, defined: frozenset[str], equations: Iterable[Equation]) -> frozenset[str]:
    """Heads that nobody defines and that are always applied.

    Raises `Refusal` for a letter before brackets that may as well be a factor: both readings exist.
    """
    found: set[str] = set()
    for line in equations:
        for spot in line.spots:
            _no_doubtful_power(spot, uses, defined)
            head = _open_head(spot.item, uses, defined)
            if head is None or not isinstance(spot.item.head, Symbol):
                continue
            if spot.item.head.name in CONVENTIONAL | {SIGMA} or head in uses.primed:
                found.add(head)
            elif head not in found and not spot.item.head.name.startswith(r"\mathrm"):
                content = min(uses.applied[head])
                message = f"{head} before a bracket may be a factor or a function that the file does not define"
                hint = rf"Write {head} \cdot ({content}) for the product, or define {head}(x) = ... in `model`."
                raise Refusal(message, line.text.place(spot.item.start), hint)
    return frozenset(found)


def _open_head(item: Item, uses: Uses, defined: frozenset[str]) -> str | None:
    """The head of a symbol that always stands before brackets and that nobody defines; None for another."""
    if not isinstance(item.head, Symbol) or is_function_word(item) or is_one(item) or item.head.name in ("e", "d"):
        return None
    if item.head == Symbol(SIGMA) and item.below is None:
        return None
    head = head_of(item)
    known = {item.head.name, item.head.name + "'" * item.primes, head} & defined
    return None if known or head not in uses.applied or head in uses.alone else head
