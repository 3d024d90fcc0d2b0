"""From a formula's text to its syntax, by the grammar in `grammar.lark`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from generator.errors import Refusal
from generator.latex.syntax import (
    Chain,
    Expression,
    Fraction,
    Group,
    Head,
    Item,
    Line,
    Mark,
    Number,
    Root,
    Symbol,
    Term,
    line_of,
)
from generator.latex.tokens import tokens
from generator.question import Text

MAX_DIGITS = 12


def parse(text: Text) -> Line:
    """The formula as written. Raises `Refusal` with the place at which it stops being one."""
    found = tokens(text)
    if not found:
        raise Refusal("a formula was expected here", text.place(), r"for example: y_k = \sigma(z_k)")
    try:
        line = _PARSER.parse(found)
    except UnexpectedInput as error:
        raise _refusal(text, error, found) from None
    except _Misplaced as refused:
        raise Refusal(refused.message, text.place(refused.offset), refused.hint) from None
    return _line(line)


def _line(value: object) -> Line:
    if not isinstance(value, Line):
        raise TypeError(value)
    return value


_EXPECTED = {
    "UP": r"an exponent or label after ^ , for example x^2 or W^{(1)}",
    "DOWN": r"an index after _ , for example W_{jk}",
    "FRACTION": r"two arguments, for example \frac{a}{b}",
    "ROOT": r"an argument, for example \sqrt{x}",
    "ACCENT": r"a letter, for example \hat y",
    "SIGN": "a term after the sign",
    "RELATION": "an expression after the relation",
    "SEPARATOR": "an expression after the comma",
}


def _refusal(text: Text, error: UnexpectedInput, found: list[Token]) -> Refusal:
    token = error.token if isinstance(error, UnexpectedToken) else None
    if token is None or token.type == "$END":
        last = found[-1]
        message = f"the formula ends too early: {_EXPECTED.get(last.type, 'more')} was expected"
        return Refusal(message, text.place((last.end_pos or 1) - 1))
    start = token.start_pos or 0
    earlier = [other for other in found if (other.start_pos or 0) < start]
    shown = text.text[start : token.end_pos]
    if not earlier:
        return Refusal(f"a formula cannot begin with {shown}", text.place(start), r"for example: y_k = \sigma(z_k)")
    expected = _EXPECTED.get(earlier[-1].type, "a name, a number or a bracket")
    return Refusal(f"unexpected {shown}: {expected} was expected", text.place(start))


class _Misplaced(Exception):
    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.hint = message, offset, hint


class _Ready(Lexer):
    """Hands the parser tokens that are made already."""

    def __init__(self, _: Any) -> None:
        super().__init__()

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]  # lark's form for custom lexers
        return iter(data)


def _start(part: Token | Item) -> int:
    return (part.start_pos or 0) if isinstance(part, Token) else part.start


def _end(part: Token | Item) -> int:
    return (part.end_pos or 0) if isinstance(part, Token) else part.end


class _Builder(Transformer[Token, Line]):
    """Builds the syntax bottom-up, as the parser reduces."""

    def start(self, parts: list[Line]) -> Line:
        return parts[0]

    def line(self, parts: list[Any]) -> Line:
        return Line(tuple(part for part in parts if isinstance(part, Chain)))

    def chain(self, parts: list[Any]) -> Chain:
        relations = tuple(str(part) for part in parts if isinstance(part, Token))
        return Chain(tuple(part for part in parts if isinstance(part, Expression)), relations)

    def expression(self, parts: list[Any]) -> Expression:
        if not isinstance(parts[0], Token):
            parts = ["+", *parts]
        signs = tuple(-1 if sign == "-" else 1 for sign in parts[::2])
        return Expression(signs, tuple(parts[1::2]))

    def term(self, parts: list[Item | None]) -> Term:
        items = tuple(_numbers([part for part in parts if part is not None]))
        for item, following in pairwise(items):
            if isinstance(following.head, Number) and item.end == following.start and _ends_in_a_bare_digit(item):
                message = "LaTeX puts only the first of these digits into the script or fraction"
                raise _Misplaced(
                    message, following.start, "Write braces around all of it: W_{11}, x^{10}, \\frac{1}{20}."
                )
            if (
                isinstance(item.head, Number)
                and following.head == Symbol("e")
                and following.bare
                and item.end == following.start
            ):
                message = f"{item.head.digits}e may be a power of ten, or e times a number"
                raise _Misplaced(message, item.start, "Write 0.001 or 10^{-3} for 1e-3.")
        return Term(items)

    def item(self, parts: list[Any]) -> Item | None:
        item: Item | None = parts[0]
        if item is None:
            if len(parts) > 1:
                raise _Misplaced("a script without a symbol that carries it", parts[1][2] - 1, r"for example: x_{k}")
            return None
        for kind, script, end in parts[1:]:
            if kind == "PRIME" and item.above is None:
                item = replace(item, primes=item.primes + 1, end=end)
            elif kind == "DOWN" and item.below is None:
                item = replace(item, below=script, end=end)
            elif kind == "UP" and item.above is None:
                item = replace(item, above=script, end=end)
            else:
                where = {"PRIME": "prime after a superscript", "DOWN": "subscript", "UP": "superscript"}[kind]
                raise _Misplaced(f"a second {where} on one symbol", end - 1, "Group with braces: {x_i}^2.")
        return item

    def script(self, parts: list[Any]) -> tuple[str, Line | None, int]:
        if len(parts) == 1:
            return "PRIME", None, parts[0].end_pos
        return parts[0].type, parts[1][0], parts[1][1]

    def token(self, parts: list[Token]) -> Item:
        token = parts[0]
        return Item(_head(token), token.start_pos or 0, token.end_pos or 0)

    def nothing(self, _: list[Token]) -> None:
        return None

    def group(self, parts: list[Any]) -> Item:
        opening, content, closing = parts
        bracket = {"LPAR": "(", "LSQB": "[", "LCURL": r"\{", "LBRACE": "{", "BAR_OPEN": "|"}[opening.type]
        return Item(Group(bracket, content), opening.start_pos, closing.end_pos)

    def fraction(self, parts: list[Any]) -> Item:
        command, (above, _), (below, end) = parts
        return Item(Fraction(above, below), command.start_pos, end)

    def root(self, parts: list[Any]) -> Item:
        degree = next((part for part in parts if isinstance(part, Line)), None)
        content, end = parts[-1]
        return Item(Root(degree, content), parts[0].start_pos, end)

    def single(self, parts: list[Token | Item]) -> tuple[Line, int]:
        part = parts[0]
        item = part if isinstance(part, Item) else Item(_head(part), _start(part), _end(part))
        return replace(line_of(item), braced=False), item.end

    def braced(self, parts: list[Any]) -> tuple[Line, int]:
        return parts[1], parts[2].end_pos

    def accent(self, parts: list[Any]) -> Item:
        inner = next(part for part in parts[1:] if isinstance(part, Item) or part.type != "LBRACE")
        head = inner.head if isinstance(inner, Item) else _head(inner)
        name = head.name if isinstance(head, Symbol) else head.digits if isinstance(head, Number) else ""
        end = _end(parts[-1])
        return Item(Symbol(rf"{parts[0]}{{{name}}}"), parts[0].start_pos, end)

    def accented(self, parts: list[Any]) -> Any:
        return next(part for part in parts if isinstance(part, Item) or part.type not in ("LBRACE", "RBRACE"))


def _head(token: Token) -> Head:
    match token.type:
        case "DIGIT":
            return Number(str(token))
        case "WORD":
            return Symbol(rf"\mathrm{{{token}}}")
        case "MARK":
            return Mark(str(token))
        case _:
            return Symbol(str(token))


def _ends_in_a_bare_digit(item: Item) -> bool:
    match item.head:
        case Fraction(_, below) if item.bare:
            return not below.braced and isinstance(below.chains[0].parts[0].terms[0].items[0].head, Number)
        case _:
            scripts = [script for script in (item.below, item.above) if script is not None]
            return any(
                not s.braced and isinstance(s.chains[0].parts[0].terms[0].items[0].head, Number) for s in scripts
            )


def _numbers(items: list[Item]) -> Iterator[Item]:
    """Digits that touch are one number."""
    run: list[Item] = []
    for item in items:
        if isinstance(item.head, Number) and (not run or (run[-1].end == item.start and run[-1].bare)):
            run.append(item)
            continue
        if run:
            yield _number(run)
        run = [item] if isinstance(item.head, Number) else []
        if not run:
            yield item
    if run:
        yield _number(run)


def _number(run: list[Item]) -> Item:
    digits = "".join(item.head.digits for item in run if isinstance(item.head, Number))
    if digits.count(".") > 1 or digits.endswith(".") or digits.startswith("."):
        raise _Misplaced(f"{digits} is no number", run[0].start, "Write a number as 0.5 or 2.")
    if len(digits) > MAX_DIGITS:
        raise _Misplaced(f"a number may have {MAX_DIGITS} digits", run[0].start)
    return replace(run[-1], head=Number(digits), start=run[0].start)


_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer=_Ready,
    transformer=_Builder(),
    keep_all_tokens=True,
    maybe_placeholders=False,
)
