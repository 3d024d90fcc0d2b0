"""Points at which formulas are compared: generic, inside the domain of the model, on both sides of every kink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from generator.formula import Formula, entries
from generator.judging.between import between
from generator.judging.draws import Drawer, Values, drawn, keys
from generator.judging.givens import Draft, Given, Ground, Impossible, Unmet, placed, satisfied
from generator.judging.kinks import Kink, kinks
from generator.judging.sizes import assignments
from generator.model import Assumption, Model
from generator.oracle import Forward, Outside, Point, Program, Real, Switch

Side = tuple[object, object]

CANDIDATES = 32
"""Points drawn at most for one assignment of the sizes, to see all kinks from both sides."""

KEPT = 10
"""Points kept for one assignment of the sizes where there are kinks or listed values."""

FAR = 4
"""How much larger the numbers are where the usual ones do not reach the other side of a kink."""

BENT = 4
"""Points kept at least where the formulas have kinks."""

PLAIN = 2
"""Points kept in all where there are none: generic numbers make one for each assignment of the sizes enough."""

ATTEMPTS = 60
DECIMALS = 6


class NoPoint(Exception):
    """No point of the domain was found at which all that is given holds."""


def one_sided(passes: Iterable[Forward]) -> Iterator[Switch]:
    """The kinks (those that must be seen from both sides) that these passes saw from one side only, for some sizes."""
    seen: dict[tuple[tuple[tuple[str, int], ...], Switch], set[bool]] = {}
    for forward in passes:
        sizes = tuple(forward.point.sizes.items())
        for switch, distance in forward.switches.items():
            if switch.both:
                seen.setdefault((sizes, switch), set()).add(bool(distance > 0))
    return (switch for (_, switch), sides in seen.items() if len(sides) == 1)


def passes(
    model: Model,
    formulas: Iterable[Formula],
    context: Real,
    given: tuple[Assumption, ...] = (),
    fixed: Mapping[str, int] | None = None,
    decimals: int = DECIMALS,
) -> Iterator[Forward]:
    """Forward passes for comparing `formulas`, for at least two assignments of every open size.

    `given` is imposed beside the model's assumptions; `fixed` are sizes that are not drawn; the numbers drawn have
    `decimals` digits. The same arguments give the same points. Raises `NoPoint`.
    """
    assumed = (*model.assumptions, *given)
    program = Program(model.definitions)
    formulas = tuple(formulas)
    bends = kinks(model, formulas)
    chosen = assignments(model, formulas, fixed or {})
    least = -(-PLAIN // len(chosen))
    for number, sizes in enumerate(chosen, 1):
        yield from _covering(Ground(model, program, sizes, context), assumed, bends, Drawer(number, decimals), least)


def _covering(
    ground: Ground, assumed: tuple[Assumption, ...], bends: tuple[Kink, ...], drawer: Drawer, least: int
) -> Iterator[Forward]:
    """Passes (`least` or more) that together show what draws can show: each side of each kink, each listed value.

    Pairs of sides count as well, up to `KEPT` passes. Where the formulas bend and the model does not, two passes are
    added on both sides of the bend.
    """
    given = placed(ground.model, assumed, ground.sizes)
    listed = {e.name for a in assumed if a.relation == "in" for e in entries(a.left)}
    seen: set[tuple[Side, ...]] = set()
    made: list[Forward] = []
    for number in range(CANDIDATES):
        far = number >= CANDIDATES // 2 and any(True for _ in one_sided(made))
        forward = _inside(ground, given, drawer, FAR if far else 1)
        if forward is None:
            break
        shown: list[Side] = [(switch, distance > 0) for switch, distance in forward.switches.items()]
        shown.extend(item for item in forward.point.values.items() if item[0][0] in listed)
        single = {(side,) for side in shown} - seen
        pairs = set(combinations(shown, 2)) - seen if len(made) < KEPT else set()
        if single or pairs or len(made) < max(least, BENT if bends else 0):
            seen |= single | pairs
            made.append(forward)
            yield forward
        if not shown and len(made) >= max(least, BENT if bends else 0):
            break
    if not made:
        raise NoPoint
    yield from between(tuple(made), bends, listed, lambda values: _at(ground, given, values))


def _at(ground: Ground, given: tuple[Given, ...], values: Values) -> Forward | None:
    """A pass at these numbers, if all that is given holds and every quantity of the model has a value."""
    forward = Forward(ground.program, Point(ground.sizes, values), ground.context)
    try:
        for definition in ground.model.definitions:
            for name, at in keys(ground.model.quantity[definition.name], ground.sizes):
                forward.entry(name, at)
        return forward if satisfied(forward, given) else None
    except Outside:
        return None


def _inside(ground: Ground, given: tuple[Given, ...], drawer: Drawer, reach: int) -> Forward | None:
    """A pass at a drawn point of the domain, every quantity of the model computed; None if none is found."""
    model = ground.model
    for attempt in range(ATTEMPTS):
        positive = attempt >= ATTEMPTS // 2 and attempt % 2 == 0
        draft = Draft(ground, drawn(model, ground.sizes, drawer, reach, positive=positive), drawer)
        try:
            for one in given:
                draft.impose(one)
        except Unmet:
            continue
        except Impossible:
            return None
        forward = _at(ground, given, draft.values)
        if forward is not None:
            return forward
    return None
