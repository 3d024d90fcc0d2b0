"""The keys of a question file: which there are, and what each holds."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from generator.verdict import Verdict

MAX_FORMULAS = 200


def _line(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    if any(not character.isprintable() for character in text):
        raise ValueError("it holds a character that cannot be printed")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s\"'<>\\`{}|^]+", text):
        raise ValueError("a web address was expected: https://...")
    return text


Line = Annotated[str, AfterValidator(_line)]
Formula = Annotated[str, AfterValidator(_filled)]
Formulas = Annotated[list[Formula], Field(max_length=MAX_FORMULAS)]


class ClaimEntry(BaseModel):
    """A claim: its formula, whose it is, the verdict that is expected, a remark, lines that replace definitions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latex: Formula
    by: Literal["asker", "answer", "source", "correction"] = "asker"
    expect: Verdict | None = None
    note: Line | None = None
    model: Formula | None = None


class FrontMatter(BaseModel):
    """The keys of a question file. Single formulas and claims are lists of one by now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line
    model: Formula
    ask: Formulas = []
    claims: Annotated[list[ClaimEntry], Field(max_length=MAX_FORMULAS)] = []
    given: Formulas = []
    sizes: dict[str, Formula] = {}
    shapes: dict[str, Any] = {}
    values: dict[str, Any] = {}
    roles: dict[str, Formula] = {}
    source: Annotated[str, AfterValidator(_address)] | None = None
    tags: list[Line] = []
    description: Line | None = None


Path = tuple[str | int, ...]

EXAMPLES = {
    "title": "title: Is this gradient right?",
    "model": "model: |\n      y = \\sigma(w x + b)\n      L = (y - t)^2",
    "ask": "ask: \\frac{\\partial L}{\\partial w}",
    "claims": "claims:\n      - \\frac{\\partial L}{\\partial w} = 2(y - t) y (1 - y) x",
    "latex": "latex: \\frac{\\partial L}{\\partial w} = 2(y - t) x",
    "by": "by: asker",
    "expect": "expect: right",
    "given": "given: \\sum_k Q_k = 1",
    "sizes": "sizes: {n: 3, m: 2}",
    "shapes": "shapes: {W: [m, n], x: [n]}",
    "values": "values: {w_1: 0.5, x: 1}",
    "roles": "roles: {x: input, t: target}",
    "source": "source: https://stats.stackexchange.com/questions/1",
    "tags": "tags: [sigmoid, binary cross-entropy]",
    "description": "description: One hidden layer, two outputs.",
    "note": "note: The form in the book.",
}
"""A valid form of each key."""


def problems(data: dict[str, Any]) -> list[tuple[Path, str, str]]:
    """What is wrong with the keys: where, what, and a valid form."""
    found: list[tuple[Path, str, str]] = []
    try:
        FrontMatter.model_validate(data)
    except ValidationError as error:
        found = [_problem(details["loc"], details) for details in error.errors(include_url=False)]
    if not data.get("ask") and not data.get("claims"):
        found.append(((), "the file asks nothing: at least one of `ask` and `claims` is needed", EXAMPLES["ask"]))
    return found


def _problem(where: Path, details: Any) -> tuple[Path, str, str]:
    kind, key = details["type"], str(where[-1]) if where else ""
    keys = list(ClaimEntry.model_fields if where[:1] == ("claims",) and len(where) > 2 else FrontMatter.model_fields)
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, keys, n=1)
        hint = f"Did you mean {close[0]} ? {EXAMPLES[close[0]]}" if close else f"The keys are: {', '.join(keys)}"
        return where, f"unknown key {key}", hint
    named = next((str(part) for part in reversed(where) if str(part) in EXAMPLES), "")
    hint = EXAMPLES.get(named, "")
    if kind == "missing":
        return where, f"the key {key} is missing", hint
    if kind in ("literal_error", "enum"):
        expected = ", ".join(Verdict) if named == "expect" else "asker, answer, source, correction"
        close = difflib.get_close_matches(str(details["input"]), expected.split(", "), n=1)
        return where, f"{named} is one of: {expected}", f"Did you mean {close[0]} ?" if close else hint
    if kind == "value_error":
        return where, f"{named}: {details['ctx']['error']}", hint
    if kind == "too_long":
        return where, f"{named}: at most {MAX_FORMULAS} are read", ""
    return where, f"{named or key} does not have the form expected here", hint
