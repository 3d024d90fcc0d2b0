"""matplotlib's SVG renderer, driven directly: it measures names and draws names and outlines into named groups."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from generator.diagram import svg
from generator.diagram.labels import mathtext
from generator.diagram.measures import Box, Point
from generator.plain import plain

_UP = Affine2D().scale(1, -1)
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}


def outline(points: Sequence[Point], commands: str) -> Path:
    """The path of these points, with a command for each: move, line, cubic curve (three points), close."""
    return Path(list(points), [int(_CODES[command]) for command in commands])


class Pen:
    """One drawing in the making. What is drawn under an id comes back as the group of that id."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._file = StringIO()
        # matplotlib types its renderers' common part alone.
        self._svg = RendererSVG(1, 0, self._file, metadata={"Date": None})  # type: ignore[no-untyped-call]
        self._renderer: RendererBase = self._svg

    def measure(self, latex: str, size: float) -> Box:
        """How far the name reaches from the start of its line."""
        text, is_formula = self._readable(latex)
        width, height, down = self._renderer.get_text_width_height_descent(text, _font(size), is_formula)
        return Box(width, height - down, down)

    def name(self, group: str, latex: str, size: float, x: float, y: float) -> None:
        """Draw a name, its middle at `x`, `y`."""
        text, is_formula = self._readable(latex)
        box = self.measure(latex, size)
        line = y + (box.up - box.down) / 2
        self._renderer.open_group("text", gid=f"{self._prefix}:{group}")
        self._renderer.draw_text(self._renderer.new_gc(), x - box.width / 2, line, text, _font(size), 0, is_formula)
        self._renderer.close_group("text")

    def outline(self, group: str, path: Path) -> None:
        """Draw a path."""
        self._renderer.open_group("path", gid=f"{self._prefix}:{group}")
        self._renderer.draw_path(self._renderer.new_gc(), path, _UP, None)
        self._renderer.close_group("path")

    def parts(self) -> svg.Parts:
        """All that was drawn; nothing can be drawn after."""
        self._svg.finalize()  # type: ignore[no-untyped-call]
        return svg.parts(self._file.getvalue(), self._prefix)

    def _readable(self, latex: str) -> tuple[str, bool]:
        """The name as a formula, or as plain text where matplotlib cannot typeset it."""
        formula = mathtext(latex)
        try:
            self._renderer.get_text_width_height_descent(formula, _font(10), ismath=True)
        except ValueError:
            return plain(latex).replace("\n", " "), False
        return formula, True


def _font(size: float) -> FontProperties:
    return FontProperties(family=["STIXGeneral", "DejaVu Sans"], math_fontfamily="stix", size=size)
