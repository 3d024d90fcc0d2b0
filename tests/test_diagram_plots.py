"""Plots for caveats: what is on them, where, and what the SVG promises a page."""

from __future__ import annotations

import re
from math import exp, inf, log
from xml.etree import ElementTree as ET

import pytest

from generator.caveats.record import Curve, Plot
from generator.diagram.chart import Axis, Mark
from generator.diagram.plots import Level, Line, caveat_plot, line_plot, sum_plot
from generator.facts import Math

ACROSS, UP = Axis("a_1", -4, 4), Axis("a_2", -4, 4)


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def two_outputs(x: float, y: float) -> float:
    return logistic(x) + logistic(y)


def sums() -> str:
    return sum_plot(two_outputs, ACROSS, UP, "Y_1 + Y_2", "The sum", "A map.", marks=(Mark(0.5, 0.5, "1.24"),))


def curves(*lines: Line) -> str:
    return line_plot(lines, Axis("z", -6, 6), Axis("", 0, 1), "Curves", "Two.", levels=(Level(r"\frac{1}{4}", 0.25),))


def lines_of_sum() -> str:
    main = tuple((x / 4, -x / 4) for x in range(-24, 25))
    other = tuple((x / 4, 1 - x / 4) for x in range(-20, 25))
    plot = Plot("sums", Math("a_1"), Math("a_2"), (Curve("1", main, main=True), Curve("1.5", other)), (), "Lines.")
    return caveat_plot(plot, "The sum")


def points(text: str, kind: str) -> list[list[tuple[float, float]]]:
    """The points of all paths of a class."""
    root = ET.fromstring(text)  # noqa: S314 (our own)
    found = [element.get("d", "") for element in root.iter() if element.get("class") == kind]
    numbers = [re.findall(r"-?\d+(?:\.\d+)?", path) for path in found]
    return [[(float(x), float(y)) for x, y in zip(each[::2], each[1::2], strict=True)] for each in numbers]


def test_the_sum_of_two_outputs_is_one_where_the_net_inputs_are_opposite() -> None:
    ((*line,),) = points(sums(), "gx-here")
    (left, top), (right, bottom) = line[0], line[-1]
    assert (right - left, bottom - top) == (250, 250)
    assert all(abs((x - left) - (y - top)) < 0.2 for x, y in line)


def test_the_sum_of_two_outputs_has_a_line_every_fifth_and_names_its_sides() -> None:
    text = sums()
    assert len(points(text, "gx-level")) == 8
    assert re.findall(r'gx-tick gx-halo">([^<]*)<', text) == ["0.2", "0.4", "0.6", "0.8", "1.6", "1.8"]
    assert text.count('class="gx-weight"') == 4


def test_a_curve_has_gaps_where_its_function_is_not_finite_or_leaves_the_frame() -> None:
    text = curves(Line(r"\log z", lambda z: log(z) if z > 0 else -inf, 2), Line(r"\sigma(z)", logistic, 2))
    (drawn,) = points(text, "gx-edge gx-curve gx-path-1")
    (whole,) = points(text, "gx-edge gx-curve gx-path-2")
    assert min(x for x, _ in drawn) > 44 + 280 / 2
    assert min(x for x, _ in whole) == 44
    assert all(10 <= y <= 200 for _, y in drawn)


def test_a_level_is_a_straight_line_at_its_height() -> None:
    (line,) = points(curves(Line(r"\sigma(z)", logistic, 2)), "gx-rule")
    assert {*line} == {(44, 152.5), (324, 152.5)}


def test_the_heavy_line_of_a_caveat_parts_two_tinted_sides() -> None:
    text = lines_of_sum()
    (below,), (above,) = points(text, "gx-below"), points(text, "gx-above")
    assert max(y for _, y in below) == 260
    assert min(y for _, y in above) == 10
    assert len(points(text, "gx-here")) == len(points(text, "gx-level")) == 1


@pytest.mark.parametrize("make", [sums, lines_of_sum, lambda: curves(Line("f", logistic, 0))])
def test_a_plot_is_the_same_bytes_each_time_small_and_one_picture_with_a_text(make: object) -> None:
    assert callable(make)
    text = make()
    assert make() == text
    assert len(text.encode()) < 15_000
    root = ET.fromstring(text)  # noqa: S314 (our own)
    assert root.get("role") == "img"
    assert all(element.text for element in root.iter() if element.tag.endswith(("}title", "}desc")))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (-4, 4, (-4, -2, 0, 2, 4)),
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (-6, 6, (-6, -4, -2, 0, 2, 4, 6)),
        (0, 7, (0, 2, 4, 6)),
    ],
)
def test_ticks_are_few_and_round(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert Axis("x", low, high).ticks() == pytest.approx(ticks)
