"""Functions and what they are applied to."""

from __future__ import annotations

from dataclasses import replace

from generator.formula import MINUS_ONE, Apply, Formula, Index, Softmax, free_letters, power, substitute
from generator.functions import ARGUMENT
from generator.latex.equations import FUNCTION_WORDS, close_to
from generator.latex.ranges import pending
from generator.latex.scope import Defined, Scope
from generator.latex.scripts import bracketed, shifted, spell
from generator.latex.syntax import Group, Item, Line, Mark, Symbol, lone, single

BRACKETS = ("(", "[", r"\{")
SIGMA = r"\sigma"
_SPARE = "lmnpqrstuvwijk"


def head_of(item: Item) -> str:
    """A function's head as spelled: its letter with its labels, without primes and without a power."""
    bare = replace(item, primes=0)
    if item.above is not None and not (bracketed_label(item.above)):
        bare = replace(bare, above=None)
    return spell(bare)


def bracketed_label(above: Line) -> bool:
    """Whether a superscript is a label in brackets: `g^{[1]}`."""
    item = lone(above)
    return item is not None and bracketed(item) is not None


def function_of(item: Item, scope: Scope) -> Defined | str | None:
    """The function that a symbol is: one that the file defines, a row's key, a generic one's LaTeX; None for a name."""
    if not isinstance(item.head, Symbol) or spell(item) in scope.file.names.declared:
        return None
    head, name = head_of(item), item.head.name
    if head in scope.file.functions:
        return scope.file.functions[head]
    if name in scope.file.defined or name in scope.file.names.declared or name in scope.parameters:
        return None
    if name.startswith(r"\mathrm{") and name[8:-1].lower() in FUNCTION_WORDS:
        return FUNCTION_WORDS[name[8:-1].lower()]
    if name == SIGMA and item.below is None:
        return "sigmoid" if SIGMA in scope.file.applied else None
    if name[1:] in FUNCTION_WORDS and name.startswith("\\"):
        return FUNCTION_WORDS[name[1:]]
    return head if head in scope.file.generic else None


def call(items: tuple[Item, ...], place: int, function: Defined | str, scope: Scope) -> tuple[Formula, int]:
    """The function at `place`, applied to what follows; and where that ends."""
    item = items[place]
    if function == "softmax":
        return _softmax(items, place, scope)
    if item.below is not None and head_of(item) not in {*scope.file.functions, *scope.file.generic}:
        message = f"a function has no index: {spell(item)}"
        raise scope.refuse(
            message, item.start, "Both log and ln are the natural logarithm." if "log" in message else ""
        )
    argument, end, after = _argument(items, place, scope)
    value = applied(function, argument, item, scope)
    for script in (item.above if not _is_label(item, scope) else None, after):
        if script is not None:
            value = power(value, _exponent(script, item, scope))
    return value, end


def _is_label(item: Item, scope: Scope) -> bool:
    return (
        item.above is not None
        and bracketed_label(item.above)
        and head_of(item)
        in {
            *scope.file.functions,
            *scope.file.generic,
        }
    )


def _exponent(script: Line, item: Item, scope: Scope) -> Formula:
    exponent = scope.line(script)
    if exponent == MINUS_ONE or bracketed_label(script):
        raise scope.refuse(
            "an inverse function or a derivative by number is not read",
            item.start,
            r"Write \sigma'(z) or \frac{1}{\sigma(z)}.",
        )
    return exponent


def applied(function: Defined | str, argument: Formula, item: Item, scope: Scope) -> Formula:
    """`function` at `argument`, with the primes of `item`."""
    if isinstance(function, str):
        return Apply(function, argument, item.primes)
    if function.row is not None:
        return Apply(function.row, argument, item.primes)
    if item.primes:
        raise scope.unsupported(
            f"the derivative of {spell(replace(item, primes=0))}, which the file defines", item.start
        )
    if function.body is None:
        raise scope.refuse("this function is defined by itself", item.start)
    return substitute(function.body, lambda part: argument if part == ARGUMENT else None)


def _argument(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int, Line | None]:
    """The argument of the function at `place`, where it ends, and the power written on its bracket."""
    item = items[place]
    if place + 1 == len(items) or (isinstance(items[place + 1].head, Mark) and not _begins(items[place + 1])):
        shown = spell(replace(item, above=None))
        hint = (
            f"If {shown} is a number here, say so: roles: {{'{shown}': constant}}" if shown == SIGMA else f"{shown}(x)"
        )
        raise scope.refuse(f"{shown} is a function and needs an argument", item.start, hint)
    first = items[place + 1]
    if isinstance(first.head, Group) and first.head.bracket in BRACKETS:
        if first.below is not None or first.primes:
            raise scope.refuse("this script belongs to nothing", first.start)
        return _single(first.head.content, scope), place + 2, first.above
    if function_of(first, scope) is not None:
        value, end = scope.factor(items, place + 1)
        return value, _alone(items, place + 1, end, scope), None
    end = _reach(items, place + 1, scope)
    return scope.product(items[place + 1 : end]), end, None


