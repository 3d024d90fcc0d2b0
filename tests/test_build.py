"""The site is exchanged whole: whatever happens while a new one is made, the last good one stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator import cache
from generator.build import build


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def page(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "index.html").write_text(text, "utf-8")


def test_a_new_site_takes_the_place_of_the_old_one_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    build(tmp_path / "site", lambda folder: page(folder, "one"))
    build(tmp_path / "site", lambda folder: page(folder, "two"))
    assert contents(tmp_path / "site") == {"index.html": "two"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_that_fails_half_way_leaves_the_old_site_and_no_rest(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        page(folder, "half")
        raise RuntimeError("half way")

    build(tmp_path / "site", lambda folder: page(folder, "good"))
    with pytest.raises(RuntimeError, match="half way"):
        build(tmp_path / "site", fails)
    assert contents(tmp_path / "site") == {"index.html": "good"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


KILLED = """
import os, signal, sys
from pathlib import Path
from generator.build import build

def dies(folder):
    folder.mkdir()
    (folder / "index.html").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

build(Path(sys.argv[1]), dies)
"""


def test_a_build_that_is_killed_leaves_the_old_site_and_the_next_one_sweeps_up(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, lambda folder: page(folder, "good"))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(site)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert contents(site) == {"index.html": "good"}
    assert len(list(tmp_path.iterdir())) == 2
    build(site, lambda folder: page(folder, "next"))
    assert contents(site) == {"index.html": "next"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_that_runs_beside_another_does_not_sweep_up_its_work(tmp_path: Path) -> None:
    other = tmp_path / f".site.{os.getppid()}"
    page(other, "in the making")
    build(tmp_path / "site", lambda folder: page(folder, "one"))
    assert contents(other) == {"index.html": "in the making"}


def test_an_old_site_that_was_moved_aside_when_a_build_died_comes_back(tmp_path: Path) -> None:
    page(tmp_path / ".site.old", "good")
    with pytest.raises(RuntimeError):
        build(tmp_path / "site", lambda _: (_ for _ in ()).throw(RuntimeError))
    assert contents(tmp_path / "site") == {"index.html": "good"}


def test_what_is_stored_comes_back_as_it_was(tmp_path: Path) -> None:
    files = {"q/a.md": b"# \xc3\xa9", "q/a/network.svg": bytes(range(256))}
    name = cache.key("a", "b")
    assert cache.load(tmp_path, name) is None
    cache.save(tmp_path, name, files)
    assert cache.load(tmp_path, name) == files


def test_what_was_cut_off_while_it_was_stored_is_not_used(tmp_path: Path) -> None:
    name = cache.key("a")
    cache.save(tmp_path, name, {"a": b"text"})
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    path.write_text(path.read_text("utf-8")[:-3], "utf-8")
    assert cache.load(tmp_path, name) is None


def test_each_list_of_parts_has_a_name_of_its_own() -> None:
    lists = [(), ("",), ("", ""), ("ab",), ("a", "b"), ("b", "a"), ("a", "b", "")]
    assert len({cache.key(*parts) for parts in lists}) == len(lists)


def test_any_change_of_a_source_changes_the_fingerprint(tmp_path: Path) -> None:
    seen = set()
    for name, text in [("a", "1"), ("a", "2"), ("b", "2"), ("c/b", "2")]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
        seen.add(cache.fingerprint([tmp_path]))
    assert len(seen) == 4
    assert cache.fingerprint([tmp_path]) in seen
