"""The page record of a question file: read, derived, checked, judged, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator import anchors
from generator.caveats import Caveat, caveats
from generator.checking import check
from generator.derivation import Derivation
from generator.derive import derive
from generator.diagram.draw import draw
from generator.diagram.plots import caveat_plot
from generator.diagram.scene import scene
from generator.errors import Refusal
from generator.example import Example, example
from generator.formula import Derivative, Formula, walk
from generator.judge import judge
from generator.latex.reader import read_problem
from generator.model import Model
from generator.page.build import page
from generator.page.record import Page
from generator.problem import Problem
from generator.question import Question
from generator.source import read_question

SEED = 0


def record(file: str, text: str, address: str, *, figures: bool = True) -> Page:
    """The page record. Raises `Refusal` or `Refusals`, and `StepFailed` where a step of a derivation is not right."""
    question = read_question(text, file)
    return made(question, read_problem(question), address, figures=figures)


def made(question: Question, problem: Problem, address: str, *, figures: bool = True) -> Page:
    """The page record of a question that was read."""
    derivations = tuple(derive(problem.model, asked) for asked in _asked(problem))
    for derivation in derivations:
        check(problem.model, derivation)
    first = derivations[0] if derivations else None
    worked = _worked(problem, first)
    told = caveats(problem.model, first, worked) if first is not None and worked is not None else ()
    drawn = _figures(problem.model, first, told) if figures else {}
    judgements = tuple(judge(claim, problem.values) for claim in problem.claims)
    return page(question, problem, derivations, judgements, told, worked, drawn, address)


def _asked(problem: Problem) -> tuple[Derivative, ...]:
    """The derivatives asked for; where nothing is asked, those that are claimed."""
    asks = [ask.formula for ask in problem.asks] or [claim.members[0] for claim in problem.claims if claim.members]
    return tuple(dict.fromkeys(part for formula in asks for part in _first(formula)))


def _first(formula: Formula) -> tuple[Derivative, ...]:
    return next(((part,) for part in walk(formula) if isinstance(part, Derivative)), ())


def _worked(problem: Problem, derivation: Derivation | None) -> Example | None:
    """The worked example; none where no numbers are found or the instance is too large for one."""
    if derivation is None:
        return None
    values = {entry: float(value) for entry, value in problem.values}
    try:
        return example(problem.model, derivation, values, SEED)
    except Refusal:
        return None


def _figures(model: Model, derivation: Derivation | None, told: Sequence[Caveat]) -> Mapping[str, str]:
    targets = {definition.name: f"#{anchors.equation(definition.name)}" for definition in model.definitions}
    drawn = {"network": draw(scene(model, derivation), targets=targets)}
    for one in told:
        if one.plot is not None:
            drawn[f"caveat-{one.code}"] = caveat_plot(one.plot, one.plot.alt, f"plot-{one.code}")
    return drawn
