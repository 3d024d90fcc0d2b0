"""Numbers of the worked example in LaTeX."""

from __future__ import annotations

from generator.example import shown


def number(value: float) -> str:
    """A number: five significant digits, powers of ten written out."""
    digits, _, exponent = shown(value).partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits
