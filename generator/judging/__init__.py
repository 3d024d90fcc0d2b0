"""Judging: at which sizes and points, under what is given, and how two formulas are compared."""
