"""The prose of a question: Markdown and formulas are printed, all else is shown as it was typed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.prose import formula, html

HARMLESS = frozenset(
    "p em strong code pre ul ol li blockquote table thead tbody tr th td a br hr span".split()
    + "math mrow mi mo mn msub msup msubsup mfrac munder mover munderover msqrt mroot mtext mspace".split()
    + "mtable mtr mtd".split()
)
ATTRIBUTES = frozenset("href title rel class start align display stretchy lspace rspace accent accentunder".split())
STYLED = frozenset("style width minsize maxsize displaystyle scriptlevel mathvariant fence form symmetric".split())


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}


def elements(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,a)",
        "[x](//elsewhere.example)",
        "[x](../secret)",
        "![x](http://elsewhere.example/x.png)",
        "![x][1]\n\n[1]: http://elsewhere.example/x.png",
        '<http://a.example/" onclick="x>',
        "a {: onclick=x }",
        "# Heading {#verdict}",
        "Heading\n=======",
        "{{ config }} {% raw %}",
        '--8<-- "secret"',
        "<!--/raw--><script>alert(1)</script>",
        "RAWPART0END",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\text{<script>alert(1)</script>}$",
        "$</math><script>alert(1)</script>$",
    ],
)
def test_hostile_prose_yields_no_element_and_no_address_of_its_own(text: str) -> None:
    found = elements(html(text))
    assert found.tags <= HARMLESS
    assert found.attributes.keys() <= ATTRIBUTES | STYLED
    assert found.attributes.get("href", "http://").startswith("http")
    assert "src" not in found.attributes


@given(st.text(alphabet="$\\<>&\"'`*_[]()!#{}^ab1 \n|-:h", max_size=60))
def test_no_prose_at_all_yields_an_element_or_attribute_that_is_not_listed(text: str) -> None:
    found = elements(html(text))
    assert found.tags <= HARMLESS
    assert found.attributes.keys() <= ATTRIBUTES | STYLED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** and `b < c`", "<p><strong>a</strong> and <code>b &lt; c</code></p>\n"),
        ("$a_1 b_1$", "<math><msub><mi>a</mi><mn>1</mn></msub><msub><mi>b</mi><mn>1</mn></msub></math>"),
        ("costs $5 and $6", "<p>costs $5 and $6</p>\n"),
        ("`$x$`", "<code>$x$</code>"),
        ("$$\na\n+ b\n$$", '<math display="block">'),
        ("so $$a$$ here", '<math display="block"><mi>a</mi></math>'),
        ("$$ not closed", "<p>$$ not closed</p>\n"),
        ("[x](https://a.example/?b=1&c)", '<a href="https://a.example/?b=1&amp;c" rel="nofollow noopener">x</a>'),
        ("|a|\n|-|\n|$x$|", "<td><math><mi>x</mi></math></td>"),
    ],
)
def test_markdown_and_formulas_are_printed(text: str, expected: str) -> None:
    assert expected in html(text)


@pytest.mark.parametrize(
    "latex",
    [
        r"\foo",
        r"\color{red} a",
        r"\def\a{\a\a}\a",
        r"\newcommand{\a}{b}",
        r"\begin{array}{c}a\end{array}",
        "{",
        "x" * 1001,
    ],
)
def test_a_formula_out_of_the_vocabulary_is_shown_as_code(latex: str) -> None:
    assert formula(latex, display=False) == f"<code>{latex}</code>"


@pytest.mark.parametrize(
    "text", ["[" * 5000, "*a " * 5000, "`" * 5000, "[](" * 3000, "$" * 5000, "> " * 3000, "$$\n" * 3000]
)
def test_prose_that_is_all_brackets_still_ends(text: str) -> None:
    assert html(text)
