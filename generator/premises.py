"""What a file gives, used in a formula: a sum of targets that is 1, an entry that is a number."""

from __future__ import annotations

from collections.abc import Sequence

from generator.derivation import Premise
from generator.formula import (
    Entry,
    Formula,
    Index,
    Number,
    Sum,
    add,
    canonical,
    entries,
    free_letters,
    integers,
    literal,
    rename,
    substitute,
)
from generator.model import Assumption


def applied(formula: Formula, assumptions: Sequence[Assumption]) -> tuple[Formula, tuple[Premise, ...]]:
    """The formula with what the assumptions make known put in, and the assumptions that were used."""
    known = [a for a in assumptions if a.relation == "=" and len(a.right) == 1]
    used: list[Assumption] = []

    def change(part: Formula) -> Formula | None:
        for assumption in known:
            letters = matched(assumption.left, part) if isinstance(part, Entry | Sum) else None
            if letters is not None:
                used.append(assumption)
                return rename(assumption.right[0], letters)
        if isinstance(part, Sum) and isinstance(part.body, Entry):
            return added_up(part, part.body)
        return None

    def added_up(total: Sum, body: Entry) -> Formula | None:
        """A sum over entries each of which is given as a number."""
        found = []
        for place in integers(total.range):
            entry = rename(body, {total.letter: literal(place)})
            given = next((a for a in known if a.left == entry and isinstance(a.right[0], Number)), None)
            if given is None:
                return None
            found.append(given)
        if not found or total.where:
            return None
        used.extend(found)
        return add(*(a.right[0] for a in found))

    changed = substitute(formula, change)
    return changed, tuple(Premise(a.left, a.right[0]) for a in dict.fromkeys(used))


def matched(pattern: Formula, part: Formula) -> dict[str, Index] | None:
    """The indices for the free letters of `pattern` that make it `part`; None if there are none."""
    free = free_letters(pattern)
    letters: dict[str, Index] = {}
    for wanted, found in zip(entries(pattern), entries(part), strict=False):
        for index, value in zip(wanted.indices, found.indices, strict=False):
            if index.letter in free and index.offset == 0 and index.letter is not None:
                letters.setdefault(index.letter, value)
    try:
        same = canonical(rename(pattern, letters)) == canonical(part)
    except ValueError:
        return None
    return letters if same else None
