"""Where YAML reads a formula in its own way: the refusal that says so and shows the line as it should be."""

from __future__ import annotations

import re

from generator.errors import Place, Refusal

_ITEM = re.compile(r"(?P<head>\s*(?:-(?:\s+|$))?(?:[A-Za-z_]+:(?:\s+|$))?)(?P<value>.*)")
_STARTS = {
    "[": "the beginning of a list",
    "{": "the beginning of a mapping",
    "|": "the beginning of a block",
    ">": "the beginning of a block",
    "*": "a reference to another value",
    "&": "the name of a value",
    "!": "a type",
    "%": "a directive",
    "@": "a character that it keeps for itself",
    "`": "a character that it keeps for itself",
    "'": "the beginning of a quotation",
    '"': "the beginning of a quotation",
    "-": "an item of a list",
    "#": "a remark",
    "?": "a key",
}


def as_it_should_be(line: str) -> str:
    """The line with its value in single quotes."""
    match = _ITEM.fullmatch(line)
    if match is None:
        return line
    value = match.group("value").strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return match.group("head") + "'" + value.replace("'", "''") + "'"


_KEY = re.compile(r"(?<=[{,\s])([^\s,'\"{}]*\{[^{}]*\}[^\s,:'\"]*)(?=\s*:)")


def _with_quoted_keys(line: str) -> str:
    """The line with those keys of its mapping in single quotes that hold braces themselves."""
    head, brace, rest = line.partition("{")
    return head + brace + _KEY.sub(r"'\1'", " " + rest)[1:]


def trap(place: Place, what: str = "") -> Refusal:
    """The refusal of a line that YAML bends. `what` says how; else the first character of the value tells."""
    match = _ITEM.fullmatch(place.text)
    value = match.group("value").strip() if match is not None else ""
    cause = what or _cause(value)
    hint = f"In single quotes it is read as it stands: {as_it_should_be(place.text).strip()}"
    if re.match(r"\s*(sizes|values|roles|shapes):", place.text) and value.startswith("{"):
        hint = f"Put keys that hold braces in single quotes: {_with_quoted_keys(place.text).strip()}"
    if "\t" in place.text[: len(place.text) - len(place.text.lstrip())]:
        cause, hint = "a tab, which may not indent a line", "Indent with spaces."
    return Refusal(f"YAML, the format of this block, reads here {cause}", place, hint)


def _cause(value: str) -> str:
    if re.match(r"\{.*\{|\{[^}]*$", value):
        return "the beginning of a mapping, and its braces do not match"
    if value[:1] in _STARTS:
        return f"{value[:1]} at the beginning of a value as {_STARTS[value[:1]]}"
    if " #" in value:
        return "` #` as the beginning of a remark, so that the rest is cut off"
    if ": " in value or value.endswith(":"):
        return "`: ` as the end of a key"
    return "something else than a text"
