"""Question files: what is read, and what is said where something cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from generator.errors import Refusal, Refusals
from generator.source import read_question

HEAD = "---\ntitle: A title\nmodel: |\n  y = \\sigma(w x)\n  L = (y - t)^2\n"


def front(keys: str, head: str = HEAD) -> str:
    return head + keys + "---\nThe question.\n"


def refused(text: str) -> tuple[Refusal, ...]:
    with pytest.raises(Refusals) as caught:
        read_question(text, "docs/q/some-question.md")
    return caught.value.refusals


def test_a_file_is_read_with_all_its_keys() -> None:
    text = front(
        "source: https://stats.stackexchange.com/questions/1/a\n"
        "tags: [sigmoid, squared error]\n"
        "description: A description.\n"
        "ask:\n  - \\frac{\\partial L}{\\partial w}\n  - 'L'\n"
        "given: t \\in \\{0, 1\\}\n"
        "sizes: {n: 3, 'n_{1}': m}\n"
        "values:\n  w: 1e-3\n  x: [1, -0.5, 1/3]\n  y: 2\n  on: 1\n"
        "roles: {x: input}\n"
        "claims:\n"
        "  - \\frac{\\partial L}{\\partial w} = 2\n"
        "  - latex: L = 2\n    by: answer\n    expect: wrong\n    note: A note.\n    model: |\n      L = y\n"
    )
    question = read_question(text, "docs/q/some-question.md")
    assert question.slug == "some-question"
    assert question.title == "A title"
    assert [line.text for line in question.model] == ["y = \\sigma(w x)", "L = (y - t)^2"]
    assert [ask.text for ask in question.asks] == ["\\frac{\\partial L}{\\partial w}", "L"]
    assert [line.text for line in question.given] == ["t \\in \\{0, 1\\}"]
    assert [(key.text, value.text) for key, value in question.sizes] == [("n", "3"), ("n_{1}", "m")]
    assert [(key.text, value) for key, value in question.values] == [
        ("w", Fraction(1, 1000)),
        ("x", (Fraction(1), Fraction(-1, 2), Fraction(1, 3))),
        ("y", Fraction(2)),
        ("on", Fraction(1)),
    ]
    assert [(key.text, value.text) for key, value in question.roles] == [("x", "input")]
    first, second = question.claims
    assert (first.latex.text, first.by, first.expect) == ("\\frac{\\partial L}{\\partial w} = 2", "asker", None)
    assert (second.by, second.expect, second.note) == ("answer", "wrong", "A note.")
    assert [line.text for line in second.model] == ["L = y"]
    assert question.source == "https://stats.stackexchange.com/questions/1/a"
    assert question.tags == ("sigmoid", "squared error")
    assert question.description == "A description."
    assert question.body == "The question."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"ask: \frac{a}{b}", r"\frac{a}{b}"),
        (r"ask: '\frac{a}{b}'", r"\frac{a}{b}"),
        ("ask: 'y'' + a'", "y' + a"),
        ('ask: "a + b"', "a + b"),
        ("ask: |\n  a\n  + b", "a + b"),
        ("ask: >-\n  a\n  + b", "a + b"),
        ("ask: a\n  + b", "a + b"),
        (r"ask: -\frac{a}{b}", r"-\frac{a}{b}"),
        ("ask: a'", "a'"),
        ("ask: 1e-3", "1e-3"),
        ("ask: no", "no"),
    ],
)
def test_a_formula_is_read_as_raw_text(written: str, read: str) -> None:
    question = read_question(front(written + "\n"), "a.md")
    assert question.asks[0].text == read


def test_every_character_of_a_formula_knows_its_place() -> None:
    text = front("ask: 'y'' + a'\n", "---\ntitle: t\nmodel: |\n  L = a\n    + b\n")
    question = read_question(text, "a.md")
    line, ask = question.model[0], question.asks[0]
    assert line.text == "L = a + b"
    places = [line.place(line.text.index(letter)) for letter in "Lab"]
    assert [(place.line, place.column) for place in places] == [(4, 3), (4, 7), (5, 7)]
    assert places[2].text == "    + b"
    assert [(ask.place(n).line, ask.place(n).column) for n in (0, 1, 2, 5)] == [(6, 7), (6, 8), (6, 10), (6, 13)]


def test_lines_of_a_model_continue_and_lose_what_align_needs() -> None:
    lines = "  \\begin{align}\n  L &= a \\\\\n     &+ b\n  - c\n  = d\n\n  M = e.\n  \\end{align}\n"
    head = "---\ntitle: t\nmodel: |\n" + lines
    question = read_question(front("ask: L\n", head), "a.md")
    assert [line.text for line in question.model] == ["L &= a \\\\ &+ b - c = d", "M = e."]


# What is written, a part of the message, line and column, a part of the hint.
REFUSED = [
    ('ask: "\\frac{a}{b}"', "YAML", 6, 6, "ask: '\\frac{a}{b}'"),
    ('ask: "\\theta"', "YAML", 6, 6, "ask: '\\theta'"),
    ("ask: a # b", "YAML", 6, 6, "ask: 'a # b'"),
    ("ask: a: b", "YAML", 6, 7, "ask: 'a: b'"),
    ("claims:\n  - [a] = b", "YAML", 7, 9, "- '[a] = b'"),
    ("claims:\n  - [a]", "YAML", 7, 5, "- '[a]'"),
    ("claims:\n  - {a} = b", "YAML", 7, 9, "- '{a} = b'"),
    ("claims:\n  - |a| = b", "YAML", 7, 6, "- '|a| = b'"),
    ("claims:\n  - > b", "YAML", 7, 7, "- '> b'"),
    ("claims:\n  - - a = b", "YAML", 7, 5, "- '- a = b'"),
    ("claims:\n  - a = b: c", "YAML", 7, 5, "- 'a = b: c'"),
    ("claims:\n  - `a`", "YAML", 7, 5, "- '`a`'"),
    ("claims:\n  - 'a' = b", "YAML", 7, 9, "- '''a'' = b'"),
    ("claims:\n  - *a", "YAML", 7, 5, "- '*a'"),
    ("claims:\n  - &a b", "YAML", 7, 5, "- '&a b'"),
    ("claims:\n  - !a b", "YAML", 7, 5, "- '!a b'"),
    ("claims:\n  - %a", "YAML", 7, 5, "- '%a'"),
    ("claims:\n  - @a", "YAML", 7, 5, "- '@a'"),
    ("ask: a\nsizes: {n_{1}: 3}", "YAML", 7, 8, "{'n_{1}': 3}"),
    ("\task: a", "a tab", 6, 1, "spaces"),
    ("ask: a\nask: b", "the key ask stands in line 6 already", 7, 1, ""),
    ("ask: a\naks: b", "unknown key aks", 7, 1, "Did you mean ask"),
    ("ask: a\nzzz: b", "unknown key zzz", 7, 1, "title, model"),
    ("ask:", "empty", 6, 1, "ask: \\frac"),
    ("tags: [a]", "the file asks nothing", 2, 1, "ask: "),
    ("ask: a\ntags: b", "tags", 7, 7, "tags: ["),
    ("ask: a\nsource: javascript:alert(1)", "a web address", 7, 9, "https://"),
    ("ask: a\nvalues: {w: b}", "a number was expected", 7, 13, "values: {"),
    ("ask: a\nvalues: {w: 1e999}", "a number was expected", 7, 13, "values: {"),
    ("ask: a\nclaims:\n  - latex: b\n    expect: rigth", "expect is one of", 9, 13, "Did you mean right"),
    ("ask: a\nclaims:\n  - latex: b\n    by: askr", "by is one of", 9, 9, "Did you mean asker"),
    ("ask: a\nclaims:\n  - latex: b\n    latx: c", "unknown key latx", 9, 5, "Did you mean latex"),
    ("ask: a\nclaims:\n  - by: asker", "the key latex is missing", 8, 5, "latex: "),
]


@pytest.mark.parametrize(("written", "message", "line", "column", "hint"), REFUSED)
def test_a_refusal_names_cause_place_and_remedy(written: str, message: str, line: int, column: int, hint: str) -> None:
    text = front(written + "\n")
    found = refused(text)
    assert len(found) == 1, [str(refusal) for refusal in found]
    refusal = found[0]
    assert message in refusal.message
    assert refusal.place is not None
    assert (refusal.place.line, refusal.place.column) == (line, column)
    assert refusal.place.text == text.split("\n")[line - 1]
    assert hint in refusal.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: t\n", "three dashes"),
        ("---\ntitle: t\n", "never closed"),
        ("---\n- a\n---\n", "keys with values"),
        ("---\n---\n", "keys with values"),
        ("---\ntitle: \x07\n---\n", "U+0007"),
        ("---\ntitle: t\nvalues: " + "[" * 50 + "]" * 50 + "\n---\n", "YAML"),
        ("---\n" + "a" * 300_000, "characters"),
    ],
)
def test_a_file_without_front_matter_is_refused(text: str, message: str) -> None:
    (refusal,) = refused(text)
    assert message in refusal.message
    assert refusal.place is not None


def test_independent_faults_are_told_at_once_in_reading_order() -> None:
    found = refused("---\ntitel: t\nmodel: y = x\nask: L\nclaims:\n  - latex: a\n    by: me\nask: M\n---\n")
    messages = [refusal.message for refusal in found]
    assert messages[0].startswith(("unknown key titel", "the key title"))
    assert any("title is missing" in message for message in messages)
    assert any("by is one of" in message for message in messages)
    assert any("the key ask stands" in message for message in messages)
    assert [r.place.line for r in found if r.place] == sorted(r.place.line for r in found if r.place)