def _begins(item: Item) -> bool:
    """Whether a sign can begin an argument."""
    return isinstance(item.head, Mark) and item.head.sign in (r"\sum", r"\prod", r"\max", r"\min", r"\partial")


def _single(content: Line, scope: Scope) -> Formula:
    if single(content) is None:
        raise scope.unsupported("functions of several arguments", content.start)
    return scope.line(content)


def _reach(items: tuple[Item, ...], start: int, scope: Scope) -> int:
    """Where the argument that begins at `start`, without brackets, ends."""
    first = items[start]
    if isinstance(first.head, Group) and first.head.bracket == "{":
        return _alone(items, start, start + 1, scope)
    end = start
    while end < len(items):
        item = items[end]
        if isinstance(item.head, Mark):
            if item.head.sign == "*":
                break
            if item.head.sign in (r"\sum", r"\prod"):
                return len(items)
        elif end > start and function_of(item, scope) is not None:
            break
        elif end > start and isinstance(item.head, Group) and item.head.bracket in BRACKETS:
            if isinstance(items[end - 1].head, Symbol):
                break
            if not isinstance(items[end - 1].head, Mark):
                raise _unclear(items, start, end, scope)
        end += 1
    return end


def _alone(items: tuple[Item, ...], start: int, end: int, scope: Scope) -> int:
    if end < len(items) and not isinstance(items[end].head, Mark) and function_of(items[end], scope) is None:
        raise _unclear(items, start, end, scope)
    return end


def _unclear(items: tuple[Item, ...], start: int, end: int, scope: Scope) -> Exception:
    text = scope.text.text
    name = text[items[start - 1].start : items[start - 1].end]
    short = text[items[start].start : items[end - 1].end].strip("{}")
    rest = text[items[end].start : items[end].end]
    hint = f"Write {name}({short}) {rest} or {name}({short} {rest})."
    return scope.refuse("it is not clear where the argument of this function ends", items[start - 1].start, hint)


def _softmax(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """`softmax_k(a)`, `softmax(a)_k`, `softmax(a_k)`: entry k of the softmax over the entries of `a`."""
    item = items[place]
    example = r"\operatorname{softmax}_k(z)"
    if place + 1 == len(items) or not isinstance(items[place + 1].head, Group) or item.above is not None or item.primes:
        raise scope.refuse("softmax needs its argument in brackets", item.start, example)
    group = items[place + 1]
    content = group.head.content if isinstance(group.head, Group) else None
    if content is None or group.primes or (item.below is not None and group.below is not None):
        raise scope.refuse("softmax has one index", item.start, example)
    below = item.below or group.below
    index = _only_index(below, scope) if below is not None else None
    if index is not None:
        value = _over(index, content, item, scope)
    else:
        value = _by_letter(_single(content, scope), item, scope)
    if group.above is not None:
        value = power(value, scope.line(group.above))
    return value, place + 2


def _only_index(below: Line, scope: Scope) -> Index:
    expression = single(below)
    index = shifted(expression) if expression is not None else None
    if index is None or (index.letter is not None and index.letter not in scope.letters):
        raise scope.unsupported("this index of softmax", below.start, r"\operatorname{softmax}_k(z)")
    return index


def _over(index: Index, content: Line, item: Item, scope: Scope) -> Formula:
    taken = {*scope.letters, *scope.file.names.sizes, *scope.file.names.symbols, index.letter}
    letter = next(letter for letter in (*_SPARE, "l'") if letter not in taken)
    inner = replace(scope.binding(letter, item.start), whole=Index(letter))
    argument = _single(content, inner)
    if letter not in free_letters(argument):
        raise scope.refuse("nothing in this softmax runs over its index", item.start, r"\operatorname{softmax}_k(z)")
    node = inner.letters[letter]
    if index.letter is not None and index.offset == 0:
        scope.ranges.same(scope.letters[index.letter], node)
    return Softmax(index, letter, pending(node), argument)


def _by_letter(argument: Formula, item: Item, scope: Scope) -> Formula:
    """`softmax(z_k)`: the one index letter of the argument is the entry."""
    letters = sorted(letter for letter in free_letters(argument) if letter in scope.letters)
    if len(letters) != 1:
        message = "it is not clear over which index this softmax runs"
        raise scope.refuse(message, item.start, r"\operatorname{softmax}_k(z)")
    return Softmax(Index(letters[0]), letters[0], pending(scope.letters[letters[0]]), argument)


def unknown_word(item: Item, scope: Scope) -> Exception:
    """The refusal of a word before brackets that is no function."""
    word = item.head.name[8:-1] if isinstance(item.head, Symbol) else ""
    hint = close_to(word.lower(), FUNCTION_WORDS) or "Define it in `model`: g(z) = ..."
    return scope.refuse(f"there is no function {word}", item.start, hint)
