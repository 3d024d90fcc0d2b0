"""Mathematics as MathML: what is printed, what is marked, and that nothing is printed raw."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from generator.mathml import Mark, NotPrintable, block, equation, inline, marked, unmarked

FORMULAS = (
    r"\sum_{k=1}^{2} (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)",
    r"\frac{\partial E}{\partial V_{ij}}",
    r"E = -\sum_{k=1}^{n} \left[ Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k) \right]",
    r"\operatorname{ReLU}'(a_j^{(2)}) \hat{y}_k \mathbf{w} \mathcal{L} \ell",
    r"\begin{aligned} a &= b + c \\ &= d \end{aligned}",
    r"\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}",
    r"\left.\frac{\partial c}{\partial d}\right|_{h} \odot \mathbf{1}_{\{x > 0\}} \le \infty",
)


def tree(html: str) -> ET.Element:
    return ET.fromstring(html)  # noqa: S314 - our own output


@pytest.mark.parametrize("latex", FORMULAS)
def test_each_formula_becomes_one_well_formed_math_element(latex: str) -> None:
    assert [part.tag for part in tree(f"<p>{inline(latex)}</p>").iter()].count("math") == 1
    assert tree(block(latex)).attrib == {"display": "block"}


@pytest.mark.parametrize(
    "latex", [r"\foo", r"\frac{", r"\href{javascript:x}{y}", "a & b", r"\class{a}{b}", r"\begin{x}"]
)
def test_what_cannot_be_printed_is_refused_and_named(latex: str) -> None:
    with pytest.raises(NotPrintable, match=re.escape(repr(latex))):
        inline(latex)


def test_a_long_formula_within_a_line_can_scroll_on_a_narrow_page() -> None:
    long = " + ".join("abcdefghijklm")
    assert tree(inline("a + b")).tag == "math"
    assert (tree(inline(long)).tag, tree(inline(long)).get("class")) == ("span", "wide")


def test_a_marked_part_wears_its_id_and_its_classes_and_no_colour() -> None:
    latex = rf"\sum_{{k=1}}^{{2}} {marked('(Y_k - Q_k)', 0)} {marked('W_{jk}', 1)}"
    html = inline(latex, (Mark("link-E-Y_k", ("path-1",)), Mark("link-Y_k-Z_j")))
    parts = {part.get("data-link"): part for part in tree(html).iter() if part.get("data-link")}
    assert {name: part.get("class") for name, part in parts.items()} == {
        "link-E-Y_k": "mark path-1",
        "link-Y_k-Z_j": "mark",
    }
    assert "".join(parts["link-E-Y_k"].itertext()) == "(Yk\N{MINUS SIGN}Qk)"
    assert "".join(parts["link-Y_k-Z_j"].itertext()) == "Wjk"
    assert "color" not in html


def test_marks_may_stand_inside_marks() -> None:
    html = inline(marked("a " + marked("b", 1), 0), (Mark("outer"), Mark("inner")))
    outer = next(part for part in tree(html).iter() if part.get("data-link") == "outer")
    assert [part.get("data-link") for part in outer.iter() if part is not outer and part.get("data-link")] == ["inner"]


@pytest.mark.parametrize("latex", [marked("a", 1), r"\textcolor{red}{a}"])
def test_a_colour_that_is_no_mark_is_refused(latex: str) -> None:
    with pytest.raises(NotPrintable, match="no mark"):
        inline(latex, (Mark("one"),))


@pytest.mark.parametrize("word", ['x"y', "a b", "<b>"])
def test_a_mark_cannot_leave_its_attribute(word: str) -> None:
    with pytest.raises(ValueError, match="not a word"):
        inline(marked("a", 0), (Mark(word),))


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (marked("W_{jk}", 0) + " X_i", "W_{jk} X_i"),
        (marked(r"\sigma", 0) + "x", r"\sigma x"),
        ("x^" + marked("ab", 0), "x^{ab}"),
        (marked(r"\{ a " + marked("b_{1}", 1) + r" \}", 0), r"\{ a b_{1} \}"),
        ("a", "a"),
    ],
)
def test_what_a_reader_copies_is_the_formula_without_marks(latex: str, plain: str) -> None:
    assert unmarked(latex) == plain


def test_an_equation_can_be_linked_scrolled_read_aloud_and_copied() -> None:
    html = equation(r"Z_j < \sigma(a_j)", 'Z "of" j', anchor="eq-Z", number="1", marks=())
    box = tree(html)
    body, link = box
    assert (box.get("id"), box.get("data-latex"), "data-search-exclude" in html) == ("eq-Z", r"Z_j < \sigma(a_j)", True)
    assert (body.get("tabindex"), body.get("role"), body.get("aria-label")) == ("0", "group", 'Z "of" j')
    assert (link.get("href"), link.text) == ("#eq-Z", "(1)")


def test_text_within_a_formula_is_escaped() -> None:
    html = inline(r"\text{<script>}")
    assert "<script>" not in html
    assert "<script>" in unescape(html)


def test_a_sum_stands_in_a_row_of_its_own_so_that_brackets_beside_it_grow() -> None:
    assert "<mrow><munderover>" in inline(r"\left[ \sum_{k=1}^{n} a_k \right]")
