"""The package as others install it: whole, and at home outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }


def test_the_wheel_holds_every_module_every_template_and_the_types(unpacked: Path) -> None:
    assert files(unpacked / "generator") == files(ROOT / "generator") | {
        f"templates/{name}" for name in files(ROOT / "templates")
    }
    assert (unpacked / "generator" / "py.typed").is_file()


def test_the_installed_package_answers_a_question_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    question = (ROOT / "docs" / "q" / "seed.md").read_text("utf-8")
    (tmp_path / "mine.md").write_text(question, "utf-8")
    command = [sys.executable, "-c", "from generator.cli import main; main()", "answer", "mine.md", "--for", "text"]
    ran = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Yes" in ran.stdout
