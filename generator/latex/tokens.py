"""Tokens of a formula. Every character is accounted for: an unknown one is refused by name, never skipped."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

from lark import Token

from generator.errors import Refusal, Unsupported
from generator.latex import vocabulary
from generator.question import Text

MAX_CHARACTERS = 4000
MAX_TOKENS = 600
MAX_DEPTH = 30

_PIECE = re.compile(
    r"(?P<space>\s+|\\[,;:!> ]|~|&|\\\\\s*$)"
    r"|(?P<word>\\(?:text|textrm|textit|mathrm|mathit|mathsf|operatorname|mbox)\*?\s*\{(?P<content>[^{}\\$]*)\})"
    r"|(?P<command>\\[A-Za-z]+|\\[{}|])"
    r"|(?P<digit>[0-9.])"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<define>:=)"
    r"|(?P<other>.)",
    re.DOTALL,
)

_BRACKETS = {"(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "LBRACE", "}": "RBRACE"}
_CURLY = {r"\{": "LCURL", r"\lbrace": "LCURL", r"\}": "RCURL", r"\rbrace": "RCURL"}
_OPENING = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE", "RCURL": "LCURL", "BAR_CLOSE": "BAR_OPEN"}
_SHOWN = {"LPAR": "(", "LSQB": "[", "LBRACE": "{", "LCURL": r"\{", "BAR_OPEN": "|", "RPAR": ")", "RSQB": "]"} | {
    "RBRACE": "}",
    "RCURL": r"\}",
    "BAR_CLOSE": "|",
}
_BEFORE_OPENING_BAR = frozenset(
    ("SIGN", "RELATION", "SEPARATOR", "LPAR", "LSQB", "LCURL", "LBRACE", "BAR_OPEN", "MARK", "FRACTION", "ROOT")
)


def tokens(text: Text) -> list[Token]:
    """The tokens of a formula, each with the offset of its start and end.

    Raises `Refusal` for a character, command or bracket that has no place in a formula, and beyond the limits on
    length, number of tokens and depth.
    """
    if len(text.text) > MAX_CHARACTERS:
        raise Refusal(f"the formula has {len(text.text)} characters; at most {MAX_CHARACTERS} are read", text.place())
    point = re.search(r"\\left\s*\.", text.text)
    if point is not None:
        raise Unsupported("not yet supported: what is held fixed (`|_{h}`)", text.place(point.start()))
    found = list(_nested(text, _joined(_primed(_trimmed(list(_raw(text)))))))
    if len(found) > MAX_TOKENS:
        place = text.place(found[MAX_TOKENS].start_pos or 0)
        raise Refusal(f"the formula is longer than {MAX_TOKENS} symbols", place, "Give its parts names in `model`.")
    return found


def _trimmed(found: list[Token]) -> list[Token]:
    """The tokens without the full stop or comma at the end of an equation."""
    while found and (found[-1].type == "SEPARATOR" or (found[-1] == "." and found[-1].type == "DIGIT")):
        found = found[:-1]
    return found


def _token(kind: str, value: str, start: int, end: int) -> Token:
    return Token(kind, value, start_pos=start, end_pos=end)


def _raw(text: Text) -> Iterator[Token]:
    for match in _PIECE.finditer(text.text):
        start, end, value = match.start(), match.end(), match.group()
        kind = match.lastgroup if match.lastgroup != "content" else "word"
        if kind == "space" or value in vocabulary.SPACES or value in vocabulary.SIZING:
            continue
        if kind == "word":
            yield _word(text, match)
        elif kind == "digit":
            yield _token("DIGIT", value, start, end)
        elif kind == "letter":
            yield _token("SYMBOL", value, start, end)
        elif kind == "command":
            yield _command(text, value, start, end)
        elif kind == "define":
            yield _token("RELATION", "<-", start, end)
        else:
            yield _other(text, value, start, end)


def _word(text: Text, match: re.Match[str]) -> Token:
    content = " ".join((match.group("content") or "").split())
    if content.lower() in _JOINING:
        return _token("SEPARATOR", content, match.start(), match.end())
    if not re.fullmatch(r"[A-Za-z0-9 _.,:+*'-]*", content):
        raise Refusal("a name in letters may hold letters and digits only", text.place(match.start()), r"\text{net}")
    return _token("WORD", content, match.start(), match.end())


def _command(text: Text, value: str, start: int, end: int) -> Token:
    if value in vocabulary.UNSUPPORTED:
        raise Unsupported(f"not yet supported: {vocabulary.UNSUPPORTED[value]}", text.place(start))
    if value in vocabulary.GREEK or value in vocabulary.NAMED_FUNCTIONS:
        return _token("SYMBOL", value, start, end)
    if value in vocabulary.MARKS:
        return _token("MARK", vocabulary.MARKS[value], start, end)
    if value in vocabulary.RELATIONS:
        return _token("RELATION", vocabulary.RELATIONS[value], start, end)
    if value in vocabulary.ACCENTS:
        return _token("ACCENT", vocabulary.ACCENTS[value], start, end)
    if value in vocabulary.FRACTIONS:
        return _token("FRACTION", value, start, end)
    if value in _CURLY:
        return _token(_CURLY[value], value, start, end)
    single = {r"\sqrt": "ROOT", r"\prime": "PRIME", r"\quad": "SEPARATOR", r"\qquad": "SEPARATOR"}
    bars = {r"\lvert": "BAR_OPEN", r"\rvert": "BAR_CLOSE", r"\vert": "BAR", r"\mid": "BAR"}
    if value in single or value in bars:
        return _token({**single, **bars}[value], value, start, end)
    raise _unknown(text, value, start)


def _unknown(text: Text, value: str, start: int) -> Refusal:
    close = difflib.get_close_matches(value, sorted(vocabulary.KNOWN_COMMANDS), n=1, cutoff=0.7)
    hint = f"Did you mean {close[0]} ?" if close else r"Names of several letters are written \text{name}."
    if value in (r"\text", r"\mathrm", r"\operatorname"):
        return Refusal(f"{value} needs a word in braces after it", text.place(start), rf"{value}{{net}}")
    return Refusal(f"unknown command {value}", text.place(start), hint)


def _other(text: Text, value: str, start: int, end: int) -> Token:
    if value in _BRACKETS:
        return _token(_BRACKETS[value], value, start, end)
    if value in "+-":
        return _token("SIGN", value, start, end)
    if value in vocabulary.RELATIONS:
        return _token("RELATION", vocabulary.RELATIONS[value], start, end)
    if value in vocabulary.MARKS:
        return _token("MARK", vocabulary.MARKS[value], start, end)
    single = {",": "SEPARATOR", "'": "PRIME", "^": "UP", "_": "DOWN", "|": "BAR"}
    if value in single:
        return _token(single[value], value, start, end)
    raise _stranger(text, value, start)


def _stranger(text: Text, value: str, start: int) -> Refusal:
    name = unicodedata.name(value, "without a name")
    shown = f"U+{ord(value):04X} {name}" if not value.isascii() or not value.isprintable() else value
    hint = ""
    if value in vocabulary.SPELLED:
        hint = f"Write {vocabulary.SPELLED[value]} instead."
    elif name.startswith("GREEK "):
        word = name.split()[3] if name.startswith(("GREEK SMALL LETTER", "GREEK CAPITAL LETTER")) else ""
        command = "\\" + (word.capitalize() if "CAPITAL" in name else word.lower())
        hint = f"Write {command} instead." if command in vocabulary.GREEK else ""
    elif not value.isascii() and unicodedata.category(value).startswith("L"):
        hint = "It looks like a Latin letter and is none; type the letter anew."
    return Refusal(f"the character {shown} has no meaning in a formula", text.place(start), hint)


_JOINING = frozenset(
    ("if", "for", "for all", "for every", "for each", "where", "when", "with", "and", "in case", "whenever")
)


def _primed(found: list[Token]) -> Iterator[Token]:
    """`x^\\prime` and `x^{\\prime\\prime}` are the primes alone."""
    position = 0
    while position < len(found):
        token = found[position]
        if token.type == "UP":
            end = position + 1
            braced = end < len(found) and found[end].type == "LBRACE"
            first = end + braced
            last = first
            while last < len(found) and found[last].type == "PRIME" and (braced or last == first):
                last += 1
            if last > first and (not braced or (last < len(found) and found[last].type == "RBRACE")):
                yield from found[first:last]
                position = last + braced
                continue
        yield token
        position += 1


def _joined(stream: Iterator[Token]) -> Iterator[Token]:
    """Runs of separators (a comma and a `\\quad`) count as one; none is left at either end."""
    held: Token | None = None
    begun = False
    for token in stream:
        if token.type == "SEPARATOR":
            held = held or token
            continue
        if held is not None and begun and token.type not in ("RPAR", "RSQB", "RBRACE", "RCURL"):
            yield held
        held, begun = None, True
        yield token


def _nested(text: Text, stream: Iterator[Token]) -> Iterator[Token]:
    """Decides which bars open and which close; brackets that do not match are refused where they stand."""
    opened: list[Token] = []
    before = "SEPARATOR"
    for token in stream:
        kind = token.type
        if kind == "BAR":
            closes = before not in _BEFORE_OPENING_BAR and bool(opened) and opened[-1].type == "BAR_OPEN"
            kind = "BAR_CLOSE" if closes else "BAR_OPEN"
        if kind in ("LPAR", "LSQB", "LBRACE", "LCURL", "BAR_OPEN"):
            opened.append(Token.new_borrow_pos(kind, token.value, token))
            if len(opened) > MAX_DEPTH:
                raise Refusal(f"brackets are nested deeper than {MAX_DEPTH}", text.place(token.start_pos or 0))
        elif kind in _OPENING:
            _close(text, kind, token, opened)
        if kind == "DOWN" and before == "BAR_OPEN":
            raise Unsupported("not yet supported: what is held fixed (`|_{h}`)", text.place(token.start_pos or 0))
        before = kind
        yield Token.new_borrow_pos(kind, token.value, token)
    if opened:
        shown = _SHOWN[opened[-1].type]
        raise Refusal(f"the bracket {shown} is never closed", text.place(opened[-1].start_pos or 0))


def _close(text: Text, kind: str, token: Token, opened: list[Token]) -> None:
    if not opened:
        raise Refusal(f"the bracket {_SHOWN[kind]} was never opened", text.place(token.start_pos or 0))
    last = opened.pop()
    if last.type != _OPENING[kind]:
        message = f"the bracket {_SHOWN[last.type]} is closed by {_SHOWN[kind]}"
        raise Refusal(message, text.place(token.start_pos or 0), f"Write {_SHOWN[_CLOSING[last.type]]} here.")


_CLOSING = {opening: closing for closing, opening in _OPENING.items()}
