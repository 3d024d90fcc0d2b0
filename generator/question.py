"""A question file as read from disk: every text with its place, nothing of it interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from generator.errors import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text that stands in one line of the file: from `offset` in the text, at `column` of `line`."""

    offset: int
    line: int
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a question file, exactly as written, and where each of its characters stands."""

    text: str
    file: str
    pieces: tuple[Piece, ...]

    def place(self, offset: int = 0) -> Place:
        """Where the character at `offset` stands in the file."""
        piece = [piece for piece in self.pieces if piece.offset <= offset or piece is self.pieces[0]][-1]
        return Place(self.file, piece.line, piece.column + max(0, offset - piece.offset), piece.source)


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim as written; `model` holds the lines that replace definitions for it."""

    latex: Text
    by: str = "asker"
    expect: str | None = None
    note: str | None = None
    model: tuple[Text, ...] = ()


Value = Fraction | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question file. `model` has one definition an item; `body` is the prose, in Markdown."""

    slug: str
    file: str
    title: str
    model: tuple[Text, ...]
    asks: tuple[Text, ...] = ()
    claims: tuple[ClaimText, ...] = ()
    given: tuple[Text, ...] = ()
    sizes: tuple[tuple[Text, Text], ...] = ()
    shapes: tuple[tuple[Text, Text], ...] = ()
    values: tuple[tuple[Text, Value], ...] = ()
    roles: tuple[tuple[Text, Text], ...] = ()
    source: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    body: str = ""


def plain_text(text: str, file: str = "<formula>") -> Text:
    """A text that comes from no file: each line counts as a line of `file`."""
    pieces: list[Piece] = []
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        pieces.append(Piece(offset, number, 1, line))
        offset += len(line) + 1
    return Text(text, file, tuple(pieces))
