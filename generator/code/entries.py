"""Entry-by-entry code: letters are loop variables that count as the question does, sums are comprehensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.code.names import unique, word
from generator.code.printer import ATOM, PRODUCT, RELATIONS, SUM, Bounds, Code, Printer, Run, Scope
from generator.formula import (
    Condition,
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Letter,
    Product,
    Range,
    Softmax,
    Sum,
    plain_letter,
)


@dataclass(frozen=True, slots=True)
class Entries(Printer):
    """Prints formulas for one entry at a time."""

    def entry(self, entry: Entry, scope: Scope) -> Code:
        """The entry of an array, which counts from 0."""
        name = self.words.names[entry.name]
        if not entry.indices:
            return Code(name)
        firsts = (low for low, _ in self.words.bounds[entry.name])
        at = (self.index(index, scope, -low) for index, low in zip(entry.indices, firsts, strict=True))
        return Code(f"{name}[{', '.join(at)}]")

    def index(self, index: Index, scope: Scope, more: int = 0) -> str:
        """The integer that an index stands for, plus `more`."""
        number = self.words.integer(index)
        if index.letter not in scope and number is not None:
            return str(number + more)
        offset = index.offset + more
        sign = f" + {offset}" if offset > 0 else f" - {-offset}" if offset < 0 else ""
        return scope[str(index.letter)].text + sign

    def bound(self, formula: Sum | Product | Softmax, scope: Scope) -> Code:
        """A comprehension over the letter."""
        inner = self.entered(formula.letter, formula.range, scope)
        loop = self.loop(formula.letter, formula.range, inner, scope)
        match formula:
            case Sum(_, _, body, where):
                return Code(f"sum({self.code(body, inner).text} {loop}{self.conditions(where, inner)})")
            case Product(_, _, body, where):
                return Code(f"math.prod({self.code(body, inner).text} {loop}{self.conditions(where, inner)})")
            case Softmax(index, letter, _, argument):
                exp = self.words.dialect.module + ".exp"
                own = {**scope, letter: Run(self.index(index, scope), None)}
                whole = f"sum({exp}({self.code(argument, inner).text}) {loop})"
                return Code(f"{exp}({self.code(argument, own).text}) / {whole}", PRODUCT)

    def entered(self, letter: str, range_: Range, scope: Scope) -> Scope:
        """The scope with one more letter, under an identifier that nothing else has."""
        taken = {*self.words.names.values(), *self.words.size_names.values(), *(run.text for run in scope.values())}
        return {**scope, letter: Run(unique(word(plain_letter(letter)), taken), self.words.span(range_))}

    def loop(self, letter: str, range_: Range, inner: Scope, scope: Scope) -> str:
        """The `for` of a comprehension."""
        start, stop = self.index(range_.lower, scope), self.index(range_.upper, scope, 1)
        return f"for {inner[letter].text} in range({start}, {stop})"

    def conditions(self, where: Sequence[Condition], scope: Scope) -> str:
        """The `if` of a comprehension."""
        return " if " + " and ".join(self.condition(c, scope) for c in where) if where else ""

    def condition(self, condition: Condition, scope: Scope) -> str:
        """A condition between integers."""
        relation = RELATIONS.get(condition.relation, condition.relation)
        return f"{self.index(condition.left, scope)} {relation} {self.index(condition.right, scope)}"

    def multiplied(self, factors: Sequence[Formula], scope: Scope) -> Code:
        """The product; conditions on the indices guard the rest, whose entries may not exist where they fail."""
        guards = [factor for factor in factors if isinstance(factor, Holds | Delta)]
        rest = Printer.multiplied(self, [factor for factor in factors if factor not in guards], scope)
        if not guards:
            return rest
        conditions = " and ".join(self.guard(guard, scope) for guard in guards)
        return Code(f"({rest.text} if {conditions} else 0.0)")

    def guard(self, guard: Holds | Delta, scope: Scope) -> str:
        """The condition under which a factor is 1."""
        match guard:
            case Delta(left, right):
                return self.condition(Condition(left, "=", right), scope)
            case Holds(conditions):
                return " and ".join(self.condition(c, scope) for c in conditions)

    def counted(self, formula: Letter | Delta | Holds, scope: Scope) -> Code:
        """An index as a number, or 1 where a condition holds."""
        match formula:
            case Letter(index):
                return Code(self.index(index, scope), SUM if index.offset else ATOM)
            case Delta() | Holds():
                return Code(f"float({self.guard(formula, scope)})")

    def aligned(self, parts: Sequence[Code], scope: Scope) -> tuple[Code, ...]:
        """Numbers need no aligning."""
        del scope
        return tuple(parts)

    def filled(self, formula: Formula, letters: Sequence[tuple[str, Bounds]]) -> str:
        """The array of a formula for every value of the letters, the first one outermost."""
        scope: Scope = {}
        loops = []
        for letter, (low, high) in letters:
            range_ = Range(Index(None, low), Index(None, high))
            scope = self.entered(letter, range_, scope)
            loops.append(self.loop(letter, range_, scope, scope))
        text = self.code(formula, scope).text
        for loop in reversed(loops):
            text = f"[{text} {loop}]"
        return self.words.dialect.array.format(text) if loops else text
