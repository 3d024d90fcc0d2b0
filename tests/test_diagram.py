"""The drawing of a network: what is in the scene, where it goes, and what the SVG promises a page."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from generator import anchors
from generator.derivation import Derivation, Link
from generator.derive import derive
from generator.diagram import style
from generator.diagram.draw import draw
from generator.diagram.layout import Layout, layout
from generator.diagram.light import link_id
from generator.diagram.pen import Pen
from generator.diagram.scene import Scene, scene
from generator.formula import Derivative, Entry, Index, Name, literal
from generator.model import Model, Role
from tests.models import NAMED, first_question, numbered, random_cases, scalar_chain, temperature
from tests.pieces import Case, Place, Writer, applied, loss_of, minus, plus, softmax, square, times, total

SIZES = dict.fromkeys("nmNDHMKR", 3)


def asked(model: Model, name: str, *indices: int | str) -> Derivation:
    """The derivation of the loss in the entry."""
    at = tuple(literal(i) if isinstance(i, int) else Index(i) for i in indices)
    return derive(model, Derivative(Entry(model.losses[0]), (Entry(Name(name), at),)))


def parsed(text: str) -> ET.Element:
    """The root of a drawing."""
    return ET.fromstring(text)  # noqa: S314 (our own)


def labels(drawn: Scene) -> list[str]:
    return [unit.text for unit in drawn.units]


def edge_pairs(drawn: Scene) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in drawn.edges}


def along(drawn: Scene, path: int) -> set[tuple[str, str]]:
    """The edges that a path runs along."""
    return {(e.source, e.target) for e in drawn.edges if any(s.path == path for s in e.strands)}


def residual() -> Case:
    writer = Writer()
    x = writer.free(Name("x"), Role.INPUT)
    first, second, third = (writer.free(Name(f"w_{n}"), Role.WEIGHT) for n in (1, 2, 3))
    h = writer.define(Name("h"), Role.HIDDEN, applied("tanh", times(first, x)))
    g = writer.define(Name("g"), Role.HIDDEN, applied("tanh", times(second, h)))
    r = writer.define(Name("r"), Role.HIDDEN, plus(g, h))
    y = writer.define(Name("y"), Role.OUTPUT, times(third, r))
    t = writer.free(Name("t"), Role.TARGET)
    writer.define(Name("L"), Role.LOSS, square(plus(y, minus(t))))
    return writer.case("A residual connection", {})


def autoencoder() -> Case:
    """One weight for both layers; the loss compares the outputs with the inputs."""
    writer = Writer()
    i, j = Place("i", "n"), Place("j", "m")
    x = writer.free(Name("x"), Role.INPUT, i)
    w = writer.free(Name("W"), Role.WEIGHT, j, i)
    h = writer.define(Name("h"), Role.HIDDEN, applied("sigmoid", total(i, times(w, x))), j)
    o = writer.define(Name("o"), Role.OUTPUT, applied("sigmoid", total(j, times(w, h))), i)
    writer.define(Name("L"), Role.LOSS, total(i, square(plus(x, minus(o)))))
    return writer.case("Tied weights", SIZES)


def classifier(classes: int | str) -> Case:
    writer = Writer()
    k = Place("k", classes)
    o = writer.free(Name("o"), Role.INPUT, k)
    p = writer.define(Name("p"), Role.OUTPUT, softmax(o, (), k), k)
    y = writer.free(Name("y"), Role.TARGET, k)
    writer.define(Name("L"), Role.LOSS, loss_of("ce", p, y, k))
    return writer.case("A softmax over logits", SIZES)


def penalised() -> Case:
    writer = Writer()
    i = Place("i", "n")
    x = writer.free(Name("x"), Role.INPUT, i)
    w = writer.free(Name("w"), Role.WEIGHT, i)
    y = writer.define(Name("y"), Role.OUTPUT, total(i, times(w, x)))
    t = writer.free(Name("t"), Role.TARGET)
    rate = writer.free(Name(r"\lambda"), Role.CONSTANT)
    writer.define(Name("J"), Role.LOSS, plus(loss_of("half", y, t, None), times(rate, total(i, square(w)))))
    return writer.case("A penalised loss", SIZES)


SEED = first_question().model
EVERY = [(case, entry) for case in NAMED for entry in case.asks]
NAMES = [f"{case.title}, {entry.name.base}" for case, entry in EVERY]


@dataclass(frozen=True, slots=True)
class Drawing:
    derivation: Derivation
    scene: Scene
    layout: Layout


def drawing_of(case: Case, entry: Entry) -> Drawing:
    derivation = derive(case.model, case.asked(case.instance(entry)))
    drawn = scene(case.model, derivation)
    return Drawing(derivation, drawn, layout(drawn, Pen("test").measure))


@pytest.fixture(scope="module", params=EVERY, ids=NAMES)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return drawing_of(*request.param)


def test_the_first_question_shows_its_layers_its_paths_and_what_is_left_out() -> None:
    drawn = scene(SEED, asked(SEED, "V", 1, 1))
    assert [[unit.text for unit in column.units] for column in drawn.columns] == [
        ["X_1", "X_2", "…", "X_n"],
        ["Z_1", "Z_2", "…", "Z_m"],
        ["Y_1", "Y_2"],
        ["E", "Q_1, Q_2"],
    ]
    assert [column.caption for column in drawn.columns] == ["inputs", "hidden", "outputs", "loss"]
    assert [column.function for column in drawn.columns] == ["", "σ", "σ", ""]
    assert along(drawn, 1) == {("X_1", "Z_1"), ("Z_1", "Y_1"), ("Y_1", "E")}
    assert along(drawn, 2) == {("X_1", "Z_1"), ("Z_1", "Y_2"), ("Y_2", "E")}
    assert [(edge.source, edge.target) for edge in drawn.edges if edge.asked] == [("X_1", "Z_1")]


def test_the_text_says_what_the_drawing_shows() -> None:
    assert scene(SEED, asked(SEED, "V", 1, 1)).text == (
        "The network from left to right. Inputs X_1, X_2, …, X_n. "
        "Hidden units Z_1, Z_2, …, Z_m, computed by σ from X_1, X_2, …, X_n. "
        "Outputs Y_1 and Y_2, computed by σ from Z_1, Z_2, …, Z_m. Loss E, computed from Y_1 and Y_2. "
        "Beside it, the targets Q_1 and Q_2. The biases b_j and c_k are not drawn. "
        "Two paths are lit from V_11 to E. "
        "Path 1: V_11 on the edge from X_1 to Z_1, then along W_11 to Y_1, then to E. "
        "Path 2: V_11 on the edge from X_1 to Z_1, then along W_12 to Y_2, then to E."
    )


def test_every_path_of_the_written_terms_runs_from_the_asked_entry_to_the_loss(drawing: Drawing) -> None:
    derivation, drawn = drawing.derivation, drawing.scene
    assert drawn.paths == len(derivation.written_terms) > 0
    for number, term in enumerate(derivation.written_terms, 1):
        edges = along(drawn, number)
        reached = {anchors.entry(term.path[0])}
        for _ in edges:
            reached |= {source for source, target in edges if target in reached}
        assert {source for source, _ in edges} < reached
        starts = {anchors.entry(derivation.asked.wrt[0])} | {e.source for e in drawn.edges if e.asked}
        assert reached & starts


def test_the_links_of_a_drawing_are_those_of_the_terms(drawing: Drawing) -> None:
    derivation, drawn = drawing.derivation, drawing.scene
    root = parsed(draw(drawn))
    for number, term in enumerate(derivation.written_terms, 1):
        found = {e.get("data-link") for e in root.iter() if f"gx-path-{number}" in e.get("class", "") and e.get("d")}
        expected = {link_id(term, Link(c.name, p.name)) for c, p in pairwise(term.path)}
        assert found == expected


def test_units_keep_apart(drawing: Drawing) -> None:
    placed = drawing.layout
    for one, other in combinations(placed.units, 2):
        assert not one.overlaps(other, clear=3)
    for unit in placed.units:
        assert unit.half_width <= unit.x <= placed.width - unit.half_width
        assert unit.half_height <= unit.y <= placed.height - unit.half_height


def test_no_edge_runs_through_a_unit_and_no_label_covers_one(drawing: Drawing) -> None:
    drawn, placed = drawing.scene, drawing.layout
    places = dict(zip([unit.key for unit in drawn.units], placed.units, strict=True))
    for line in placed.lines:
        ends = {drawn.edges[line.edge].source, drawn.edges[line.edge].target}
        others = [place for key, place in places.items() if key not in ends]
        assert not any(place.holds(point) for place in others for point in line.curve.samples(50))
    for tag in (*placed.tags, *placed.badges):
        assert not any(tag.place.overlaps(place) for place in placed.units)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(random_cases())
def test_any_model_has_a_drawing_in_which_each_path_is_lit(case: Case) -> None:
    for entry in case.asks[:2]:
        found = drawing_of(case, entry)
        derivation, drawn = found.derivation, found.scene
        root = parsed(draw(drawn))
        classes = " ".join(element.get("class", "") for element in root.iter()).split()
        lit = {name for name in classes if name.startswith("gx-path-")}
        assert lit == {f"gx-path-{number}" for number in range(1, len(derivation.written_terms) + 1)}
        assert all(f"Path {number}: " in drawn.text for number in range(1, drawn.paths + 1))


@pytest.mark.parametrize("size", ["n", 5, 1000])
def test_a_size_that_is_open_or_large_is_an_ellipsis(size: int | str) -> None:
    drawn = scene(first_question(inputs=size).model)
    assert labels(drawn)[:4] == ["X_1", "X_2", "…", f"X_{size}"]


def test_a_small_size_is_drawn_whole() -> None:
    drawn = scene(first_question(inputs=4, hidden=3).model)
    assert labels(drawn)[:7] == ["X_1", "X_2", "X_3", "X_4", "Z_1", "Z_2", "Z_3"]
    assert len([pair for pair in edge_pairs(drawn) if pair[0].startswith("X")]) == 12


def test_asked_entries_are_drawn_wherever_they_stand() -> None:
    drawn = scene(SEED, asked(SEED, "V", 7, 3))
    assert labels(drawn)[:10] == ["X_1", "…", "X_7", "…", "X_n", "Z_1", "Z_2", "Z_3", "…", "Z_m"]
    assert ("X_7", "Z_3") in along(drawn, 1)


def test_an_asked_letter_is_drawn_as_a_letter_in_an_open_range() -> None:
    drawn = scene(SEED, asked(SEED, "V", "i", "j"))
    assert labels(drawn)[:5] == ["X_1", "…", "X_i", "…", "X_n"]
    assert along(drawn, 1) == {("X_i", "Z_j"), ("Z_j", "Y_1"), ("Y_1", "E")}


def test_an_asked_letter_is_drawn_as_an_entry_in_a_short_range_and_the_text_says_which() -> None:
    model = first_question(2, 2, 2).model
    drawn = scene(model, asked(model, "V", "i", "j"))
    assert ("X_1", "Z_1") in along(drawn, 1)
    assert "Drawn for i = 1 and j = 1." in drawn.text


def test_the_terms_that_the_page_shows_are_the_paths_that_the_drawing_lights() -> None:
    derivation = asked(SEED, "V", "i", "j")
    drawn = scene(SEED, derivation, derivation.terms)
    assert drawn.paths == 1
    assert along(drawn, 1) == {("X_i", "Z_j"), ("Z_j", "Y_1"), ("Z_j", "Y_2"), ("Y_1", "E"), ("Y_2", "E")}
    assert {strand.link for edge in drawn.edges for strand in edge.strands} == {
        "link-Z_j-V_i_j",
        "link-Y_k-Z_j",
        "link-E-Y_k",
    }


def test_quantities_with_one_name_are_told_apart_by_their_letters() -> None:
    writer = Writer()
    j, k = Place("j", "m"), Place("k", "K")
    hidden, output = Name("a", layer="j"), Name("a", layer="k")
    h = writer.free(hidden, Role.INPUT, j)
    w = writer.free(Name("w"), Role.WEIGHT, j, k)
    y = writer.define(output, Role.OUTPUT, total(j, times(w, h)), k)
    writer.define(Name("L"), Role.LOSS, total(k, square(y)))
    drawn = scene(writer.case("One name for two layers", SIZES).model)
    assert [[u.text for u in column.units] for column in drawn.columns[:2]] == [
        ["a_1", "…", "a_j", "…", "a_m"],
        ["a_1", "…", "a_k", "…", "a_K"],
    ]
    assert len({unit.key for unit in drawn.units}) == len(drawn.units)


def test_softmax_joins_every_net_input_to_every_output_and_other_functions_only_their_own() -> None:
    coupled = scene(classifier(3).model)
    assert {pair for pair in edge_pairs(coupled) if pair[1].startswith("p")} == {
        (f"o_{i}", f"p_{k}") for i in (1, 2, 3) for k in (1, 2, 3)
    }
    writer = Writer()
    k = Place("k", 3)
    z = writer.free(Name("z"), Role.INPUT, k)
    a = writer.define(Name("a"), Role.OUTPUT, applied("sigmoid", z), k)
    writer.define(Name("L"), Role.LOSS, total(k, square(a)))
    single = scene(writer.case("One by one", {}).model)
    assert {pair for pair in edge_pairs(single) if pair[1].startswith("a")} == {(f"z_{n}", f"a_{n}") for n in (1, 2, 3)}


def test_a_path_that_is_a_sum_lights_all_that_it_sums_over() -> None:
    model = classifier("K").model
    drawn = scene(model, asked(model, "o", "i"))
    assert {source for source, target in along(drawn, 1) if target == "L"} == {"p_1", "p_i", "p_K"}
    assert "then to each of p_1, …, p_i, …, p_K, then to L" in drawn.text


def test_a_weight_that_two_layers_share_is_asked_on_both_edges() -> None:
    model = autoencoder().model
    drawn = scene(model, asked(model, "W", 1, 1))
    assert [(e.source, e.target) for e in drawn.edges if e.asked] == [("x_1", "h_1"), ("h_1", "o_1")]


def test_inputs_that_the_loss_compares_with_stand_beside_it_once_more() -> None:
    drawn = scene(autoencoder().model)
    assert [unit.text for unit in drawn.columns[-1].units] == ["L", "x_1, …, x_n"]
    assert not any(target == "L" and source.startswith("x_") for source, target in edge_pairs(drawn))


def test_a_residual_connection_bends_around_the_unit_that_it_skips() -> None:
    model = residual().model
    drawn = scene(model, asked(model, "w_1"))
    placed = layout(drawn, Pen("test").measure)
    bent = {(drawn.edges[n.edge].source, drawn.edges[n.edge].target) for n in placed.lines if len(n.curve.points) > 2}
    assert bent == {("h", "r")}
    assert {("h", "r")} == along(drawn, 2) - along(drawn, 1)


def test_names_that_follow_no_rule_stand_on_all_edges() -> None:
    drawn = scene(numbered().model)
    found = {edge.latex for edge in drawn.edges if edge.latex}
    assert found == {f"m_{n}" for n in range(1, 9)}


def test_an_asked_bias_is_a_unit_of_its_own_and_others_are_named_in_the_text() -> None:
    drawn = scene(SEED, asked(SEED, "b", 1))
    assert along(drawn, 1) == {("b_1", "Z_1"), ("Z_1", "Y_1"), ("Y_1", "E")}
    assert "The bias c_k is not drawn." in drawn.text
    shared = scalar_chain().model
    both = scene(shared, asked(shared, "b"))
    assert along(both, 1) | along(both, 2) == {("b", "h"), ("h", "y"), ("b", "y"), ("y", "L")}


def test_a_penalised_weight_is_both_on_its_edge_and_beside_the_loss() -> None:
    model = penalised().model
    drawn = scene(model, asked(model, "w", 1))
    assert along(drawn, 1) == {("x_1", "y"), ("y", "J")}
    assert along(drawn, 2) == {("w_1", "J")}


def test_one_sample_stands_for_all() -> None:
    drawn = scene(temperature().model)
    assert labels(drawn)[:4] == ["x_s1", "x_s2", "…", "x_sD"]
    assert "One sample, s, is drawn" in drawn.text


def test_entries_in_two_directions_are_one_unit() -> None:
    writer = Writer()
    i, j, k = Place("i", "n"), Place("j", "m"), Place("k", "K")
    x = writer.free(Name("x"), Role.INPUT, i, j)
    w = writer.free(Name("w"), Role.WEIGHT, i, j, k)
    y = writer.define(Name("y"), Role.OUTPUT, total(i, total(j, times(w, x))), k)
    writer.define(Name("L"), Role.LOSS, total(k, square(y)))
    model = writer.case("A grid of inputs", SIZES).model
    drawn = scene(model, asked(model, "w", 1, 1, 1))
    assert labels(drawn)[0] == "x_ij"
    assert along(drawn, 1) == {("x", "y_1"), ("y_1", "L")}


def test_a_drawing_without_a_derivation_is_pale_nowhere() -> None:
    drawn = scene(SEED)
    assert drawn.paths == 0
    assert 'class="gx-edge gx-pale"' not in draw(drawn)
    assert 'class="gx-edge gx-pale"' in draw(scene(SEED, asked(SEED, "V", 1, 1)))


def test_the_same_scene_is_the_same_bytes_whatever_was_drawn_before() -> None:
    drawn = scene(SEED, asked(SEED, "V", 1, 1))
    first = draw(drawn)
    draw(scene(numbered().model))
    assert draw(drawn) == first


def test_the_drawing_of_the_first_question_is_small() -> None:
    assert len(draw(scene(SEED, asked(SEED, "V", 1, 1))).encode()) < 20_000


def test_ids_of_two_drawings_on_a_page_are_unique_and_every_reference_has_its_target() -> None:
    drawn = scene(SEED, asked(SEED, "V", 1, 1))
    text = draw(drawn, "one") + draw(drawn, "two")
    ids = re.findall(r' id="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r'href="#([^"]*)"', text))
    for names in re.findall(r'aria-(?:labelledby|describedby)="([^"]*)"', text):
        wanted.update(names.split())
    assert wanted <= set(ids)


def test_a_drawing_takes_its_colours_from_the_page() -> None:
    text = draw(scene(SEED, asked(SEED, "V", 1, 1)))
    outside = re.sub(r"var\((?:[^()]|\([^()]*\))*\)", "", text)
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", outside.replace('href="#', ""))
    assert "<image" not in text
    assert "font-size" not in re.sub(r"<style>.*?</style>", "", text)


def test_a_drawing_is_one_picture_with_a_name_and_a_text() -> None:
    drawn = scene(SEED, asked(SEED, "V", 1, 1))
    root = parsed(draw(drawn, "net"))
    assert root.get("role") == "img"
    space = "{http://www.w3.org/2000/svg}"
    assert [e.text for e in root.iter(f"{space}title")] == ["The network, with the paths from V_11 to E"]
    assert [e.text for e in root.iter(f"{space}desc")] == [drawn.text]
    assert root.get("width") is None
    assert root.get("viewBox")


def test_units_link_to_their_equations_by_name() -> None:
    drawn = scene(SEED)
    root = parsed(draw(drawn, targets={Name("Z"): "#eq-Z"}))
    links = [e for e in root.iter() if e.tag.endswith("}a")]
    assert [(e.get("href"), e.get("aria-label")) for e in links] == [("#eq-Z", f"Z_{n}") for n in ("1", "2", "m")]
    assert root.get("role") == "group"


@pytest.mark.parametrize(
    "base",
    [
        r"\foo",
        r"\text{<script>alert(1)</script>}",
        r"\frac",
        "$",
        "%",
        "a&b",
        "{",
        "",
        r"\hat y",
        r"\operatorname{net}",
    ],
)
def test_no_name_breaks_the_drawing_or_leaves_its_place(base: str) -> None:
    writer = Writer()
    x = writer.free(Name(base), Role.INPUT)
    w = writer.free(Name("w"), Role.WEIGHT)
    writer.define(Name("y"), Role.OUTPUT, times(w, x))
    text = draw(scene(writer.case("An odd name", {}).model))
    assert "<script" not in text
    assert parsed(text).get("role") == "img"


def test_paths_differ_in_hue_or_pattern_and_hues_show_on_their_grounds() -> None:
    looks = {(style.hue(number), style.pattern(number)) for number in range(1, 37)}
    assert len(looks) == 36
    assert len({style.pattern(number) for number in range(1, 7)}) == 6
    for colours, ground in ((style.LIGHT, "#FFFFFF"), (style.DARK, "#1E2129")):
        assert all(contrast(colour, ground) >= 3 for colour in colours)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_scene_needs_no_matplotlib() -> None:
    code = "import sys, generator.diagram.scene; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_link_that_is_not_on_the_path_has_no_id() -> None:
    (term, _) = asked(SEED, "V", 1, 1).written_terms
    with pytest.raises(ValueError, match="no link of the path"):
        link_id(term, Link(Name("E"), Name("Z")))
