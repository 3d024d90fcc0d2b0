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
    "errors formula places plain mathml",
    "functions model question anchors derivation verdict facts forum prose oracle",
    "problem source kinds roles aliases alike autodiff calculus cancel rational numbers premises present routes terms",
    "latex judging losses recognise chain write_out new writer",
    "derive example checking code repair",
    "diagnose snippets caveats",
    "judge diagram pairs",
    "page report",
    "site cache",
    "render build export",
    "mkdocs_plugin",
    "cli",
)
# Modules that are part of a package in all but place.
ONE_ROOM = {"domain": "judging"}
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
    "mpmath": {"oracle", "repair"},
    "sympy": {"rational"},
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
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return ONE_ROOM.get(first, first)


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
    """The other rooms that a file imports from."""
    names = [name.split(".")[1] for name in imports(path) if name.startswith("generator.")]
    return {ONE_ROOM.get(name, name) for name in names} - {room(path)}


@cache
def graph() -> dict[str, set[str]]:
    """The rooms that each room imports from."""
    found: dict[str, set[str]] = {}
    for path in sources():
        found.setdefault(room(path), set()).update(of_ours(path))
    return found


def beyond(start: str) -> set[str]:
    """All rooms that a room rests on, near or far."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph()[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def test_every_room_has_a_floor() -> None:
    assert set(graph()) == set(LEVEL), "say in FLOORS where a new room belongs"


def test_no_room_imports_from_a_floor_above() -> None:
    assert [(here, other) for here, others in graph().items() for other in others if LEVEL[other] > LEVEL[here]] == []


def test_no_room_rests_on_itself() -> None:
    assert [here for here in graph() if here in beyond(here)] == []


@pytest.mark.parametrize("package", FENCES)
def test_a_foreign_package_is_imported_only_in_its_rooms(package: str) -> None:
    assert {room(path) for path in sources() if package in {name.split(".")[0] for name in imports(path)}} <= FENCES[
        package
    ]


def test_the_oracle_imports_the_formula_tree_and_mpmath_alone() -> None:
    files = [path for path in sources() if room(path) == "oracle"]
    assert len(files) > 0
    assert {name for path in files for name in of_ours(path)} <= {"formula"}
    found = {name.split(".")[0] for path in files for name in imports(path)}
    assert found - sys.stdlib_module_names <= {"generator", "mpmath"}


def test_nothing_runs_a_string_as_code() -> None:
    calls = [(path.name, node) for path in sources() for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert [(name, call.lineno) for name, call in calls if called(call.func) in EXECUTES] == []


def called(function: ast.expr) -> str:
    """The name by which a function is called; regular expressions are compiled from the program's own text."""
    match function:
        case ast.Attribute(ast.Name("re"), "compile"):
            return "re.compile"
        case ast.Attribute(_, name) | ast.Name(name):
            return name
        case _:
            return ""


def test_imports_stand_at_the_top_except_where_a_user_would_wait_for_them() -> None:
    found = []
    for path in sources():
        top = set(map(id, tree(path).body))
        inner = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Import | ast.ImportFrom) and id(n) not in top]
        found += [(path.name, node.lineno) for node in inner if room(path) not in ("cli", "render")]
    assert found == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_handler_swallows_every_error() -> None:
    found = []
    for path in sources():
        handlers = [node.type for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)]
        found += [
            path.name for caught in handlers if caught is None or called(caught) in ("Exception", "BaseException")
        ]
    assert found == []


CHECK = """
import sys
from click.testing import CliRunner
from generator.cli import main
result = CliRunner().invoke(main, ["check", sys.argv[1]])
assert result.exit_code == 0, result.output
print(sorted({"matplotlib", "mkdocs", "numpy", "torch", "jinja2", "markdown_it"} & set(sys.modules)))
"""


RENDER = """
import sys
from pathlib import Path
from generator import render
first = render.render({}, Path("templates"), Path(sys.argv[1]), "")
print(sorted({"sympy", "matplotlib", "lark", "jinja2", "pydantic"} & set(sys.modules)))
assert first, "nothing was rendered"
"""


def test_a_site_in_which_nothing_has_changed_does_not_load_the_engine(tmp_path: Path) -> None:
    run = [sys.executable, "-c", RENDER, str(tmp_path)]
    cold, unchanged = (subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT) for _ in range(2))
    assert "sympy" in cold.stdout
    assert unchanged.stdout == "[]\n"


def test_checking_a_question_loads_neither_plots_nor_the_site() -> None:
    question = ROOT / "docs" / "q" / "seed.md"
    ran = subprocess.run([sys.executable, "-c", CHECK, str(question)], check=False, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
