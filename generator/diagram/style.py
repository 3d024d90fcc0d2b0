"""How pictures look: sizes, strokes and colours. A path is a hue, a stroke pattern and a number.

Hues: Okabe and Ito, Color Universal Design (2008), told apart by colour-blind readers. Those too pale on white are
darkened to a contrast of 3 there, and lightened on black; patterns and numbers carry the same information.
"""

from __future__ import annotations

RADIUS = 16.0
ROW = 46.0
GAP = 42.0
MARGIN = 6.0
LABEL = 14.0
WEIGHT = 12.0
WORD = 10.5
SMALL = 9.0
STRAND = 4.4

LIGHT = ("#0072B2", "#D55E00", "#009E73", "#B5568C", "#B07A00", "#3B93C4")
DARK = ("#56B4E9", "#F08A3C", "#1FBF92", "#DB92BC", "#E69F00", "#8FCBF0")
PATTERNS = ("none", "8 3.5", "1.5 4", "9 3 1.5 3", "14 4", "4 2.5")


_COMMON = (
    ".gx-figure{--gx-fill:var(--gx-ground,var(--md-default-bg-color,#fff));fill:currentColor}"
    ".gx-figure text{font:500 10.5px var(--md-text-font-family,system-ui),sans-serif;text-anchor:middle}"
    ".gx-figure .gx-weight>rect{fill:var(--gx-fill);stroke:none}"
    ".gx-figure .gx-edge{fill:none;stroke:currentColor;stroke-width:1.1;stroke-opacity:.55}"
)
_NETWORK = (
    ".gx-figure .gx-function{font-style:italic;font-weight:400}"
    ".gx-figure .gx-edge.gx-pale{stroke-opacity:.22}"
    ".gx-figure .gx-edge[data-link]{stroke-width:2.8}"
    ".gx-figure .gx-edge[data-link].lit{stroke-width:5.5}"
    ".gx-figure .gx-unit>path{fill:var(--gx-fill);stroke:currentColor;stroke-width:1.3}"
    ".gx-figure .gx-more>path{fill:currentColor;stroke:none}"
    ".gx-figure .gx-lit>path{stroke-width:2.2}"
    ".gx-figure .gx-unit.gx-asked>path{stroke-width:3.4}"
    ".gx-figure .gx-unit.gx-pale{opacity:.6}"
    ".gx-figure .gx-target>path{stroke-dasharray:3 2}"
    ".gx-figure .gx-weight.gx-asked>rect{stroke:currentColor;stroke-width:1.3}"
    ".gx-figure .gx-weight.gx-pale>g{opacity:.65}"
    ".gx-figure .gx-number>circle{fill:var(--gx-fill);stroke-width:1.8}"
    ".gx-figure .gx-number>text{font-size:9px;font-weight:700;stroke:none}"
)
_PLOT = (
    f".gx-figure .gx-above{{fill:var(--gx-path-1,{LIGHT[0]});fill-opacity:.17}}"
    f".gx-figure .gx-below{{fill:var(--gx-path-2,{LIGHT[1]});fill-opacity:.15}}"
    ".gx-figure .gx-curve{stroke-width:2.8}"
    ".gx-figure .gx-level{fill:none;stroke:currentColor;stroke-opacity:.3;stroke-width:.8}"
    ".gx-figure .gx-here{fill:none;stroke:currentColor;stroke-width:2.6}"
    ".gx-figure .gx-rule{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-dasharray:2 3}"
    ".gx-figure .gx-frame{fill:none;stroke:currentColor;stroke-opacity:.55}"
    ".gx-figure .gx-tick{font-size:10px;font-weight:400;opacity:.85}"
    ".gx-figure .gx-halo{paint-order:stroke;stroke:var(--gx-fill);stroke-width:3;stroke-opacity:.7}"
    ".gx-figure .gx-right{text-anchor:end}"
    ".gx-figure .gx-dot{stroke:var(--gx-fill);stroke-width:1.5}"
)


def hue(number: int) -> int:
    """Which hue path `number` has, from 1: its colour is `var(--gx-path-<hue>)`."""
    return (number - 1) % len(LIGHT) + 1


def pattern(number: int) -> str:
    """The dashes of path `number`; paths that share a hue have different ones."""
    turn = (number - 1) // len(LIGHT)
    return PATTERNS[(number - 1 + turn) % len(PATTERNS)]


def palette(colours: tuple[str, ...]) -> str:
    """Declarations of the variables of the hues."""
    return ";".join(f"--gx-path-{n}:{colour}" for n, colour in enumerate(colours, 1))


def page_css() -> str:
    """What a page's style sheet says of the hues, in its light and its dark scheme; formulas use the same variables."""
    return f":root{{{palette(LIGHT)}}}\n[data-md-color-scheme=slate]{{{palette(DARK)}}}\n"


def path_css(number: int) -> str:
    """How path `number` looks within a figure."""
    dashes = pattern(number)
    colour = f"var(--gx-path-{hue(number)},{LIGHT[hue(number) - 1]})"
    caps = "round" if number % len(LIGHT) == 3 else "butt"
    dashed = "" if dashes == "none" else f";stroke-dasharray:{dashes};stroke-linecap:{caps}"
    return (
        f".gx-figure .gx-number.gx-path-{number}>circle{{stroke:{colour}}}"
        f".gx-figure .gx-edge.gx-path-{number}{{stroke:{colour};stroke-opacity:1{dashed}}}"
    )


def figure_css(paths: int) -> str:
    """The style of a figure with this many paths: it takes the colour of the text around it, and its ground."""
    return _COMMON + _NETWORK + "".join(path_css(number) for number in range(1, paths + 1))


def plot_css() -> str:
    """The style of a plot."""
    return _COMMON + _PLOT
