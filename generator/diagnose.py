"""What would turn a claim into the truth."""

from __future__ import annotations

from generator.judging.bench import Bench
from generator.judging.compare import Pair
from generator.verdict import Diagnosis


def diagnose(bench: Bench, pair: Pair) -> tuple[Diagnosis, ...]:
    """All smallest repairs."""
    return ()
