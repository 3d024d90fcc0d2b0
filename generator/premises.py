"""What a file gives, used in a formula: a sum of targets that is 1, an entry that is a number."""

from __future__ import annotations

from collections.abc import Sequence

from generator.derivation import Premise
from generator.formula import Entry, Formula, Number, Range, Sum, add, canonical, literal, rename, substitute
from generator.model import Assumption


def applied(formula: Formula, assumptions: Sequence[Assumption]) -> tuple[Formula, tuple[Premise, ...]]:
    """The formula with what the assumptions make known put in, and the assumptions that were used."""
    known = [a for a in assumptions if a.relation == "=" and len(a.right) == 1]
    used: list[Assumption] = []

    def change(part: Formula) -> Formula | None:
        for assumption in known:
            if isinstance(part, Entry | Sum) and canonical(part) == canonical(assumption.left):
                used.append(assumption)
                return assumption.right[0]
        if isinstance(part, Sum) and isinstance(part.body, Entry):
            return added_up(part, part.body)
        return None

    def added_up(total: Sum, body: Entry) -> Formula | None:
        """A sum over entries each of which is given as a number."""
        found = []
        for place in _integers(total.range):
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


def _integers(range_: Range) -> list[int]:
    """The integers of a range whose bounds are numbers; none where a bound is a size."""
    if range_.lower.letter is not None or range_.upper.letter is not None:
        return []
    return list(range(range_.lower.offset, range_.upper.offset + 1))
