"""A question's LaTeX, read into a model, what is asked of it, and what is claimed about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.errors import Refusal, Refusals, Unsupported
from generator.formula import Range
from generator.latex.claims import (
    Read,
    Update,
    change_of,
    conventions,
    read_ask,
    read_given,
    readings,
    update_of,
    with_steps,
)
from generator.latex.equations import Equation, equation
from generator.latex.keys import read_keys, read_values
from generator.latex.models import Check, Reading, each, read_model
from generator.latex.parse import parse
from generator.latex.scripts import spell_items
from generator.latex.words import Words, lone_letters, word_on_the_left, worded
from generator.model import Model
from generator.problem import Ask, Claim, Problem
from generator.question import ClaimText, Question, Text

T = TypeVar("T")


def read_problem(question: Question) -> Problem:
    """The question, read. Raises `Refusals` with all that is wrong with its model, asks, assumptions and keys.

    A claim that cannot be read carries its refusal; the others are read all the same.
    """
    try:
        return _read(question)
    except Refusal as refusal:
        raise Refusals((refusal,)) from None


def _read(question: Question) -> Problem:
    source = _source(question)
    main = source.model(question.model)
    given = each(question.given, lambda text: read_given(source.line(text), main))
    model = replace(main.model, assumptions=tuple(given))
    reading = replace(main, model=model, file=replace(main.file, model=model))
    asks = each(question.asks, lambda text: _asked(source.line(text), reading))
    claims = tuple(_claim(claim, source, reading, asks) for claim in question.claims)
    checks = tuple(_checked(check, model) for check in reading.checks)
    return Problem(
        model, tuple(ask.ask for ask in asks), claims, checks, read_values(question.values, source.words, reading)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    ask: Ask
    letters: tuple[tuple[str, Range], ...]


def _asked(line: Equation, reading: Reading) -> _Asked:
    read = read_ask(line, reading)
    return _Asked(Ask(line.text.text, read.members[0]), read.letters)


@dataclass(frozen=True, slots=True)
class _Source:
    """The formulas of a question, taken apart once: `lines` are those that could be, `refused` why others not."""

    question: Question
    words: Words
    lines: Mapping[Text, Equation]
    refused: Mapping[Text, Refusal]

    def line(self, text: Text) -> Equation:
        """A formula of the file, taken apart. Raises `Refusal` where it could not be."""
        if text in self.refused:
            raise self.refused[text]
        return self.lines[text]

    def model(self, texts: Sequence[Text]) -> Reading:
        """The model of these lines."""
        lines = each(texts, self.line)
        keys = read_keys(self.question, lines, self.words)
        claims = [self.lines[c.latex] for c in self.question.claims if c.latex in self.lines]
        others = [*map(self.line, self.question.asks), *map(self.line, self.question.given), *claims]
        return read_model(lines, others, keys)


def _source(question: Question) -> _Source:
    """The formulas of a question, with the names of several letters that its models define."""
    defining = [*question.model, *(text for claim in question.claims for text in claim.model)]
    others = [*question.asks, *question.given, *(claim.latex for claim in question.claims)]
    refused: dict[Text, Refusal] = {}
    parsed = _kept((*defining, *others), parse, refused)
    defined = [word_on_the_left(parsed[text]) for text in defining if text in parsed]
    known = sorted({word for word in defined if word is not None}, key=lambda word: (-len(word), word))
    words = Words(tuple(known), lone_letters(parsed.values()))
    lines = _kept(parsed, lambda text: equation(text, worded(text, parsed[text], words)), refused)
    source = _Source(question, words, lines, refused)
    each((*question.model, *question.asks, *question.given), source.line)
    return source


def _kept(texts: Iterable[Text], read: Callable[[Text], T], refused: dict[Text, Refusal]) -> dict[Text, T]:
    """What `read` gives of each text; what it refuses goes to `refused`."""
    found: dict[Text, T] = {}
    for text in texts:
        try:
            found[text] = read(text)
        except Refusal as refusal:
            refused[text] = refusal
    return found


def _replaced(lines: Sequence[Text], own: Sequence[Text], source: _Source) -> list[Text]:
    """The lines of the model with those of a claim in place of those that define the same."""
    new = {_left(source.line(text)): text for text in own}
    kept = [new.pop(left) if (left := _left(source.line(text))) in new else text for text in lines]
    return [*kept, *new.values()]


def _left(line: Equation) -> str:
    return " ".join(spell_items(term.items) for term in line.left.terms)


def _claim(claim: ClaimText, source: _Source, main: Reading, asks: Sequence[_Asked]) -> Claim:
    blank = Claim(claim.latex.text, (), main.model, by=claim.by, expect=claim.expect, note=claim.note)
    try:
        reading = main
        if claim.model:
            own = source.model(_replaced(source.question.model, claim.model, source))
            given = tuple(read_given(source.line(text), own) for text in source.question.given)
            model = replace(own.model, assumptions=given)
            reading = replace(own, model=model, file=replace(own.file, model=model))
        return _judged(blank, source.line(claim.latex), reading, asks)
    except Refusal as refusal:
        return replace(blank, refusal=refusal)
    except Refusals as refusals:
        return replace(blank, refusal=refusals.refusals[0])


def _judged(blank: Claim, line: Equation, reading: Reading, asks: Sequence[_Asked]) -> Claim:
    update = update_of(line)
    if update is not None:
        return _updating(blank, line, with_steps(line, reading), update)
    relations = set(line.relations)
    if not relations <= {"=", "!="} or len(relations) > 1:
        raise Unsupported(
            "not yet supported: a claim with this relation", line.text.place(line.parts[1].start), "A = B"
        )
    found = readings(line, line.parts, reading)
    others = tuple((c, read.members) for c, read in conventions(line, line.parts, reading, found[0].notes))
    claim = replace(_with(blank, found, reading.model), relation=next(iter(relations), "="), conventions=others)
    if line.relations:
        return claim
    if len(asks) != 1:
        message = "a claim without a left side is about the one thing asked, and here are several or none"
        raise Refusal(message, line.text.place(line.left.start), r"\frac{\partial E}{\partial w} = ...")
    return _about(claim, asks[0])


def _about(claim: Claim, ask: _Asked) -> Claim:
    """The claim with what is asked for its left side."""
    asked = ask.ask.formula
    return replace(
        claim,
        members=(asked, *claim.members),
        readings=tuple((asked, *members) for members in claim.readings),
        conventions=tuple((convention, (asked, *members)) for convention, members in claim.conventions),
        letters=tuple({**dict(claim.letters), **dict(ask.letters)}.items()),
    )


def _updating(blank: Claim, line: Equation, reading: Reading, update: Update) -> Claim:
    """An update rule: its only member is the change."""
    parts = (update.target, update.change)
    found = readings(line, parts, reading)
    changes = [change_of(read, update) for read in found]
    others = tuple(
        (convention, (change_of(read, update)[1],))
        for convention, read in conventions(line, parts, reading, found[0].notes)
    )
    return replace(
        _with(blank, found, reading.model),
        update=changes[0][0],
        members=(changes[0][1],),
        readings=tuple((change,) for _, change in changes[1:]),
        conventions=others,
    )


def _with(blank: Claim, found: Sequence[Read], model: Model) -> Claim:
    letters = tuple(dict.fromkeys(letter for read in found for letter in read.letters))
    return replace(
        blank,
        members=found[0].members,
        readings=tuple(read.members for read in found[1:]),
        letters=letters,
        where=found[0].where,
        model=model,
    )


def _checked(check: Check, model: Model) -> Claim:
    first = model.definition.get(check.left.name)
    members = (first.formula if first is not None else check.left, check.formula)
    return Claim(check.line.text.text, members, model, check.ranges, by="model")
