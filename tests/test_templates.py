"""Templates and records agree: no template names what no record has, and nothing is recorded in vain."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import get_type_hints

import jinja2
import pytest
from jinja2 import meta, nodes

from generator.derivation import Rule
from generator.facts import Fact, Math, Ref, Value
from generator.forum import FORUMS
from generator.kinds import FACTS, RULES, fact
from generator.page import record
from generator.places import templates
from generator.site.answers import forum_environment
from generator.site.question import page_environment
from generator.site.templates import Environment, sources
from generator.verdict import Condition, Verdict

SOURCES = sources(templates())
PAGES = {name: text for name, text in SOURCES.items() if name.startswith(("pages/", "forum/"))}
ENVIRONMENT: Environment = page_environment(SOURCES)
RECORDS: tuple[type, ...] = tuple(
    part
    for part in vars(record).values()
    if isinstance(part, type) and dataclasses.is_dataclass(part) and part.__module__ == record.__name__
)
# Read by the filter that prints numbered equations.
UNPRINTED = {"Equation.label"}
# Sentences of one family are given the same values; not every one of them needs all.
FAMILIES = re.compile(r"slip-|sought-|headline-|step-title|event-coupled|event-every|why-|next-|symbol-weight-several")
REFERENCE = {"pages/functions.md.j2", "pages/pairs.md.j2", "pages/caveats.md.j2", "pages/verdicts.md.j2"}
REFERENCE |= {"pages/home.md.j2"}


def tree(name: str) -> nodes.Template:
    return ENVIRONMENT.parse(SOURCES[name])


def attributes(name: str) -> set[str]:
    return {found.attr for found in tree(name).find_all(nodes.Getattr)} - {"last", "first"}


def fields() -> dict[str, set[str]]:
    return {part.__name__: {field.name for field in dataclasses.fields(part)} for part in RECORDS}


@pytest.mark.parametrize("name", sorted(set(PAGES) - REFERENCE))
def test_a_page_template_names_only_fields_of_the_record(name: str) -> None:
    assert attributes(name) <= set().union(*fields().values())


def test_every_field_of_the_record_is_printed_or_said_to_be_optional() -> None:
    printed = set().union(*(attributes(name) for name in set(PAGES) - REFERENCE))
    unused = {f"{part}.{name}" for part, names in fields().items() for name in names - printed}
    unused |= UNPRINTED & {f"{part}.{name}" for part, names in fields().items() for name in names}
    assert unused == UNPRINTED


@pytest.mark.parametrize("part", RECORDS, ids=lambda part: part.__name__)
def test_every_field_of_the_record_is_documented(part: type) -> None:
    hints = get_type_hints(part, include_extras=True)
    for field in dataclasses.fields(part):
        (text,) = hints[field.name].__metadata__
        assert re.fullmatch(r"[A-Z].*\.", text), f"{part.__name__}.{field.name}"


@pytest.mark.parametrize(("folder", "kinds"), [("facts", FACTS), ("rules", RULES)])
def test_every_kind_of_fact_has_its_template_and_every_template_its_kind(folder: str, kinds: dict[str, object]) -> None:
    assert {name for name in SOURCES if name.startswith(f"{folder}/")} == {f"{folder}/{kind}.md.j2" for kind in kinds}


def test_every_rule_of_a_derivation_has_its_sentence() -> None:
    assert set(RULES) == {rule.value for rule in Rule}


def test_every_verdict_and_condition_has_its_words() -> None:
    for verdict in Verdict:
        assert {f"word-{verdict}", f"about-{verdict}"} <= FACTS.keys()
    assert {f"condition-{condition}" for condition in Condition} <= FACTS.keys()


@pytest.mark.parametrize("kind", [*FACTS, *RULES])
def test_a_sentence_uses_the_values_of_its_kind_and_no_others(kind: str) -> None:
    folder, row = ("facts", FACTS[kind]) if kind in FACTS else ("rules", RULES[kind])
    named = meta.find_undeclared_variables(tree(f"{folder}/{kind}.md.j2"))
    assert named <= set(row.names)
    if not FAMILIES.match(kind):
        assert named == set(row.names)


def sample(name: str) -> Value:
    """A value that suits a name."""
    if name == "equation":
        return Ref("(1)", "eq-E")
    if name == "steps":
        return (Ref("1", "step-a"), Ref("2", "step-b"))
    if name in ("scope", "first", "second"):
        return fact("scope-whole")
    if name in ("sum", "word", "others"):
        return fact({"sum": "sum-of-the-chain-rule", "word": "word-right", "others": "others-one"}[name])
    if name == "conditions":
        return (fact("condition-targets-one-hot"),)
    if name in ("count", "title", "number") or (name == "function"):
        return "two"
    return (Math("Y_k"), Math("Z_j"))


def values(kind: str, names: tuple[str, ...]) -> dict[str, Value]:
    text = SOURCES[f"{'facts' if kind in FACTS else 'rules'}/{kind}.md.j2"]
    found = {name: sample(name) for name in names}
    for name in names:
        if re.search(rf"{name}\|math\b", text):
            found[name] = Math(r"\frac{1}{Y_k}")
        if re.search(rf"{name}\|say\b", text) and not isinstance(found[name], Fact):
            found[name] = fact("scope-whole")
    return found


@pytest.mark.parametrize("place", ["page", *FORUMS])
@pytest.mark.parametrize("kind", [*FACTS, *RULES])
def test_every_sentence_can_be_said_everywhere(place: str, kind: str) -> None:
    env = ENVIRONMENT if place == "page" else forum_environment(SOURCES, FORUMS[place])
    row = FACTS.get(kind) or RULES[kind]
    said = env.filters["say" if kind in FACTS else "rule"](Fact(kind, tuple(values(kind, row.names).items())))
    assert said
    assert "  " not in said
    assert not re.search(r"\s[.,;:]", re.sub(r"<[^>]*>|\$[^$]*\$", "M", said))


def decisions(name: str) -> Iterator[nodes.Node]:
    """What a template would decide or compute."""
    kinds = (nodes.Compare, nodes.BinExpr, nodes.Macro, nodes.Assign, nodes.CondExpr, nodes.Block, nodes.Extends)
    for kind in kinds:
        yield from (found for found in tree(name).find_all(kind) if not isinstance(found, nodes.And | nodes.Or))


@pytest.mark.parametrize("name", [name for name in sorted(SOURCES) if not name.startswith("caveats/")])
def test_a_template_decides_nothing_but_whether_something_is_there(name: str) -> None:
    assert [type(found).__name__ for found in decisions(name)] == []


def test_a_fact_with_values_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the values"):
        fact("why-one", of=Math("E"))
    with pytest.raises(ValueError, match="a kind that exists"):
        fact("why-not")


def test_words_of_a_question_are_escaped_in_a_page() -> None:
    template = ENVIRONMENT.from_string("{{ text }}")
    assert template.render(text='<b onclick="x">&') == "&lt;b onclick=&quot;x&quot;&gt;&amp;"


def test_a_template_that_names_what_is_not_there_fails() -> None:
    with pytest.raises(jinja2.UndefinedError):
        ENVIRONMENT.from_string("{{ page.nothing }}").render(page=record.LinkLine(Math("x"), ()))
