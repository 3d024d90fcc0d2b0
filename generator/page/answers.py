"""What was derived, as a page shows it: the result, why it has the terms that it has, what may be doubted in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from generator import anchors
from generator.derivation import Cancelled, Collapse, Derivation, Rule, Spread, Step, Term
from generator.facts import Fact, Ref, Value
from generator.formula import Add, Derivative, Entry, Softmax, multiply
from generator.kinds import fact
from generator.model import Model
from generator.page.align import align
from generator.page.forms import forms
from generator.page.meaning import meaning
from generator.page.paths import coupled, paths, settled, shown_terms
from generator.page.record import Answer, DoubtView
from generator.page.shown import Writer, chain, equal, spell
from generator.page.steps import case, numbered


def answers(
    model: Model, derivations: Sequence[Derivation], told: Collection[Derivative], write: Writer
) -> tuple[Answer, ...]:
    """One answer for each thing asked. The values of those in `told` stand in the verdict on a claim."""
    places = {step.key: n for n, (step, _) in enumerate(numbered(derivations), start=1)}
    return tuple(_answer(model, one, places, number, told, write) for number, one in enumerate(derivations, start=1))


def _answer(
    model: Model,
    derivation: Derivation,
    places: dict[str, int],
    number: int,
    told: Collection[Derivative],
    write: Writer,
) -> Answer:
    asked = write.math(derivation.asked)
    terms = shown_terms(derivation)
    shown = derivation.written if terms == derivation.written_terms else derivation.formula
    is_case = derivation.asked != derivation.general
    general = equal(write.math(derivation.general), write.math(derivation.formula)) if is_case else None
    return Answer(
        "answer" if number == 1 else f"answer-{number}",
        asked,
        None if derivation.asked in told else equal(asked, write.math(shown, align(shown, terms).marks())),
        paths(terms, derivation.asked, write) if len(terms) > 1 else (),
        general,
        fact("instance-of", case=case(derivation)) if is_case else None,
        why(model, derivation, write),
        _doubts(derivation, places, write),
        forms(model, derivation, write),
        meaning(model, derivation, write),
    )


def why(model: Model, derivation: Derivation, write: Writer) -> tuple[Fact, ...]:
    """How the variable reaches what is differentiated: one way, several ways that add, or none."""
    asked = derivation.asked
    terms = shown_terms(derivation)
    of, wrt = write.math(asked.of), write.math(asked.wrt[0])
    if not terms:
        return (fact("why-none", of=of, wrt=wrt),)
    if len(terms) > 1:
        return (_several(derivation, terms, write),)
    term = settled(terms[0], asked, write)
    inner = term.path[1:-1][::-1]
    letters = {letter for letter, _ in term.sums}
    fans = {entry for entry in inner if any(index.letter in letters for index in entry.indices)}
    fans |= {entry for entry in coupled(term, asked) if entry in inner}
    if not fans:
        return (fact("why-one", of=of, wrt=wrt, through=write.maths(inner)),) if inner else ()
    before = write.maths(takewhile(lambda entry: entry not in fans, inner))
    fan = next(entry for entry in inner if entry in fans)
    kind = "why-coupled" if _is_softmax(model, fan) else "why-sum"
    values: dict[str, Value] = {"of": of, "wrt": wrt, "carrier": write.math(fan)}
    return (fact(kind, shared=before, **values) if before else fact(f"{kind}-direct", **values),)


def _is_softmax(model: Model, entry: Entry) -> bool:
    return entry.name in model.definition and isinstance(model.definition[entry.name].formula, Softmax)


def _several(derivation: Derivation, terms: Sequence[Term], write: Writer) -> Fact:
    """Several paths: at which unit they part, and what they go through then."""
    asked = derivation.asked
    terms = [settled(term, asked, write) for term in terms]
    common = _common([term.path for term in terms])
    of, wrt = write.math(asked.of), write.math(asked.wrt[0])
    parts = [[entry for entry in term.path[1:-1] if entry not in common] for term in terms]
    carriers = tuple(dict.fromkeys(part[-1] for part in parts if part))
    if len(carriers) < len(terms) or any(coupled(term, asked) or term.sums for term in terms):
        return fact("why-paths", of=of, wrt=wrt, ways=tuple(chain(term.path, write) for term in terms))
    before = [entry for entry in common if entry in terms[0].path[1:-1]]
    shared = write.maths(entry for entry in before if _comes_first(entry, parts[0][-1], terms[0].path))
    count = spell(len(terms)) if len(terms) == _printed(derivation) else ""
    values: dict[str, Value] = {"of": of, "wrt": wrt, "carriers": write.maths(carriers), "count": count}
    return fact("why-several", shared=shared, **values) if shared else fact("why-several-direct", **values)


def _printed(derivation: Derivation) -> int:
    """How many terms the result has as it is printed."""
    return len(derivation.written.terms) if isinstance(derivation.written, Add) else 1


def _comes_first(entry: Entry, other: Entry, path: tuple[Entry, ...]) -> bool:
    """Whether an effect that runs up the path meets `entry` before `other`."""
    return path.index(entry) > path.index(other)


def _common(found: Sequence[tuple[Entry, ...]]) -> list[Entry]:
    """The entries that lie on every path, from the variable up."""
    return [entry for entry in reversed(found[0]) if all(entry in path for path in found)]


def _doubts(derivation: Derivation, places: dict[str, int], write: Writer) -> tuple[DoubtView, ...]:
    """The places at which readers stop: a factor that went, a sum that went, a sum that stayed."""
    found: dict[str, DoubtView] = {}
    for step in derivation.steps:
        ref = Ref(str(places.get(step.key, 0)), anchors.step(step.key))
        for sentence in _sentences(step, write):
            found.setdefault(sentence.kind, DoubtView(sentence, ref))
    return tuple(found.values())


def _sentences(step: Step, write: Writer) -> list[Fact]:
    told: list[Fact] = []
    gone = [event.factor for line in step.lines for event in line.events if isinstance(event, Cancelled)]
    coupled = any(isinstance(e, Spread) and e.coupled for line in step.lines for e in line.events)
    if gone and not coupled:
        told.append(fact("doubt-cancelled", factor=write.math(multiply(*dict.fromkeys(gone)))))
    for place, line in enumerate(step.lines):
        for event in line.events:
            after_chain = place > 0 and step.lines[place - 1].rule is Rule.CHAIN
            if isinstance(event, Collapse) and after_chain and isinstance(event.kept, Entry):
                told.append(fact("doubt-collapse", carrier=write.math(event.kept), variable=write.math(event.variable)))
            if isinstance(event, Spread) and event.coupled:
                told.append(fact("doubt-coupled", carrier=write.math(event.carriers[0])))
    return told
