"""The style sheet: enough contrast in both palettes, the same hues as the drawings, nothing from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.diagram.style import DARK, LIGHT

ASSETS = Path(__file__).parent.parent / "docs" / "assets"
CSS = (ASSETS / "stylesheets" / "explainer.css").read_text("utf-8")
PAPER = {"light": "#ffffff", "dark": "#1e2129"}
TEXT = {"light": "#212121", "dark": "#dfe1e7"}


def variables(selector: str) -> dict[str, str]:
    """The colours that the rule of a selector declares."""
    (rule,) = re.findall(rf"^{re.escape(selector)} {{(.*?)^}}", CSS, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"(--[\w-]+): (#[0-9A-Fa-f]{6});", rule))


LIGHT_PALETTE = variables(":root")
DARK_PALETTE = LIGHT_PALETTE | variables('[data-md-color-scheme="slate"]')
PALETTES = {"light": LIGHT_PALETTE, "dark": DARK_PALETTE}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", ["right", "conditional", "wrong", "undecided"])
def test_a_verdict_can_be_read_on_its_card(scheme: str, verdict: str) -> None:
    palette = PALETTES[scheme]
    card = palette[f"--gx-{verdict}-bg"]
    assert contrast(palette[f"--gx-{verdict}"], card) >= 4.5
    assert contrast(TEXT[scheme], card) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", range(1, 7))
def test_the_stroke_of_a_path_stands_out_from_the_page(scheme: str, number: int) -> None:
    assert contrast(PALETTES[scheme][f"--gx-path-{number}"], PAPER[scheme]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_print_can_be_read(scheme: str) -> None:
    for paper in (PAPER[scheme], PALETTES[scheme]["--gx-panel"]):
        assert contrast(PALETTES[scheme]["--gx-faint"], paper) >= 4.5


def test_a_path_has_the_same_hue_in_formula_and_drawing() -> None:
    for palette, hues in ((LIGHT_PALETTE, LIGHT), (DARK_PALETTE, DARK)):
        assert tuple(palette[f"--gx-path-{number}"] for number in range(1, 7)) == hues


def test_nothing_is_fetched_from_another_host() -> None:
    files = [path for path in ASSETS.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert len(files) >= 3
    for path in files:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE), path


def test_the_font_is_light_and_its_licence_lies_beside_it() -> None:
    font = ASSETS / "fonts" / "stix-two-math.woff2"
    assert font.stat().st_size <= 60_000
    assert "SIL OPEN FONT LICENSE" in (font.parent / "OFL.txt").read_text("utf-8")
