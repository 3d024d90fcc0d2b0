"""The numeric truth: forward passes in high precision and their differences. Knows no rule of differentiation."""

from generator.oracle.elementary import Outside, Real, exact, exactly
from generator.oracle.forward import Forward, Point, Switch, evaluate
from generator.oracle.program import RELATIONS, Indices, OutOfRange, Program, Scope

__all__ = [
    "RELATIONS",
    "Forward",
    "Indices",
    "OutOfRange",
    "Outside",
    "Point",
    "Program",
    "Real",
    "Scope",
    "Switch",
    "evaluate",
    "exact",
    "exactly",
]
