"""The counts of a run, as lines for a terminal and as a page of the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmarks.verdicts.grade import Outcome

NEVER = {
    "wrong called right": "Wrong claims called right",
    "wrong called conditional": "Wrong claims called right under a condition that does not make them so",
    "right refused": "Right claims called anything but right",
    "false diagnosis": "Diagnoses whose repaired formula is not the truth",
    "false factor": "Factors that do not turn the claim into the truth",
}
"""What must not happen at all, with the words of the page."""

OTHERWISE = {
    "undecided": "Claims left undecided",
    "factor not found": "Multiples of the truth whose factor was not found",
}


def summary(found: Sequence[Outcome]) -> tuple[str, bool]:
    """The counts as lines, and whether nothing happened that never may."""
    faults = Counter(fault for outcome in found for fault in outcome.faults)
    single = [o for o in found if o.kind == "mistake"]
    missed = Counter(o.name for o in single if not o.named)
    totals = Counter(o.name for o in single)
    lines = [f"{title}: {count}" for title, count in _counts(found)]
    lines += [f"{words}: {faults[key]}" for key, words in (NEVER | OTHERWISE).items()]
    lines += [f"  not named {count} of {totals[name]}: {name}" for name, count in missed.most_common()]
    return "\n".join(lines), not any(faults[key] for key in NEVER)


def _counts(found: Sequence[Outcome]) -> list[tuple[str, str]]:
    single, double, right = ([o for o in found if o.kind == kind] for kind in ("mistake", "double", "right"))
    times = sorted(1000 * o.seconds for o in found)
    named = sum(o.named for o in single)
    return [
        ("Claims", str(len(found))),
        ("Families of models", str(len({o.family for o in found}))),
        ("Wrong claims with one mistake", f"{len(single)} of {len({o.name for o in single})} kinds"),
        ("Wrong claims with two mistakes", str(len(double))),
        ("Right rewritings", f"{len(right)} of {len({o.name for o in right})} kinds"),
        ("Single mistakes whose kind and place are named", _share(named, len(single))),
        ("The same, by the first diagnosis that is given", _share(sum(o.first for o in single), len(single))),
        ("Pairs of mistakes whose kinds are named", _share(sum(o.named for o in double), len(double))),
        ("Median processor time for verdict and diagnosis", f"{_at(times, 0.5):.0f} ms"),
        ("95th percentile", f"{_at(times, 0.95):.0f} ms"),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none"


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def page(found: Sequence[Outcome], sample: int, seed: int) -> str:
    """The page of the site: what was tried, the counts, how to repeat it."""
    faults = Counter(fault for outcome in found for fault in outcome.faults)
    single, right = ([o for o in found if o.kind == kind] for kind in ("mistake", "right"))
    arguments = f" --sample {sample} --seed {seed}" if sample else ""
    extent = f"A sample of {sample} of them, drawn at random, was judged" if sample else "All of them were judged"
    return PAGE.format(
        extent=extent,
        counts=_table(("what", "count"), _counts(found)),
        never=_table(("what must not happen", "count"), [(w, str(faults[k])) for k, w in NEVER.items()]),
        otherwise=_table(("what else did not succeed", "count"), [(w, str(faults[k])) for k, w in OTHERWISE.items()]),
        families="\n".join(f"- {key}" for key in dict.fromkeys(o.family for o in found)),
        mistakes=_table(("mistake", "claims", "named"), _by_name(single)),
        rewritings=_table(("rewriting", "claims", "right"), _by_name(right)),
        arguments=arguments,
    )


def _by_name(found: Iterable[Outcome]) -> list[tuple[str, str, str]]:
    rows: dict[str, list[Outcome]] = {}
    for outcome in found:
        rows.setdefault(outcome.name, []).append(outcome)
    return [
        (name, str(len(own)), str(sum(o.named if o.kind == "mistake" else not o.faults for o in own)))
        for name, own in sorted(rows.items())
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    bars = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, bars, *rows))


PAGE = """\
---
title: How often the verdicts are right
description: Thousands of claims with known mistakes, and thousands of right ones in other words, judged and diagnosed.
---

# How often the verdicts are right

Claims whose truth is known are judged and diagnosed like those of a question. Some are made wrong on purpose, the
others are the truth in other words. The program that is tried does not decide which is which: both sides are evaluated
in ordinary floating point, the true one by automatic differentiation of the model's forward pass. The same route checks
every diagnosis: its repaired formula has to be equal to the truth at points that the diagnosis never saw.

{extent}. This page is written by the run.

{counts}

{never}

{otherwise}

A mistake counts as named if one of the diagnoses says its kind and marks the faulty part, or says what is missing;
where several fit equally well, all are given. A mistake that changes nothing (two indices exchanged where that makes no
difference) is none, and is left out. A claim that holds under a condition which the model does not give, such as
targets that sum to 1, is called conditional: it has to be the truth at points at which that condition is imposed.

## Repeat it

```text
python benchmarks/verdicts/run.py{arguments}
```

`make bench` runs it together with the other benchmarks and writes this page. `--list` prints every claim at fault and
every mistake that was not named.

## The mistakes

{mistakes}

## The right rewritings

{rewritings}

## The models

{families}
"""
