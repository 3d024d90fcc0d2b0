"""Blocks of code that stand before a snippet: functions that the library lacks, those left open, and derivatives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.code.dialect import STACKED
from generator.code.entries import Entries
from generator.code.printer import Words
from generator.functions import ARGUMENT, FUNCTIONS

_NAME = re.compile(r"(?:def )?(\w+)")


def blocks(words: Words, body: str) -> list[str]:
    """The blocks whose names the body calls, or that another of them calls, in an order in which they can stand."""
    called = body
    chosen: list[str] = []
    for block in reversed(list(dict.fromkeys(_all(words)))):
        found = _NAME.match(block)
        if found and re.search(rf"\b{found[1]}\(", called):
            chosen.insert(0, block)
            called += block
    return chosen


def _all(words: Words) -> Iterator[str]:
    """Every block that a snippet may need, each after those that it calls."""
    dialect = words.dialect
    for call in (*dialect.functions.values(), dialect.softmax):
        yield from call.defines
    yield STACKED
    inner = Entries(replace(words, names={ARGUMENT.name: "x"}))
    for key, name in words.functions.items():
        if key in FUNCTIONS:
            yield _function(f"{name}_prime", inner.code(FUNCTIONS[key].derivative, {}).text)
        else:
            yield _function(name, f"{dialect.module}.tanh(x)", "left open in the question: tanh stands in for it")
            yield _function(f"{name}_prime", f"1 - {dialect.module}.tanh(x) ** 2")


def _function(name: str, value: str, remark: str = "") -> str:
    return f"def {name}(x):{'  # ' * bool(remark)}{remark}\n    return {value}\n"
