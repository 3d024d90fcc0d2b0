"""What is written by hand is true: its code runs, its tables list what there is, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import textwrap
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.domain import CANDIDATES, DECIMALS, PLAIN
from generator.judging.compare import EQUAL_DIGITS
from generator.judging.draws import Drawer
from generator.oracle.elementary import DIGITS, STEP
from generator.report import Report, checked
from generator.verdict import Verdict

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "write-a-question.md"
PAGES = [
    GUIDE,
    ROOT / "docs" / "how-it-works.md",
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
RUN_AS = {"markdown": "a question file", "yaml": "front matter", "console": "commands", "text": "nothing: a drawing"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: the page, the line on which it begins, its language and its text."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    found = []
    for page in PAGES:
        source = page.read_text("utf-8")
        for match in FENCE.finditer(source):
            line = source.count("\n", 0, match.start()) + 1
            found.append(Block(page, line, match[2], textwrap.dedent(match[3])))
    return [block for block in found if not languages or block.language in languages]


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next of its level or above."""
    level = heading.index(" ")
    below = page.read_text("utf-8").split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{level}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of all tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = {at for at, row in enumerate(cells) if set(row[0]) == {"-"}}
    return [row for at, row in enumerate(cells) if at not in rules and at + 1 not in rules]


def first_block() -> str:
    return blocks()[0].text


def front(text: str) -> str:
    return text.split("---\n")[1]


def with_keys(fragment: str) -> str:
    """The first file of the guide with the keys of the fragment in the place of its own."""
    keys = re.findall(r"^(\w+):", fragment, re.MULTILINE)
    kept = front(first_block())
    for key in keys:
        kept = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", "", kept, flags=re.MULTILINE)
    if "model" in keys:
        kept = "" if "title" in keys else "title: A model\n"
    return f"---\n{kept}{fragment}---\n"


def found_in(text: str) -> Report:
    report = checked("page.md", text)
    assert not report.error, "\n".join(map(str, report.error))
    return report


def test_every_block_of_code_is_of_a_kind_that_a_test_runs() -> None:
    assert {block.language for block in blocks()} <= set(RUN_AS)
    assert {block.language for block in blocks() if block.page == GUIDE} >= {"markdown", "yaml", "console"}


def test_the_guide_begins_with_a_whole_question_whose_claim_has_the_wrong_sign() -> None:
    block = blocks()[0]
    assert (block.page, block.language) == (GUIDE, "markdown")
    report = found_in(block.text)
    assert report.status == 0
    assert [one.judgement.verdict for one in report.claims or ()] == [Verdict.PROPORTIONAL]


@pytest.mark.parametrize("block", blocks("markdown", "yaml"), ids=str)
def test_every_question_and_every_piece_of_front_matter_passes_the_check(block: Block) -> None:
    text = block.text if block.language == "markdown" else with_keys(block.text)
    assert found_in(text).status == 0


@pytest.mark.parametrize("row", rows(section(GUIDE, "## What is read")), ids=lambda row: row[0])
def test_every_formula_that_the_guide_lists_is_read(row: list[str]) -> None:
    written = CODE.findall(row[0])
    assert written
    for formula in written:
        found_in(f"---\ntitle: A formula\nmodel: |\n  L = {formula}\nask: L\n---\n")


@pytest.mark.parametrize("row", rows(section(GUIDE, "## Derivatives"))[:3], ids=lambda row: row[0])
def test_every_derivative_that_the_guide_lists_is_read(row: list[str]) -> None:
    answers = [found_in(with_keys(f"ask: {formula}\n")).answers[0] for formula in CODE.findall(row[0])]
    assert len({answer.formula for answer in answers}) == 1


def placed(line: str) -> str:
    """The first file of the guide with a line of front matter where such a line belongs."""
    if line.startswith("- "):
        return with_keys(f"claims:\n  {line}\n")
    if line.startswith("note: "):
        return with_keys(f"claims:\n  - latex: (p - y) x_i\n    {line}\n")
    return with_keys(f"{line}\n")


@pytest.mark.parametrize("row", rows(section(GUIDE, "## When YAML bends your LaTeX")), ids=lambda row: row[0])
def test_every_trap_of_yaml_gets_an_error_that_names_it_and_the_other_form_is_read(row: list[str]) -> None:
    bent, straight = row[0].strip("`"), row[2].strip("`")
    report = checked("page.md", placed(bent))
    assert [("YAML" in str(refusal), bent in str(refusal)) for refusal in report.error] == [(True, True)]
    assert found_in(placed(straight)).status == 0


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the repository, in which commands may write; the guide's first file is in it."""
    shutil.copytree(ROOT / "docs" / "q", tmp_path / "docs" / "q")
    (tmp_path / "docs" / "q" / "which-sign.md").write_text(first_block(), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.usefixtures("checkout")
def test_the_commands_of_a_page_one_after_the_other_do_what_is_shown(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    shown = "".join(block.text for block in blocks("console") if block.page == page)
    for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        words = shlex.split(command, comments=True)
        if words[0] == "make":
            assert words[1] in targets
            continue
        assert Path(words[0]).name == "explainer", command
        found = CliRunner().invoke(main, words[1:])
        assert found.exit_code == 0, found.output
        assert not output.strip() or found.output.rstrip() == output.rstrip()


def test_the_guide_lists_the_verdicts_in_their_order() -> None:
    listed = [row[0].strip("`") for row in rows(section(GUIDE, "## The verdicts"))]
    assert listed == [verdict.value for verdict in Verdict]


def test_the_guide_lists_every_command() -> None:
    listed = [CODE.findall(row[0])[0].split()[1] for row in rows(section(GUIDE, "## The commands"))]
    assert sorted(listed) == sorted(main.commands)


def test_how_it_works_names_every_room_of_the_package_and_no_other() -> None:
    there = {
        path.stem for path in (ROOT / "generator").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    table = rows(section(ROOT / "docs" / "how-it-works.md", "## The way from a file to a page"))
    named = [name for row in table for name in CODE.findall(row[0])]
    assert sorted(named) == sorted(there - {"__init__"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_folders_that_are_named_are_there(page: Path) -> None:
    named = re.findall(
        r"`((?:docs|generator|templates|tests|tools|overrides|benchmarks)/[\w./-]*)`", page.read_text("utf-8")
    )
    made = {"docs/q/which-sign.md", "docs/q/two-sigmoids.md"}
    assert [name for name in named if not (ROOT / name).exists() and name not in made] == []


def test_how_it_works_states_the_numbers_that_decide() -> None:
    stated = dict(rows(section(ROOT / "docs" / "how-it-works.md", "### What is proved, and what is not")))
    assert stated == {
        "digits carried": str(DIGITS),
        "step of a difference": f"$10^{{-{STEP}}}$",
        "the two sides are equal": f"to {EQUAL_DIGITS} digits of the sum of the sizes of their terms",
        "points, where no kink is involved": f"at least {PLAIN}",
        "points, for one choice of sizes, where kinks are": (
            f"until every kink was seen from both sides, in {CANDIDATES} draws at most"
        ),
        "free numbers": "between 0.05 and 0.95, weights and inputs with either sign, six decimals",
    }
    drawer = Drawer(1, DECIMALS)
    drawn = [drawer.positive() for _ in range(1000)]
    assert (min(drawn) >= Fraction(1, 20), max(drawn) <= Fraction(19, 20), DECIMALS) == (True, True, 6)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_to_a_file_or_a_heading(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") for heading in headings}
