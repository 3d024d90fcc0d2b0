"""What one question costs after the imports: reading, deriving with its checks, judging; by depth and by width.

python benchmarks/engine.py
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from measure import command, milliseconds, table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.checking import check  # noqa: E402 - the checkout's own package, not an installed one
from generator.derive import derive  # noqa: E402
from generator.formula import Derivative, Entry, literal  # noqa: E402
from generator.judge import judge  # noqa: E402
from generator.latex.reader import read_problem  # noqa: E402
from generator.model import Role  # noqa: E402
from generator.source import read_question  # noqa: E402
from tests.models import Layer, Outline, build, first_question  # noqa: E402
from tests.pieces import Case  # noqa: E402

SEED = ROOT / "docs" / "q" / "seed.md"
SIZES = {"symbolic": None, "2-2-2": 2, "1000-1000-1000": 1000}
GENERAL = r"\frac{\partial E}{\partial V_{ij}} = \sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"
"""The claim where there are as many outputs as stated: the first question's has one term for each of two."""
DEPTHS = range(1, 9)
WIDTHS = (2, 8, 64, 1000)


def stages() -> list[list[object]]:
    """Milliseconds of each stage on the first question, for three ways of stating its sizes."""
    rows: list[list[object]] = []
    for name, size in SIZES.items():
        text = SEED.read_text()
        if size is not None:
            text = text.replace("ask: ", f"sizes: {{n: {size}, m: {size}}}\nask: ", 1)
            text = text.replace(r"\sum_{k=1}^{2}", rf"\sum_{{k=1}}^{{{size}}}")
            text = re.sub(r"claims:\n(  .*\n)+", lambda _: f"claims:\n  - {GENERAL}\n", text)
        problem = read_problem(read_question(text, "seed.md"))
        asked = problem.asks[0].formula
        assert isinstance(asked, Derivative)
        found = derive(problem.model, asked)
        claim = problem.claims[0]
        costs = [
            milliseconds(lambda text=text: read_problem(read_question(text, "seed.md"))),
            milliseconds(lambda model=problem.model, asked=asked: derive(model, asked)),
            milliseconds(lambda model=problem.model, found=found: check(model, found)),
            milliseconds(lambda claim=claim: judge(claim)),
        ]
        rows.append([name, *costs, sum(costs)])
    return rows


def deep(hidden: int) -> Case:
    """A sigmoid network with that many hidden layers of two units."""
    layers = (Layer("sigmoid"),) * hidden
    return build(Outline(layers, ("sigmoid", "bce"), (2,) * (hidden + 2), (False,) * (hidden + 2), labels=True))


def first_weight(case: Case) -> float:
    """Milliseconds to derive the gradient of the first weight."""
    weight = next(q for q in case.model.quantities if q.role is Role.WEIGHT)
    asked = case.asked(Entry(weight.name, tuple(literal(1) for _ in weight.ranges)))
    return milliseconds(lambda: derive(case.model, asked), 5)


def whole_command() -> list[list[object]]:
    """Processor and wall seconds of `explainer check` on one file, imports included."""
    explainer = str(Path(sys.executable).with_name("explainer"))
    costs = [command([explainer, "check", str(SEED)], ROOT, os.environ) for _ in range(5)]
    middle = sorted(costs, key=lambda cost: cost.processor)[2]
    return [["explainer check docs/q/seed.md", middle.processor, middle.wall]]


if __name__ == "__main__":
    print(table(("sizes", "read, ms", "derive", "check", "judge", "together"), stages()), end="\n\n")
    print(table(("hidden layers", "derive, ms"), [[n, first_weight(deep(n))] for n in DEPTHS]), end="\n\n")
    widths = [[w, first_weight(first_question(w, w, w))] for w in WIDTHS]
    print(table(("width", "derive, ms"), widths), end="\n\n")
    print(table(("command", "processor, s", "wall, s"), whole_command()))
