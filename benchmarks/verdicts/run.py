"""How often verdicts and diagnoses are right: mistakes that are made on purpose, and right rewritings.

python benchmarks/verdicts/run.py [--sample N] [--seed S] [--workers W] [--page docs/benchmark.md]
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.verdicts.cases import Case, doubled, mistaken, rewritten_cases  # noqa: E402 - the checkout's own package
from benchmarks.verdicts.families import FAMILIES  # noqa: E402
from benchmarks.verdicts.floats import known, points  # noqa: E402
from benchmarks.verdicts.grade import Outcome, graded  # noqa: E402
from benchmarks.verdicts.tally import page, summary  # noqa: E402


def cases(family: int) -> Iterator[Case]:
    """All cases of a family: mistakes, mistakes in pairs, right rewritings."""
    yield from mistaken(FAMILIES[family])
    yield from doubled(FAMILIES[family])
    yield from rewritten_cases(FAMILIES[family])


def count(family: int) -> int:
    """How many cases a family has."""
    return sum(1 for _ in cases(family))


def outcomes(family: int, chosen: frozenset[int] | None) -> list[Outcome]:
    """The outcomes of the chosen cases of a family, or of all; mistakes that change nothing are left out."""
    model = FAMILIES[family]
    at = points(model)
    truths = {}
    found = []
    for number, case in enumerate(cases(family)):
        if chosen is not None and number not in chosen:
            continue
        if case.asked not in truths:
            truths[case.asked] = known(model, case.asked, case.scope, at)
        try:
            outcome = graded(case, truths[case.asked])
        except Exception as error:
            error.add_note(case.label)
            raise
        if outcome is not None:
            found.append(outcome)
    return found


def drawn(sample: int, seed: int, workers: int) -> list[tuple[int, frozenset[int] | None]]:
    """Which cases of which families make a sample; all where it is 0."""
    if not sample:
        return [(family, None) for family in range(len(FAMILIES))]
    with ProcessPoolExecutor(workers) as pool:
        counts = list(pool.map(count, range(len(FAMILIES))))
    everything = [(family, number) for family, most in enumerate(counts) for number in range(most)]
    chosen = random.Random(seed).sample(everything, min(sample, len(everything)))
    return [
        (family, frozenset(number for own, number in chosen if own == family))
        for family in sorted({f for f, _ in chosen})
    ]


def run(sample: int, seed: int, workers: int) -> list[Outcome]:
    """All outcomes, in the order of the families; tells on the way how far it is."""
    parts = drawn(sample, seed, workers)
    start = time.perf_counter()
    done: dict[int, list[Outcome]] = {}
    with ProcessPoolExecutor(workers) as pool:
        waiting = {pool.submit(outcomes, family, chosen): family for family, chosen in parts}
        for future in as_completed(waiting):
            family = waiting[future]
            done[family] = future.result()
            faults = sum(bool(outcome.faults) for outcome in done[family])
            took = time.perf_counter() - start
            head = f"{len(done)}/{len(parts)} {took:6.0f} s  {FAMILIES[family].key}"
            print(f"{head}: {len(done[family])} cases, {faults} at fault", file=sys.stderr, flush=True)
    return [outcome for family in sorted(done) for outcome in done[family]]


def main() -> int:
    """Run, print the counts, write the page; the exit status is 1 where anything is wrong that never may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=0, help="only so many cases, drawn at random; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--page", type=Path, help="the page to write")
    parser.add_argument("--list", action="store_true", help="every case at fault or whose mistake was not named")
    options = parser.parse_args()
    found = run(options.sample, options.seed, options.workers)
    text, sound = summary(found)
    print(text)
    if options.list:
        print(
            *(f"{', '.join(o.faults) or 'not named'}: {o.label} {o.verdict} {o.steps}" for o in found if o.notable),
            sep="\n",
        )
    if options.page:
        options.page.write_text(page(found, options.sample, options.seed), encoding="utf-8")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
