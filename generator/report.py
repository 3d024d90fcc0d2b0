"""What the commands `check` and `derive` found out about a question file, as JSON and as lines of text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from generator.caveats import caveats
from generator.checking import StepFailed, check
from generator.derivation import Derivation
from generator.derive import derive
from generator.errors import Refusal, Refusals, Unsupported
from generator.formula import Derivative, Entry, Formula, substitute
from generator.judge import judge
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.model import Model
from generator.plain import plain
from generator.problem import Ask, Claim, Problem
from generator.question import plain_text
from generator.source import read_question
from generator.verdict import Diagnosis, Judgement

_SENTENCES = {
    "sign": "the sign is wrong",
    "constant-factor": "a constant factor is wrong: {belongs}",
    "missing-factor": "missing as a factor: {belongs}",
    "extra-factor": "a factor does not belong there",
    "missing-term": "missing as a term: {belongs}",
    "extra-term": "a term does not belong there",
    "missing-sum": "a sum is missing",
    "extra-sum": "a sum does not belong there",
    "wrong-index": "an index is wrong: {belongs}",
    "missing-delta": "the case of equal indices is missing",
    "wrong-symbol": "a symbol is wrong: {belongs} belongs there",
    "wrong-local-derivative": "a local derivative is wrong: {belongs} belongs there",
    "wrong-exponent": "an exponent is wrong: {belongs} belongs there",
    "transposed": "a factor is transposed",
    "wrong-product": "a product is of the wrong kind",
    "wrong-order": "factors are in the wrong order",
    "missing-bracket": "a bracket is missing",
    "other-model": "this is right for another model: {belongs}",
    "other-quantity": "this is another derivative: {belongs}",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine derived for one thing asked; no derivation where an expression of derivatives is asked."""

    ask: str
    formula: Formula
    general: Formula
    derivation: Derivation | None
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what was found about it."""

    claim: Claim
    judgement: Judgement

    @property
    def broken(self) -> bool:
        """Whether the file expects another verdict."""
        return self.claim.expect is not None and self.claim.expect != self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Report:
    """One file: its answers and its claims, or why it could not be read. `claims` is None where none were judged."""

    file: str
    error: tuple[Refusal, ...] = ()
    answers: tuple[Answer, ...] = ()
    claims: tuple[Judged, ...] | None = None

    @property
    def status(self) -> int:
        """0 all was read and no `expect` is broken, 1 one is broken, 2 something could not be read."""
        judged = self.claims or ()
        if self.error or any(one.claim.refusal is not None for one in judged):
            return 2
        return int(any(one.broken for one in judged))

    def json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        found: dict[str, Any] = {
            "file": self.file,
            "ok": self.status == 0,
            "error": _error(self.error[0]) if self.error else None,
            "answers": [_answer(answer) for answer in self.answers],
        }
        if self.claims is not None:
            found["claims"] = [_judged(one) for one in self.claims]
        return found


def unreadable(file: str, reason: str) -> Report:
    """The report of a file that is not there, or no text."""
    return Report(file, (Refusal(reason),), claims=())


def checked(file: str, text: str) -> Report:
    """The question's answers, and its claims judged."""
    try:
        problem = read_problem(read_question(text, file))
    except Refusals as error:
        return Report(file, error.refusals, claims=())
    except Refusal as error:
        return Report(file, (error,), claims=())
    further = tuple(replace(claim, by="model", expect="right") for claim in problem.checks)
    judged = tuple(Judged(claim, judge(claim, problem.values)) for claim in (*problem.claims, *further))
    try:
        answers = tuple(_answered(problem.model, ask) for ask in problem.asks)
    except (Refusal, StepFailed) as error:
        return Report(file, (error if isinstance(error, Refusal) else Refusal(str(error)),), (), judged)
    return Report(file, (), answers, judged)


def derived(file: str, text: str, of: str | None, wrt: str | None) -> Report:
    """The question's answers, or that to another derivative; raises what the reader raises, and `StepFailed`."""
    question = read_question(text, file)
    if of is not None or wrt is not None:
        problem = read_problem(question)
        asked = _asked(problem, of, wrt)
        question = replace(question, asks=(plain_text(asked, "--of, --wrt"),), claims=())
    problem = read_problem(question)
    return Report(file, (), tuple(_answered(problem.model, ask) for ask in problem.asks))


def told(report: Report) -> str:
    """The report of `check` as lines of text."""
    if report.error:
        return "\n".join(str(refusal) for refusal in report.error)
    lines = [f"{report.file}: {('ok', 'an expectation is broken', 'a claim could not be read')[report.status]}"]
    lines += [f"  asked: {plain(answer.ask)} = {plain(latex(answer.formula))}" for answer in report.answers]
    for number, one in enumerate(report.claims or (), start=1):
        expected = f", expected {one.claim.expect}" if one.broken else ""
        lines.append(f"  claim {number} ({one.claim.by}): {one.judgement.verdict}{expected}")
        lines += [f"    {line}" for line in (plain(one.claim.latex), *_found(one.judgement))]
    return "\n".join(lines)


