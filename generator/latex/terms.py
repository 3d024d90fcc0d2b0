"""Sums and products as written, folded into formulas: the scope of sums, quotients, juxtaposition, powers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from generator.formula import (
    ONE,
    Apply,
    Condition,
    Extreme,
    Formula,
    Holds,
    Index,
    Indicator,
    Multiply,
    Name,
    Number,
    Power,
    Size,
    add,
    multiply,
    negative,
    power,
)
from generator.latex import derivatives
from generator.latex.calls import call, function_of, unknown_word
from generator.latex.doubts import at_quotient, widened
from generator.latex.lexicon import is_name_in_brackets
from generator.latex.quantities import quantity
from generator.latex.scope import Folds, Scope
from generator.latex.scripts import shifted, spell
from generator.latex.softmax import recognised
from generator.latex.sums import total
from generator.latex.syntax import Expression, Fraction, Group, Item, Line, Mark, Root, Symbol, lone
from generator.latex.syntax import Number as Digits
from generator.latex.vocabulary import ONES

MAX_POWER = 8
MAX_BITS = 256


def expression(written: Expression, scope: Scope) -> Formula:
    """The sum that an expression is."""
    terms: list[Formula] = []
    place = 0
    while place < len(written.terms):
        written = widened(written, place, scope)
        value = scope.product(written.terms[place].items)
        terms.append(value if written.signs[place] > 0 else negative(value))
        place += 1
    return add(*terms)


def product(items: tuple[Item, ...], scope: Scope) -> Formula:
    """The product that a row of items is; `/` divides all before it by what follows it."""
    value: Formula | None = None
    place = 0
    while place < len(items):
        sign = items[place].head.sign if isinstance(items[place].head, Mark) else ""  # type: ignore[union-attr]
        if sign not in ("*", "/"):
            factor, place = scope.factor(items, place)
            value = factor if value is None else multiply(value, factor)
            continue
        if value is None or place + 1 == len(items) or not items[place].bare:
            raise scope.refuse(
                "a factor was expected on both sides of this sign",
                items[place].start,
                "Put a negative factor in brackets.",
            )
        if sign == "*":
            place += 1
            if isinstance(items[place].head, Mark) and items[place].head.sign in ("*", "/"):  # type: ignore[union-attr]
                raise scope.refuse("a factor was expected here", items[place].start)
            continue
        divisor, end = _divisor(items, place, scope)
        value, place = _quotient(value, divisor), end
    if value is None:
        raise scope.refuse("a factor was expected here", items[0].start)
    return value


def _divisor(items: tuple[Item, ...], slash: int, scope: Scope) -> tuple[Formula, int]:
    """What stands below a slash, and where it ends."""
    divisor, end = scope.factor(items, slash + 1)
    goes_on = end < len(items) and not (isinstance(items[end].head, Mark) and items[end].head.sign in ("*", "/"))  # type: ignore[union-attr]
    if not goes_on or _is_number(divisor):
        return divisor, end
    if items[slash].start in scope.wide:
        last = end
        while last < len(items) and not (isinstance(items[last].head, Mark) and items[last].head.sign in ("*", "/")):  # type: ignore[union-attr]
            last += 1
        return scope.product(items[slash + 1 : last]), last
    at_quotient(items, slash, end, scope)
    return divisor, end


def _is_number(formula: Formula) -> bool:
    match formula:
        case Number() | Size():
            return True
        case Multiply(factors):
            return all(_is_number(factor) for factor in factors)
        case Power(base, exponent):
            return _is_number(base) and _is_number(exponent)
        case _:
            return False


def _quotient(above: Formula, below: Formula) -> Formula:
    return recognised(above, below) or multiply(above, inverse(below))


def inverse(formula: Formula) -> Formula:
    """One over the formula; of a power with a number for exponent, the power with its opposite."""
    match formula:
        case Power(base, Number(exponent)):
            return power(base, -exponent)
        case Number(value) if value == 0:
            return Power(formula, Number(Rational(-1)))
        case _:
            return power(formula, -1)


def factor(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """The formula that begins at `place`, its superscript included, and where it ends."""
    item = items[place]
    match item.head:
        case Mark(sign):
            return _marked(sign, items, place, scope)
        case Digits():
            return _number(items, place, scope)
        case Symbol():
            return _symbol(items, place, scope)
        case Group() if is_name_in_brackets(item):
            value, above = quantity(item, scope)
            return raised(value, above, scope), place + 1
        case Group():
            return raised(_group(item, scope), item.above, scope), place + 1
        case Fraction(above, below):
            if derivatives.is_fraction(item, scope):
                value, end = derivatives.fraction(items, place, scope)
                return raised(value, item.above, scope), end
            _no_script(item, scope)
            return raised(_quotient(scope.line(above), scope.line(below)), item.above, scope), place + 1
        case Root(degree, content):
            _no_script(item, scope)
            root = 2 if degree is None else _degree(degree, scope)
            return raised(power(scope.line(content), Rational(1, root)), item.above, scope), place + 1


def raised(base: Formula, above: Line | None, scope: Scope) -> Formula:
    """`base` to the power that stands above it."""
    if above is None:
        return base
    item = lone(above)
    if item is not None and scope.file.names.is_transposed(above):
        raise scope.unsupported("matrix notation (transposition)", above.start)
    if item is not None and item.head == Mark("*"):
        raise scope.refuse("a star is no exponent", above.start)
    exponent = scope.line(above)
    if isinstance(exponent, Number) and abs(exponent.value) > MAX_POWER:
        raise scope.refuse(f"exponents up to {MAX_POWER} are read", above.start)
    if isinstance(exponent, Number) and isinstance(base, Number):
        if base.value == 0 and exponent.value < 0:
            return Power(base, exponent)
        largest = max(abs(base.value.numerator), base.value.denominator)
        if largest.bit_length() * abs(exponent.value) > MAX_BITS:
            raise scope.refuse("this number is too large", above.start)
    return power(base, exponent)


def _no_script(item: Item, scope: Scope) -> None:
    if item.below is not None or item.primes:
        raise scope.refuse("this script belongs to nothing", item.start)


def _degree(degree: Line, scope: Scope) -> int:
    value = scope.line(degree)
    if not isinstance(value, Number) or value.value.denominator != 1 or not 1 < value.value <= MAX_POWER:
        raise scope.refuse(f"the degree of a root is a number from 2 to {MAX_POWER}", degree.start)
    return int(value.value)


def _marked(sign: str, items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    item = items[place]
    match sign:
        case r"\sum" | r"\prod":
            return total(items, place, scope), len(items)
        case r"\max" | r"\min":
            return _extreme(items, place, scope)
        case r"\partial":
            found = derivatives.slashed(items, place, scope)
            if found is None:
                raise scope.refuse("a derivative was expected here", item.start, r"\frac{\partial E}{\partial w}")
            return found
        case r"\nabla":
            return derivatives.gradient(items, place, scope)
        case r"\dots":
            raise scope.refuse("what the dots stand for is not read", item.start, r"Write a sum: \sum_{i=1}^{n} x_i")
        case _:
            raise scope.refuse("a factor was expected here", item.start)


def _extreme(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    item = items[place]
    kind = "max" if item.head == Mark(r"\max") else "min"
    if item.below is not None:
        raise scope.unsupported(rf"\{kind} over an index", item.start, rf"\{kind}(0, x)")
    group = items[place + 1].head if place + 1 < len(items) else None
    if not isinstance(group, Group) or len(group.content.chains) < 2 or item.above is not None:
        raise scope.refuse(rf"\{kind} needs its arguments in brackets", item.start, rf"\{kind}(0, x)")
    _no_script(items[place + 1], scope)
    arguments = []
    for chain in group.content.chains:
        if chain.relations:
            raise scope.refuse("an expression was expected here", chain.start)
        arguments.append(scope.expression(chain.parts[0]))
    return raised(Extreme(kind, tuple(arguments)), items[place + 1].above, scope), place + 2


def _number(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    item = items[place]
    digits = item.head.digits if isinstance(item.head, Digits) else ""
    following = items[place + 1] if place + 1 < len(items) else None
    if digits == "1" and following is not None and _is_condition(following):
        if item.bare:
            return raised(_condition(following, scope), following.above, scope), place + 2
        raise scope.refuse("an indicator is written 1[x > 0]", item.start)
    if item.below is not None or item.primes:
        raise scope.refuse("a number has no index", item.start)
    if following is not None and isinstance(following.head, Digits):
        message = "two numbers side by side: LaTeX prints them as one"
        raise scope.refuse(message, following.start, r"Write \cdot between them.")
    return raised(Number(Rational(digits)), item.above, scope), place + 1


def _is_condition(item: Item) -> bool:
    if not isinstance(item.head, Group):
        return False
    content = item.head.content
    return len(content.chains) == 1 and len(content.chains[0].relations) == 1


def _condition(item: Item, scope: Scope) -> Formula:
    if not isinstance(item.head, Group):
        raise TypeError(item)
    return _relation(item.head.content, scope)


def _relation(line: Line, scope: Scope) -> Formula:
    """1 where a relation between numbers, or between indices, holds."""
    conditions = []
    for chain in line.chains:
        if len(chain.relations) != 1 or chain.relations[0] in ("in", "<-"):
            raise scope.refuse("one relation was expected here", chain.start, "1[x > 0]")
        left, right = (shifted(part) for part in chain.parts)
        if left is None or right is None or not _are_indices(left, right, scope):
            if len(line.chains) > 1:
                raise scope.unsupported("indicators of several conditions", chain.start)
            sides = [scope.expression(part) for part in chain.parts]
            return Indicator(sides[0], chain.relations[0], sides[1])
        conditions.append(Condition(left, chain.relations[0], right))
    return Holds(tuple(conditions))


def _are_indices(left: Index, right: Index, scope: Scope) -> bool:
    letters = [index.letter for index in (left, right) if index.letter is not None]
    return bool(letters) and all(letter in scope.letters and letter not in scope.file.defined for letter in letters)


def _group(item: Item, scope: Scope) -> Formula:
    group = item.head
    if not isinstance(group, Group):
        raise TypeError(item)
    _no_script(item, scope)
    if group.bracket == "|":
        return Apply("abs", scope.line(group.content))
    if len(group.content.chains) == 1 and group.content.chains[0].relations and group.bracket == "[":
        return _relation(group.content, scope)
    if len(group.content.chains) > 1:
        raise scope.refuse("one expression was expected in this bracket, without a comma", item.start)
    return scope.line(group.content)


def _symbol(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    item = items[place]
    following = items[place + 1] if place + 1 < len(items) else None
    name = item.head.name if isinstance(item.head, Symbol) else ""
    function = function_of(item, scope)
    if function is not None:
        return call(items, place, function, scope)
    if name in ONES:
        return _one(items, place, scope)
    if name == "e" and item.below is None and not item.primes and not _is_number_e(scope):
        return Apply("exp", ONE if item.above is None else scope.line(item.above)), place + 1
    if derivatives.is_differential(item, scope) and following is not None:
        found = derivatives.slashed(items, place, scope)
        if found is not None:
            return found
        if isinstance(following.head, Symbol) and scope.file.model is not None:
            return derivatives.of_loss(items, place, scope)
        if isinstance(following.head, Symbol):
            hint = "Where d is a number, say so: roles: {d: constant}"
            raise scope.unsupported("differentials in the lines of a model", item.start, hint)
    if name.startswith(r"\mathrm") and following is not None and _opens(following) and not _is_known(name, scope):
        raise unknown_word(item, scope)
    value, above = quantity(item, scope)
    end = place + 1
    if above is None and following is not None and _only_names_what_it_uses(item, following, scope):
        return raised(value, following.above, scope), place + 2
    return raised(value, above, scope), end


def _is_number_e(scope: Scope) -> bool:
    """Whether `e` without an index is a quantity of the file; one with indices leaves `e^x` alone."""
    return _is_known("e", scope) and Name("e") not in scope.file.names.arity


def _is_known(name: str, scope: Scope) -> bool:
    file = scope.file
    if name in file.defined or name in file.names.declared or name in scope.parameters:
        return True
    return file.model is not None and any(q.name.base.partition("_")[0] == name for q in file.model.quantities)


def _opens(item: Item) -> bool:
    return isinstance(item.head, Group) and item.head.bracket == "("


def _only_names_what_it_uses(item: Item, following: Item, scope: Scope) -> bool:
    """`h_\\theta(x)`: brackets that hold just a symbol on which the quantity before them depends."""
    if not _opens(following) or not isinstance(item.head, Symbol) or not isinstance(following.head, Group):
        return False
    uses = scope.file.uses.get(item.head.name + "'" * item.primes, frozenset())
    symbols = []
    for chain in following.head.content.chains:
        inner = lone(Line((chain,)))
        if inner is None or not isinstance(inner.head, Symbol) or not inner.bare:
            return False
        symbols.append(inner.head.name)
    return all(symbol in uses for symbol in symbols)


def _one(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """An indicator: `\\mathbf{1}_{\\{x > 0\\}}`, `\\mathbb{1}[x > 0]`."""
    item = items[place]
    if item.below is not None:
        inner = lone(item.below)
        line = inner.head.content if inner is not None and isinstance(inner.head, Group) else item.below
        if any(chain.relations for chain in line.chains):
            return raised(_relation(line, scope), item.above, scope), place + 1
    following = items[place + 1] if place + 1 < len(items) else None
    if item.bare and following is not None and _is_condition(following):
        return raised(_condition(following, scope), following.above, scope), place + 2
    raise scope.unsupported(rf"matrix notation ({spell(replace(item, above=None))})", item.start)


FOLDS = Folds(expression, product, factor)
