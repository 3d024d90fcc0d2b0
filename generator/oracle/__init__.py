"""The numeric truth: forward passes in high precision and their differences. Knows no rule of differentiation."""

from generator.oracle.elementary import KINKED, Outside, Real, derived, exact, exactly
from generator.oracle.forward import Forward, Point, Switch, evaluate
from generator.oracle.program import RELATIONS, Code, Indices, OutOfRange, Program, Scope

__all__ = [
    "KINKED",
    "RELATIONS",
    "Code",
    "Forward",
    "Indices",
    "OutOfRange",
    "Outside",
    "Point",
    "Program",
    "Real",
    "Scope",
    "Switch",
    "derived",
    "evaluate",
    "exact",
    "exactly",
]
