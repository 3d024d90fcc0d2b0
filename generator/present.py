"""Steps made ready to be read: free letters that a person would write, and names for their anchors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from generator.anchors import slug
from generator.derivation import Cancelled, Collapse, Event, Line, Local, Premise, Spread, Step
from generator.formula import Derivative, Entry, Formula, Index, Name, plain_letter, rename, shift_entry

SPARE = "ijklmnpqrstuvw"


def shown(wished: str, taken: Collection[str], meant: Collection[str] = ()) -> str:
    """The letter `wished`, or another usual one if it is taken; never a primed one.

    Another one is none of those `meant` for something else in the file, as long as there are others.
    """
    plain = plain_letter(wished)
    spare = (*(letter for letter in SPARE if letter not in meant), *SPARE)
    return next((letter for letter in (plain, *spare) if letter not in taken), plain + "'")


def key(left: Derivative) -> str:
    """A derivative's name for an anchor: `dE-dV`, from the names of the quantities alone."""
    of = left.of.name if isinstance(left.of, Entry) else Name("f")
    return "-".join(f"d{slug(name)}" for name in (of, *(entry.name for entry in left.wrt)))


def present(step: Step, sizes: Collection[str], meant: Collection[str] = ()) -> Step:
    """The step with printable letters for its free ones; `meant` are letters that have a meaning in the file."""
    to: dict[str, Index] = {}
    free = [letter for entry in _entries(step.left) for letter in (i.letter for i in entry.indices) if letter]
    taken = {letter for letter in free if "#" not in letter} | set(sizes)
    for letter in dict.fromkeys(letter for letter in free if "#" in letter):
        to[letter] = Index(shown(letter, taken, meant))
        taken.add(to[letter].letter or "")
    left = replace(step.left, of=rename(step.left.of, to), wrt=tuple(shift_entry(e, to) for e in step.left.wrt))
    lines = tuple(Line(rename(x.formula, to), x.rule, tuple(_event(e, to) for e in x.events)) for x in step.lines)
    return replace(step, left=left, lines=lines)


def _entries(left: Derivative) -> tuple[Entry, ...]:
    return (*((left.of,) if isinstance(left.of, Entry) else ()), *left.wrt)


def _event(event: Event, to: Mapping[str, Index]) -> Event:
    def renamed(formula: Formula) -> Formula:
        return rename(formula, to)

    def entry(old: Entry) -> Entry:
        return shift_entry(old, to)

    match event:
        case Collapse():
            summand = entry(event.summand) if event.summand else None
            return replace(event, summand=summand, kept=renamed(event.kept), variable=entry(event.variable))
        case Spread():
            return replace(event, variable=entry(event.variable), carriers=tuple(map(entry, event.carriers)))
        case Local():
            return replace(event, argument=renamed(event.argument), derivative=renamed(event.derivative))
        case Cancelled():
            return replace(event, factor=renamed(event.factor))
        case Premise():
            return Premise(renamed(event.left), renamed(event.right))
