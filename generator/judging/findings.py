"""What is found about one equation: its verdict, and the conditions and the factor under which it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.formula import Formula
from generator.judging.bench import Bench
from generator.judging.compare import Comparison, Pair, compare, prepared, related
from generator.judging.conditions import Imposed, on_sizes, on_targets
from generator.judging.factors import factor
from generator.verdict import Condition, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on an equation. `factor` is left / right under the `conditions`."""

    pair: Pair
    verdict: Verdict
    conditions: tuple[Condition, ...] = ()
    factor: Formula | None = None
    comparison: Comparison = field(default_factory=Comparison)

    @property
    def reason(self) -> str | None:
        """Why it is undecided, or which index it uses that does not exist."""
        return self.comparison.open or (str(self.comparison.out_of_range) if self.comparison.out_of_range else None)


def settle(bench: Bench, pair: Pair) -> Finding:
    """The finding about `left = right`: conditions alone are tried before a factor, and a size of 1 after it."""
    comparison = compare(bench, pair)
    if comparison.equal:
        return Finding(pair, Verdict.RIGHT)
    if comparison.open is not None:
        return Finding(pair, Verdict.UNDECIDED, comparison=comparison)
    if comparison.out_of_range is not None:
        return Finding(pair, Verdict.WRONG, comparison=comparison)
    return next(_excuses(bench, pair, comparison), Finding(pair, Verdict.WRONG, comparison=comparison))


def _excuses(bench: Bench, pair: Pair, comparison: Comparison) -> Iterator[Finding]:
    """The ways in which an equation that does not hold comes near to holding, the best first."""
    concerned = related(bench, prepared(bench, pair))
    under = [(one, _under(bench, one)) for one in on_targets(bench.original[0], concerned)]
    for imposed, nearby in under:
        if compare(nearby, pair).equal:
            yield Finding(pair, Verdict.CONDITIONAL, (imposed.condition,), comparison=comparison)
    found = factor(bench, pair)
    if found is not None:
        yield Finding(pair, Verdict.PROPORTIONAL, (), found, comparison)
    for imposed in on_sizes(bench.original[0]):
        if compare(_under(bench, imposed), pair).equal:
            yield Finding(pair, Verdict.CONDITIONAL, (imposed.condition,), comparison=comparison)
    for imposed, nearby in under:
        found = factor(nearby, pair)
        if found is not None:
            yield Finding(pair, Verdict.PROPORTIONAL, (imposed.condition,), found, comparison)


def _under(bench: Bench, imposed: Imposed) -> Bench:
    return bench.again(given=(*bench.given, *imposed.given), fixed=dict(imposed.sizes))
