"""The worked example as a page shows it: given numbers, the result term by term, every derivative by three routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from generator import anchors
from generator.derivation import Derivation
from generator.errors import Unsupported
from generator.example import Example, Row, Value, shown
from generator.example import TermRow as Worked
from generator.facts import Fact, Math, Ref
from generator.formula import Entry, Name
from generator.kinds import fact
from generator.latex.printer import latex
from generator.mathml import Mark, marked
from generator.model import Model
from generator.page.numbers import number
from generator.page.paths import hue
from generator.page.record import Check, NumberRow, Snippet, TermRow
from generator.page.shown import Writer, chain, joined
from generator.snippets import numpy_code, torch_code

MOST_ADDED = 6


def check(model: Model, derivation: Derivation, worked: Example, steps: dict[str, int], write: Writer) -> Check:
    """The example and the programs that give its numbers."""
    return Check(
        _quantities(model, worked.inputs, write),
        _quantities(model, worked.forward, write),
        tuple(_term(number, row, write) for number, row in enumerate(worked.terms, start=1)),
        tuple(_row(row, steps, write) for row in (*worked.rows, worked.result)),
        _total(worked),
        _moved(worked, write),
        worked.seed,
        f"{worked.off_automatic:.0e}",
        f"{worked.off_differences:.0e}",
        _stand_ins(worked),
        _snippets(model, derivation, worked),
    )


def _total(worked: Example) -> Math:
    """The terms added up: `0.2 + 0.3 = 0.5`; one number for one term."""
    result = number(worked.result.formula)
    terms = [number(row.value) for row in worked.terms]
    if len(terms) < 2 or len(terms) > MOST_ADDED:
        return Math(result)
    text = f"{' + '.join(f'({term})' if term.startswith('-') else term for term in terms)} = {result}"
    return Math(text)


def _moved(worked: Example, write: Writer) -> Fact:
    wrt = write.math(worked.result.left.wrt[0])
    return fact("moved-both-ways", wrt=wrt, number=Math(number(worked.result.differences)))


def _quantities(model: Model, values: Iterable[Value], write: Writer) -> tuple[Math, ...]:
    """One equation for each quantity: a number, a list, rows of a matrix; else its entries one by one."""
    rows = groupby(values, key=lambda value: value.entry.name)
    lines = [_quantity(model, name, tuple(row), write) for name, row in rows]
    return tuple(Math(line) for line in lines)


def _quantity(model: Model, name: Name, row: Sequence[Value], write: Writer) -> str:
    alone = sum((one.name.base, one.name.superscript) == (name.base, name.superscript) for one in model.quantities) == 1
    rank = len(row[0].entry.indices)
    numbers = [number(value.value) for value in row]
    whole = latex(Entry(name)) if alone else latex(model.whole(name))
    if rank == 1 and len(row) > 1 and row[0].entry.indices[0].offset == 1:
        return f"{whole} = ({', '.join(numbers)})"
    if rank == 2 and len(row) > 1:
        lines = groupby(row, key=lambda value: value.entry.indices[0].offset)
        return f"{whole} = ({', '.join(_list(line) for _, line in lines)})"
    return r",\quad ".join(f"{write.math(v.entry).latex} = {n}" for v, n in zip(row, numbers, strict=True))


def _list(line: Iterable[Value]) -> str:
    return f"({', '.join(number(value.value) for value in line)})"


def _term(place: int, row: Worked, write: Writer) -> TermRow:
    """The numbers of a term's factors, each under the mark of its factor."""
    path = hue(place)
    parts, pieces, marks = [], [], list[Mark]()
    for factor, value in row.factors:
        text = f"({number(value)})" if value < 0 else number(value)
        named = _link(row, [(one.consumer, one.producer) for one in factor.links])
        parts.append(text)
        if not named:
            pieces.append(text)
            continue
        mark = Mark(named, (path,))
        if mark not in marks:
            marks.append(mark)
        pieces.append(marked(text, marks.index(mark)))
    product = Math(r" \cdot ".join(parts), r" \cdot ".join(pieces), tuple(marks))
    return TermRow(row.links, _ways(row.paths, write), product, shown(row.value))


def _ways(paths: Sequence[Sequence[Entry]], write: Writer) -> Math:
    """The entries on the way, those of all paths where a term is their sum: `L <- p_1, p_2 <- o_1`."""
    if len({len(path) for path in paths}) > 1:
        return joined([chain(path, write) for path in paths], r",\quad ")
    columns = (dict.fromkeys(column) for column in zip(*paths, strict=True))
    return joined([joined(write.maths(column), r",\ ") for column in columns], r"\leftarrow")


def _link(row: Worked, links: Sequence[tuple[Name, Name]]) -> str:
    for path in row.paths:
        for consumer, producer in pairwise(path):
            if (consumer.name, producer.name) in links:
                return anchors.link(consumer, producer)
    return ""


def _row(row: Row, steps: dict[str, int], write: Writer) -> NumberRow:
    step = Ref(str(steps[row.key]), anchors.step(row.key)) if row.key in steps else None
    return NumberRow(write.math(row.left), shown(row.formula), shown(row.automatic), shown(row.differences), step)


def _stand_ins(worked: Example) -> tuple[Fact, ...]:
    sizes = tuple(Math(f"{name} = {value}") for name, value in worked.sizes)
    found = [fact("stand-in-sizes", sizes=sizes)] if sizes else []
    if worked.generic:
        found.append(fact("stand-in-functions", functions=tuple(Math(name) for name in worked.generic)))
    return tuple(found)


def _snippets(model: Model, derivation: Derivation, worked: Example) -> tuple[Snippet, ...]:
    """The programs; none for a derivative that code cannot show yet."""
    try:
        return (
            Snippet("NumPy", "python", numpy_code(model, worked, derivation)),
            Snippet("PyTorch", "python", torch_code(model, worked, derivation)),
        )
    except Unsupported:
        return ()
