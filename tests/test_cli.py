"""The commands: what they print, as text and as JSON, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main

QUESTIONS = Path(__file__).parent.parent / "docs" / "q"

MODEL = r"""---
title: A line
model: |
  y = w x + b
  E = \frac{1}{2} (y - t)^2
ask: \frac{\partial E}{\partial w}
"""
RIGHT = MODEL + "claims:\n  - (y - t) x\n---\n"
BROKEN = MODEL + "claims:\n  - latex: (y - t) x\n    expect: wrong\n---\n"
UNREAD = MODEL + "claims:\n  - \\foo{x}\n  - (y - t) x\n---\n"
TORN = MODEL.replace("(y - t)^2", "(y - t") + "---\n"
KEYS = {
    "latex",
    "by",
    "verdict",
    "conditions",
    "layout",
    "factor",
    "links",
    "ends",
    "diagnosis",
    "correct",
    "witness",
    "readings",
    "reason",
}


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=text)


@pytest.mark.parametrize(("text", "status"), [(RIGHT, 0), (BROKEN, 1), (UNREAD, 2), (TORN, 2)])
def test_check_ends_with_the_status_that_the_file_deserves(text: str, status: int) -> None:
    assert run("check", "-", text=text).exit_code == status
    found = run("check", "-", "--json", text=text)
    assert found.exit_code == status
    assert json.loads(found.output)["ok"] == (status == 0)


def test_the_worst_of_several_files_decides_and_each_gets_a_line(tmp_path: Path) -> None:
    for name, text in [("right.md", RIGHT), ("broken.md", BROKEN)]:
        (tmp_path / name).write_text(text, "utf-8")
    names = [str(tmp_path / name) for name in ("right.md", "broken.md", "absent.md")]
    found = run("check", "--json", *names)
    reports = [json.loads(line) for line in found.stdout.splitlines()]
    assert [report["file"] for report in reports] == names
    assert [report["ok"] for report in reports] == [True, False, False]
    assert found.exit_code == 2
    assert run("check", *names[:2]).exit_code == 1
    assert run("check", *names[:1]).exit_code == 0


def test_json_has_the_keys_of_the_format_and_no_others() -> None:
    report = json.loads(run("check", "-", "--json", text=RIGHT).output)
    assert set(report) == {"file", "ok", "error", "answers", "claims"}
    assert [set(answer) for answer in report["answers"]] == [{"ask", "latex", "general", "caveats"}]
    assert [set(claim) for claim in report["claims"]] == [KEYS]
    assert report["claims"][0]["verdict"] == "right"


def test_a_wrong_claim_comes_with_a_witness_and_the_truth() -> None:
    report = json.loads(run("check", "-", "--json", text=RIGHT.replace("(y - t) x\n---", "(y - t)\n---")).output)
    (claim,) = report["claims"]
    assert claim["verdict"] == "wrong"
    assert set(claim["witness"]) == {"sizes", "indices", "values", "claimed", "true"}
    messages = {tuple(way["steps"]): way["message"] for way in claim["diagnosis"]}
    assert messages[("missing-factor",)] == "missing as a factor: x"


def test_a_file_that_cannot_be_read_says_where_and_what_would_be_right() -> None:
    report = json.loads(run("check", "-", "--json", text=TORN).output)
    assert set(report["error"]) == {"line", "column", "message", "hint"}
    assert (report["error"]["line"], report["claims"]) == (5, [])
    assert "^" in run("check", "-", text=TORN).output


def test_a_claim_that_cannot_be_read_is_undecided_and_the_others_are_still_judged() -> None:
    report = json.loads(run("check", "-", "--json", text=UNREAD).output)
    assert [claim["verdict"] for claim in report["claims"]] == ["undecided", "right"]
    assert "foo" in report["claims"][0]["reason"]


def test_derive_prints_the_steps_and_the_result_as_text_and_as_latex() -> None:
    assert run("derive", "-", text=RIGHT).output.splitlines()[-1] == "∂E/∂w = (y − t) x"
    assert run("derive", "-", "--as", "latex", text=RIGHT).output.splitlines()[-1].endswith("= (y - t) x")


def test_derive_differentiates_in_what_it_is_told() -> None:
    report = json.loads(run("derive", "-", "--wrt", "b", "--json", text=RIGHT).output)
    assert set(report) == {"file", "ok", "error", "answers"}
    assert [answer["latex"] for answer in report["answers"]] == ["y - t"]
    assert run("derive", "-", "--of", "y", "--wrt", "w", text=RIGHT).output.splitlines()[-1] == "∂y/∂w = x"


@pytest.mark.parametrize("options", [["--wrt", r"\foo"], ["--wrt", "q"], ["--as", "matrix"]])
def test_derive_refuses_what_it_cannot_do(options: list[str]) -> None:
    found = run("derive", "-", *options, text=RIGHT)
    assert found.exit_code == 2
    assert found.output


@pytest.mark.parametrize("forum", ["stackexchange", "discourse", "github", "latex", "text"])
def test_answer_writes_the_same_answer_for_each_forum(forum: str) -> None:
    found = run("answer", str(QUESTIONS / "seed.md"), "--for", forum)
    assert found.exit_code == 0, found.output
    assert "Yes" in found.output


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus"])
@pytest.mark.parametrize("loss", ["bce", "ce", "mse"])
@pytest.mark.parametrize("layers", ["2-1", "3-2-2", "4-3-3-2"])
def test_a_new_question_passes_check(tmp_path: Path, layers: str, activation: str, loss: str) -> None:
    options = ["--layers", layers, "--activation", activation, "--loss", loss, "--folder", str(tmp_path)]
    made = run("new", "my-question", *options)
    assert made.exit_code == 0, made.output
    found = run("check", "--json", str(tmp_path / "my-question.md"))
    assert found.exit_code == 0, found.output
    assert len(json.loads(found.output)["answers"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["My Question"],
        ["../up"],
        ["a", "--layers", "3"],
        ["a", "--layers", "3-x"],
        ["a", "--loss", "l"],
        ["a", "--activation", "l"],
    ],
)
def test_new_refuses_what_is_no_slug_and_no_network(tmp_path: Path, arguments: list[str]) -> None:
    assert run("new", *arguments, "--folder", str(tmp_path)).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_new_never_writes_over_a_question(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("mine", "utf-8")
    assert run("new", "a", "--folder", str(tmp_path)).exit_code == 2
    assert (tmp_path / "a.md").read_text("utf-8") == "mine"


@pytest.mark.parametrize("path", sorted(QUESTIONS.glob("*.md")), ids=lambda path: path.stem)
def test_every_question_of_the_site_gets_the_verdicts_that_it_expects(path: Path) -> None:
    found = run("check", str(path))
    assert found.exit_code == 0, found.output
