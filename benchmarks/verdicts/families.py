"""The families of models that claims are made about."""

from __future__ import annotations

from benchmarks.verdicts.draft import Family
from benchmarks.verdicts.layered import layered
from benchmarks.verdicts.shallow import shallow

FAMILIES: tuple[Family, ...] = (*layered(), *shallow())
