"""The derivation as a page shows it: steps with what is sought, lines with their rule and their reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from generator import anchors
from generator.derivation import Derivation, Line, Rule, Spread, Step
from generator.facts import Fact, Math, Ref
from generator.formula import Delta, Entry, Formula, Index, Name, Sum, plain_letter, rename, walk
from generator.kinds import FACTS, fact
from generator.model import Model
from generator.page.equations import numbers
from generator.page.events import Told, events
from generator.page.record import LineView, LinkLine, StepView
from generator.page.shown import Writer, equal, index, joined

GIST = (
    "event-every",
    "event-every-again",
    "event-coupled",
    "event-ways",
    "event-only-carrier",
    "event-only-carriers",
    "event-cancelled",
    "event-cancel-needs",
    "event-premise",
    "event-softmax",
)


def numbered(derivations: Sequence[Derivation]) -> tuple[tuple[Step, Derivation], ...]:
    """The steps of all derivations, each once, the last step of each under a key of its own."""
    found: list[tuple[Step, Derivation]] = []
    for place, derivation in enumerate(derivations):
        for step in derivation.steps:
            own = replace(step, key=f"{step.key}-{anchors.entry(step.left.wrt[0])}") if place and _last(step) else step
            if all((step.left, step.result) != (other.left, other.result) for other, _ in found):
                found.append((own, derivation))
    return tuple(found)


def _last(step: Step) -> bool:
    return step.lines[0].rule in (Rule.INSTANCE, Rule.WRITE_OUT)


def steps(model: Model, derivations: Sequence[Derivation], write: Writer) -> tuple[StepView, ...]:
    """The steps, in the order of the first derivation that needs them."""
    found = numbered(derivations)
    place = {step.key: number for number, (step, _) in enumerate(found, start=1)}
    told = Told(model, Equations(numbers(model)), lambda key: Ref(str(place.get(key, 0)), anchors.step(key)), write)
    views: list[StepView] = []
    deltas = False
    for step, derivation in found:
        views.append(_view(told, step, derivation, place[step.key], deltas=deltas))
        deltas = deltas or any(isinstance(part, Delta) for line in step.lines for part in walk(line.formula))
    return _said_once(views)


def _said_once(views: Sequence[StepView]) -> tuple[StepView, ...]:
    """The steps with a reason that was given before told in fewer words."""
    said: set[str] = set()
    found = []
    for view in views:
        lines = []
        for line in view.lines:
            lines.append(replace(line, events=tuple(_shorter(event, said) for event in line.events)))
            said.update(event.kind for event in line.events)
        found.append(replace(view, lines=tuple(lines)))
    return tuple(found)


def _shorter(event: Fact, said: Collection[str]) -> Fact:
    again = FACTS.get(f"{event.kind}-again")
    if event.kind not in said or again is None:
        return event
    return fact(f"{event.kind}-again", **{name: value for name, value in event.values if name in again.names})


class Equations(dict[Name, str]):
    """References to the numbered definitions."""

    def __call__(self, name: Name) -> Ref:
        """The reference to the definition of `name`."""
        return Ref(f"({self[name]})", anchors.equation(name))


def _view(told: Told, step: Step, derivation: Derivation, number: int, *, deltas: bool) -> StepView:
    of, wrt = step.left.of, step.left.wrt[0]
    write = told.write
    lines = tuple(
        LineView(
            equal(write.math(step.left) if place == 0 else Math(""), write.math(line.formula)),
            _reason(told, step, line, derivation),
            events(told, step, place, deltas=deltas),
        )
        for place, line in enumerate(step.lines)
    )
    title = "step-title-asked" if _last(step) else "step-title"
    return StepView(
        number,
        anchors.step(step.key),
        fact(title, of=write.math(of), wrt=write.math(wrt)),
        _sought(told, step),
        lines,
    )


def outline(model: Model, derivations: Sequence[Derivation], write: Writer) -> tuple[LinkLine, ...]:
    """The steps of the first derivation but for its last, which only puts in indices."""
    views = steps(model, derivations[:1], write)
    pairs = [(step, view) for (step, _), view in zip(numbered(derivations[:1]), views, strict=True) if not _last(step)]
    return tuple(LinkLine(_brief(step, write), _gist(view)) for step, view in pairs)


def _gist(view: StepView) -> tuple[Fact, ...]:
    events_ = dict.fromkeys(event for line in view.lines for event in line.events)
    explained = "event-delta" if r"\delta" in view.lines[-1].math.latex else ""
    return tuple(event for event in events_ if event.kind in (*GIST, explained))


def _brief(step: Step, write: Writer) -> Math:
    """The derivative, the chain rule where it was used, and the value."""
    parts = [write.math(step.left), *(write.math(line.formula) for line in step.lines if line.rule is Rule.CHAIN)]
    return joined([*parts, write.math(step.result)], "=")


def _sought(told: Told, step: Step) -> Fact:
    of, wrt, write = step.left.of, step.left.wrt[0], told.write
    first = step.lines[0]
    if not isinstance(of, Entry) or _last(step):
        return fact("sought-asked")
    values = {"of": write.math(of), "wrt": write.math(wrt)}
    if first.rule is Rule.CHAIN:
        spreads = [event for event in first.events if isinstance(event, Spread)]
        printed = {old: Index(new) for old, new in write.letters(first.formula, _left_letters(step)).items()}
        carriers = dict.fromkeys(
            rename(carrier, printed) if event.coupled else told.model.whole(carrier.name)
            for event in spreads
            for carrier in event.carriers
        )
        return fact("sought-through", carriers=write.maths(carriers), **values)
    if first.rule is Rule.INDEPENDENT:
        return fact("sought-independent", **values)
    if step.left.held:
        held = tuple(write.math(told.model.whole(name)) for name in step.left.held)
        return fact("sought-held", equation=told.equation(of.name), held=held, **values)
    return fact("sought-local", equation=told.equation(of.name), **values)


def _left_letters(step: Step) -> tuple[str, ...]:
    return tuple(i.letter for entry in step.left.wrt for i in entry.indices if i.letter is not None)


def _reason(told: Told, step: Step, line: Line, derivation: Derivation) -> Fact:
    match line.rule:
        case Rule.DEFINITION | Rule.DIFFERENTIATE if isinstance(step.left.of, Entry):
            return fact(line.rule.value, equation=told.equation(step.left.of.name))
        case Rule.SUBSTITUTE:
            return fact(line.rule.value, steps=tuple(told.step(key) for key in step.uses))
        case Rule.INSTANCE:
            return fact(line.rule.value, case=case(derivation))
        case Rule.WRITE_OUT:
            before = step.lines[step.lines.index(line) - 1].formula if step.lines.index(line) else line.formula
            letters = [part.letter for part in walk(before) if isinstance(part, Sum)]
            return fact(line.rule.value, letters=tuple(Math(plain_letter(x)) for x in dict.fromkeys(letters)))
        case _:
            return fact(line.rule.value)


def case(derivation: Derivation) -> Math:
    """Which indices make the asked derivative of the general one: `i = j = 1`."""
    pairs = [
        (index(general), index(asked))
        for general, asked in zip(
            [*_indices(derivation.general.of), *derivation.general.wrt[0].indices],
            [*_indices(derivation.asked.of), *derivation.asked.wrt[0].indices],
            strict=True,
        )
        if general != asked
    ]
    values: dict[str, list[str]] = {}
    for letter, value in dict.fromkeys(pairs):
        values.setdefault(value, []).append(letter)
    text = r",\ ".join(" = ".join((*letters, value)) for value, letters in values.items())
    return Math(text)


def _indices(of: Formula) -> tuple[Index, ...]:
    return of.indices if isinstance(of, Entry) else ()
