"""What is rendered again after an edit, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.errors import Refusal, Refusals
from generator.render import stored

SOURCES = {f"q/{name}.md": name for name in "abcdef"}


def shout(file: str, text: str) -> Mapping[str, bytes]:
    """Stands for the rendering of a question; at the top of the module, so that other processes find it."""
    if text.startswith("bad"):
        raise Refusal(f"{file} is bad")
    return {file: text.upper().encode(), f"{file}.svg": b"<svg/>"}


def never(file: str, text: str) -> Mapping[str, bytes]:
    raise AssertionError(f"{file} was rendered again: {text}")


def test_every_question_is_rendered_in_the_order_of_the_sources(tmp_path: Path) -> None:
    made = stored(tmp_path, "v1", shout, SOURCES)
    assert list(made) == list(SOURCES)
    assert made["q/c.md"] == {"q/c.md": b"C", "q/c.md.svg": b"<svg/>"}


def test_what_has_not_changed_is_not_rendered_again(tmp_path: Path) -> None:
    first = stored(tmp_path, "v1", shout, SOURCES)
    assert stored(tmp_path, "v1", never, SOURCES) == first


def test_only_the_question_that_changed_is_rendered_again(tmp_path: Path) -> None:
    stored(tmp_path, "v1", shout, SOURCES)
    with pytest.raises(AssertionError, match=r"q/b\.md was rendered again: new"):
        stored(tmp_path, "v1", never, {**SOURCES, "q/b.md": "new"})


def test_another_version_of_the_generator_renders_everything_again(tmp_path: Path) -> None:
    stored(tmp_path, "v1", shout, SOURCES)
    with pytest.raises(AssertionError, match="rendered again"):
        stored(tmp_path, "v2", never, dict(list(SOURCES.items())[:2]))


@pytest.mark.parametrize("extra", [{}, {"q/x.md": "x", "q/y.md": "y", "q/z.md": "z"}])
def test_all_that_is_refused_is_named_and_the_rest_is_kept(tmp_path: Path, extra: Mapping[str, str]) -> None:
    sources = {"q/1.md": "bad 1", "q/2.md": "fine", "q/3.md": "bad 3", **extra}
    with pytest.raises(Refusals) as refused:
        stored(tmp_path, "v1", shout, sources)
    assert [refusal.message for refusal in refused.value.refusals] == ["q/1.md is bad", "q/3.md is bad"]
    assert stored(tmp_path, "v1", never, {"q/2.md": "fine", **extra})["q/2.md"]["q/2.md"] == b"FINE"
