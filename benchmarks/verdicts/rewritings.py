"""The right rewritings: every claim made here equals the true derivative."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.verdicts import rewrite_algebra as algebra
from benchmarks.verdicts import rewrite_names as names
from benchmarks.verdicts import rewrite_sums as sums
from benchmarks.verdicts.trees import Spot, put, spots
from benchmarks.verdicts.worked import FORMS, Worked, rendered
from generator.formula import Derivative, Entry, Formula, Index, Range, Sum, multiply

Rewrite = Callable[[Worked, Spot, random.Random], Formula | None]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A way to write the same differently, done somewhere in a formula."""

    key: str
    rewrite: Rewrite


REWRITINGS: tuple[Rewriting, ...] = (
    Rewriting("a summed letter renamed, or hiding another", sums.renamed),
    Rewriting("nested sums in the other order", sums.swapped),
    Rewriting("a sum written out", sums.written_out),
    Rewriting("the first term of a sum apart", sums.first_apart),
    Rewriting("the last term of a sum apart", sums.last_apart),
    Rewriting("a sum counted from 0", sums.shifted),
    Rewriting("one term of a sum apart, the others under a condition", sums.one_apart),
    Rewriting("factors moved into a sum, sums nested", sums.moved_in),
    Rewriting("factors moved in front of a sum", sums.moved_out),
    Rewriting("the sum of each term", sums.spread),
    Rewriting("a sum over Kronecker's delta", sums.through_delta),
    Rewriting("a size times the mean", sums.mean),
    Rewriting("the mean of ones", sums.ones),
    Rewriting("minus the difference the other way round", algebra.turned),
    Rewriting("two signs turned", algebra.both_negative),
    Rewriting("a bracket multiplied out", algebra.distributed),
    Rewriting("a common factor collected", algebra.collected),
    Rewriting("another order", algebra.reordered),
    Rewriting("brackets that mean nothing", algebra.bracketed),
    Rewriting("multiplied and divided by an entry", algebra.same_above_and_below),
    Rewriting("multiplied and divided by a bracket", algebra.bracket_above_and_below),
    Rewriting("multiplied and divided by a size", algebra.size_above_and_below),
    Rewriting("the same added and taken away", algebra.plus_and_minus),
    Rewriting("two halves", algebra.two_halves),
    Rewriting("three times minus twice", algebra.two_thirds),
    Rewriting("a square as a product", algebra.square_as_product),
    Rewriting("1 - a^2 as (1 - a)(1 + a)", algebra.squares_as_product),
    Rewriting("a(1 - a) as a - a^2", algebra.product_as_squares),
    Rewriting("one over one over", algebra.twice_inverted),
    Rewriting("divided by one over a factor", algebra.over_one),
    Rewriting("a difference as that of squares over the sum", algebra.completed_square),
    Rewriting("a definition put in", names.inlined),
    Rewriting("1 - tanh^2(z) for 1 - a^2", names.gate_of_argument),
    Rewriting("sigma(-a) for 1 - sigma(a)", names.complement),
    Rewriting("activations as exponentials", names.as_exponentials),
    Rewriting("f' written out", names.derivative_of_row),
    Rewriting("f' as exponentials", names.prime_as_exponentials),
    Rewriting("e to the logarithm", names.log_and_exp),
    Rewriting("softmax as a fraction of exponentials", names.softmax_written),
    Rewriting("times the sum of all softmax outputs", names.sum_of_softmax),
    Rewriting("the sign as a quotient", names.sign_as_quotient),
    Rewriting("a gate by another condition", names.indicator_otherwise),
)
PLAIN = "as derived"
CHAIN = "a chain of derivatives"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Members of a right claim after the derivative that is asked; `form` and `key` tell how they were made."""

    form: str
    key: str
    members: tuple[Formula, ...]


def rewritten(worked: Worked) -> Iterator[Rewritten]:
    """The derivative in every form as it is; in one of them rewritten in each way that fits, often in two at once."""
    forms = {name: rendered(worked.terms, form) for name, form in FORMS.items()}
    for name, formula in forms.items():
        yield Rewritten(name, PLAIN, (formula,))
    for chain in chains(worked):
        yield Rewritten("chain", CHAIN, (chain, forms["chain"]))
    for rewriting in REWRITINGS:
        numbers = random.Random(zlib.crc32(repr((worked.family.key, worked.asked, worked.way, rewriting.key)).encode()))
        name = numbers.choice(sorted(forms))
        once = somewhere(worked, forms[name], rewriting, numbers)
        if once is None:
            continue
        yield Rewritten(name, rewriting.key, (once,))
        twice = somewhere(worked, once, numbers.choice(REWRITINGS), numbers)
        if twice is not None:
            yield Rewritten(name, rewriting.key, (twice,))


def somewhere(worked: Worked, formula: Formula, rewriting: Rewriting, numbers: random.Random) -> Formula | None:
    """The formula rewritten at one of the places at which that is possible."""
    found = list(spots(formula, worked.scope))
    for spot in numbers.sample(found, len(found)):
        new = rewriting.rewrite(worked, spot, numbers)
        if new is not None:
            return put(formula, spot.path, new)
    return None


def chains(worked: Worked) -> Iterator[Formula]:
    """The derivative through all entries of one quantity on the way, and of two in a row."""
    if not isinstance(worked.asked.of, Entry):
        return
    path = max((term.path for term in worked.terms), key=len)
    between = path[1:-1]
    if any([e.name for e in term.path[1:-1]] != [e.name for e in between] for term in worked.terms):
        return
    for chosen in dict.fromkeys((between[:1], between[-1:], between[-2:])):
        if chosen:
            yield _through(worked, chosen)


def _through(worked: Worked, chosen: tuple[Entry, ...]) -> Formula:
    """The product of the derivatives from one to the next, summed over all entries of each."""
    taken = {letter for letter, _ in worked.scope} | set(worked.model.sizes)
    letters = (letter for letter in "klmpqrsuvabcdefgh" if letter not in taken)
    sums: list[tuple[str, Range]] = []
    entries: list[Entry] = [worked.asked.of] if isinstance(worked.asked.of, Entry) else []
    for entry in chosen:
        ranges = worked.model.quantity[entry.name].ranges
        own = [next(letters) for _ in ranges]
        sums.extend(zip(own, ranges, strict=True))
        entries.append(Entry(entry.name, tuple(map(Index, own))))
    entries.append(worked.asked.wrt[0])
    body = multiply(*(Derivative(a, (b,)) for a, b in pairwise(entries)))
    for letter, range_ in reversed(sums):
        body = Sum(letter, range_, body)
    return body
