"""Imports run one way, and what is heavy, foreign or dangerous stays in its room."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"

# From the ground up: a room may import from rooms on lower lines, and from itself.
FLOORS = (
    "errors formula places",
    "functions model question plain",
    "anchors derivation verdict problem mathml roles",
    "source latex oracle autodiff calculus rational alike facts",
    "cancel chain numbers premises present routes terms write_out losses recognise",
    "derive domain",
    "judging checking",
    "judge diagnose example caveats diagram pairs",
    "code",
    "snippets",
    "prose new",
    "page",
    "report forum",
    "site",
    "cache build export",
    "render",
    "mkdocs_plugin",
    "cli",
)
LEVEL = {room: level for level, line in enumerate(FLOORS) for room in line.split()}

# Third parties, and the only rooms that may import them.
FENCES = {
    "matplotlib": {"diagram"},
    "numpy": {"diagram"},
    "jinja2": {"site"},
    "yaml": {"source"},
    "mkdocs": {"mkdocs_plugin"},
    "lark": {"latex"},
    "math_core": {"mathml"},
    "markdown_it": {"prose"},
    "pydantic": {"source"},
    "click": {"cli"},
    "mpmath": {"oracle", "domain", "judging", "judge", "numbers", "checking", "example"},
    "sympy": {"calculus", "rational", "cancel", "alike"},
}
EXECUTES = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "sympify",
    "parse_expr",
    "lambdify",
    "simplify",
    "S",
    "from_string",
}
MOST_LINES = 400


def room(path: Path) -> str:
    """The module, or the package with all that is in it."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "generator":
                yield from (f"generator.{alias.name}" for alias in node.names)
            else:
                yield node.module


def of_ours(path: Path) -> set[str]:
    names = (name.split(".") for name in imports(path))
    return {parts[1] for parts in names if parts[0] == "generator" and len(parts) > 1 and parts[1] != "__version__"}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_the_floors_below(path: Path) -> None:
    here = room(path)
    assert here in LEVEL, f"{here} has no floor: say in FLOORS where it belongs"
    assert {
        other for other in of_ours(path) - {here} if LEVEL[other] >= LEVEL[here] and not beside(here, other)
    } == set()


def beside(here: str, other: str) -> bool:
    """Whether two rooms of one floor are in order: one may use the other where nothing leads back."""
    return LEVEL[here] == LEVEL[other] and here not in reached(other)


@cache
def reached(start: str) -> frozenset[str]:
    """All rooms that a room imports, directly or not."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for path in sources():
            if room(path) == here:
                new = of_ours(path) - found - {here}
                found |= new
                waiting.extend(new)
    return frozenset(found)


@pytest.mark.parametrize("package", FENCES)
def test_a_foreign_package_is_imported_only_in_its_rooms(package: str) -> None:
    found = {room(path) for path in sources() if package in {name.split(".")[0] for name in imports(path)}}
    assert found <= FENCES[package]


def test_the_oracle_imports_the_formula_tree_and_mpmath_alone() -> None:
    found = {name.split(".")[0] for path in (PACKAGE / "oracle").glob("*.py") for name in imports(path)}
    ours = {name for path in (PACKAGE / "oracle").glob("*.py") for name in of_ours(path)}
    assert ours <= {"formula", "oracle"}
    assert found - sys.stdlib_module_names <= {"generator", "mpmath"}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_runs_a_string_as_code(path: Path) -> None:
    called = {node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    bare = {call.id for call in called if isinstance(call, ast.Name)}
    dotted = {
        call.attr for call in called if isinstance(call, ast.Attribute) and not (call.attr == "compile" and is_re(call))
    }
    assert (bare | dotted) & EXECUTES == set()


def is_re(call: ast.Attribute) -> bool:
    return isinstance(call.value, ast.Name) and call.value.id == "re"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_stand_at_the_top_except_in_the_command_line(path: Path) -> None:
    top = [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    everywhere = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert len(top) == len(everywhere) or room(path) == "cli"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_handler_swallows_every_error(path: Path) -> None:
    handlers = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)]
    caught = {node.type.id if isinstance(node.type, ast.Name) else "" for node in handlers}
    assert not caught & {"Exception", "BaseException"}
    assert all(node.type is not None for node in handlers)


CHECK = """
import sys
from click.testing import CliRunner
from generator.cli import main
result = CliRunner().invoke(main, ["check", sys.argv[1]])
assert result.exit_code == 0, result.output
print(sorted({"matplotlib", "mkdocs", "numpy", "torch", "jinja2", "markdown_it"} & set(sys.modules)))
"""


def test_checking_a_question_loads_neither_plots_nor_the_site() -> None:
    question = ROOT / "docs" / "q" / "seed.md"
    ran = subprocess.run([sys.executable, "-c", CHECK, str(question)], check=False, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
