"""Refusals: what was read, where, what was expected, and a valid form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a question file; `line` and `column` count from 1; `text` is the whole line."""

    file: str
    line: int
    column: int
    text: str


class Refusal(Exception):
    """A question file, or a formula in it, cannot be used; says where, why and what would be right.

    `message` says what was read and what was expected; `hint` shows a valid form.
    """

    def __init__(self, message: str, place: Place | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.message]
        if self.place is not None:
            where = f"{self.place.file}:{self.place.line}:{self.place.column}"
            caret = " " * (self.place.column - 1) + "^"
            lines = [f"{where}: {self.message}", f"    {self.place.text}", f"    {caret}"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class Unsupported(Refusal):
    """A form that the question-file format allows and this version cannot read yet."""


class Refusals(Exception):
    """All independent refusals of one file."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("\n".join(str(refusal) for refusal in refusals))
        self.refusals = refusals