def written(report: Report, form: str) -> str:
    """The derivations as text or LaTeX; raises `Unsupported` for forms that cannot be written yet."""
    if form not in ("text", "latex"):
        message = f"--as {form} is not yet supported"
        raise Unsupported(message, hint="--as text, --as latex")
    return "\n\n".join(_derivation(answer, form) for answer in report.answers)


def _asked(problem: Problem, of: str | None, wrt: str | None) -> str:
    """The LaTeX of the derivative that the options name; the loss and what the file asks stand in for the rest."""
    if of is None:
        if len(problem.model.losses) != 1:
            message = "the model has no single loss: name with --of what to differentiate"
            raise Refusal(message)
        of = latex(Entry(problem.model.losses[0]))
    if wrt is None:
        asked = problem.asks[0].formula if problem.asks else None
        if not isinstance(asked, Derivative):
            message = "the file asks for no single derivative: name with --wrt in what to differentiate"
            raise Refusal(message)
        wrt = latex(asked.wrt[0])
    return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"


def _answered(model: Model, ask: Ask) -> Answer:
    """The answer; an expression of derivatives is answered with each of them replaced by its value."""
    if isinstance(ask.formula, Derivative):
        found = derive(model, ask.formula)
        check(model, found)
        codes = tuple(caveat.code for caveat in caveats(model, found))
        return Answer(ask.latex, found.entry, found.formula, found, codes)

    def value(part: Formula) -> Formula | None:
        if not isinstance(part, Derivative):
            return None
        found = derive(model, part)
        check(model, found)
        return found.entry

    formula = substitute(ask.formula, value)
    return Answer(ask.latex, formula, formula, None, ())


def _derivation(answer: Answer, form: str) -> str:
    """The steps, one line a line, then the result."""

    def shown(text: str) -> str:
        return text if form == "latex" else plain(text)

    lines: list[str] = []
    for step in answer.derivation.steps if answer.derivation else ():
        left = shown(latex(step.left))
        for position, line in enumerate(step.lines):
            lines.append(f"{' ' * len(left) if position else left} = {shown(latex(line.formula))}")
        lines.append("")
    return "\n".join((*lines, f"{shown(answer.ask)} = {shown(latex(answer.formula))}"))


def _found(judgement: Judgement) -> list[str]:
    """What a judgement says beyond its verdict, one line a finding."""
    lines = [f"if {condition.replace('-', ' ')}" for condition in judgement.conditions]
    if judgement.factor is not None:
        lines.append(f"truth = claim times {plain(latex(judgement.factor))}")
    lines += [f"{_message(found)}; then: {plain(latex(found.repaired))}" for found in judgement.diagnosis]
    if judgement.witness is not None:
        lines.append(f"at a point the claim gives {judgement.witness.claimed}, the truth is {judgement.witness.true}")
    return lines + ([judgement.reason] if judgement.reason else [])


def _message(found: Diagnosis) -> str:
    belongs = ", ".join(plain(latex(part)) for part in found.belongs)
    steps = [_SENTENCES.get(step, step.replace("-", " ")).format(belongs=belongs) for step in found.steps]
    return ", and ".join(step.rstrip(": ") for step in steps)


def _error(refusal: Refusal) -> dict[str, Any]:
    place = refusal.place
    return {
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": refusal.message,
        "hint": refusal.hint,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "ask": answer.ask,
        "latex": latex(answer.formula),
        "general": latex(answer.general),
        "caveats": list(answer.caveats),
    }


def _judged(one: Judged) -> dict[str, Any]:
    found = one.judgement
    return {
        "latex": one.claim.latex,
        "by": one.claim.by,
        "verdict": found.verdict.value,
        "conditions": [condition.value for condition in found.conditions],
        "layout": found.layout,
        "factor": _latex(found.factor),
        "links": [
            {"latex": f"{latex(link.left)} = {latex(link.right)}", "verdict": link.verdict.value}
            for link in found.links
        ],
        "ends": found.ends.value if found.ends else None,
        "diagnosis": [
            {"steps": list(way.steps), "message": _message(way), "repaired": latex(way.repaired)}
            for way in found.diagnosis
        ],
        "correct": _latex(found.correct),
        "witness": _witness(found),
        "readings": [{"latex": latex(reading), "verdict": verdict.value} for reading, verdict in found.readings],
        "reason": found.reason,
    }


def _latex(formula: Formula | None) -> str | None:
    return None if formula is None else latex(formula)


def _witness(found: Judgement) -> dict[str, Any] | None:
    point = found.witness
    if point is None:
        return None
    return {
        "sizes": dict(point.sizes),
        "indices": dict(point.indices),
        "values": {latex(entry): value for entry, value in point.values},
        "claimed": point.claimed,
        "true": point.true,
    }
