"""matplotlib's SVG made small, styled by classes and fit to stand in a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_PART = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")
_FINE = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """What matplotlib drew: the elements of each group by its id, and the shapes of the letters, used by id."""

    groups: Mapping[str, tuple[Element, ...]]
    letters: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a figure of a page needs beside its body: the beginning of all its ids, its size, title, text and style."""

    prefix: str
    width: float
    height: float
    title: str
    text: str
    css: str


def parts(drawn: str, prefix: str) -> Parts:
    """The groups of matplotlib's SVG that have an id beginning with `prefix:`, without its styles."""
    root = ET.fromstring(drawn)  # noqa: S314 (matplotlib has just written it)
    letters: dict[str, Element] = {}
    groups: dict[str, tuple[Element, ...]] = {}
    for group in root.iter(f"{_SVG}g"):
        name = group.get("id", "")
        if name.startswith(f"{prefix}:"):
            groups[name.removeprefix(f"{prefix}:")] = tuple(_cleaned(group, letters, prefix))
    return Parts(groups, tuple(letters.values()))


def _cleaned(group: Element, letters: dict[str, Element], prefix: str) -> Iterator[Element]:
    for element in group:
        kind = element.tag.removeprefix(_SVG)
        if kind == "defs":
            for shape in element.iter(f"{_SVG}path"):
                _add_letter(shape, letters, prefix)
        elif kind == "path":
            yield Element("path", {"d": path(element.get("d", "")), **_transform(element)})
        elif kind == "use":
            letter = letters[element.get(_HREF, "").removeprefix("#")]
            yield Element("use", {"href": f"#{letter.get('id')}", **_transform(element)})
        elif kind == "g":
            outer = Element("g", _transform(element))
            outer.extend(_cleaned(element, letters, prefix))
            yield outer


def _add_letter(shape: Element, letters: dict[str, Element], prefix: str) -> None:
    name = shape.get("id", "")
    if name not in letters:
        scale = float(shape.get("transform", "scale(1)").removeprefix("scale(").removesuffix(")"))
        outline = path(shape.get("d", ""), scale * _FINE, digits=0)
        shrunk = {"d": outline, "transform": f"scale({1 / _FINE:g})"}
        letters[name] = Element("path", {"id": f"{prefix}-{len(letters)}", **shrunk})


def _transform(element: Element) -> dict[str, str]:
    transform = element.get("transform")
    return {} if transform is None else {"transform": _NUMBER.sub(lambda n: number(float(n[0]), 3), transform)}


def path(data: str, scale: float = 1.0, digits: int = 1) -> str:
    """Path data with numbers rounded and nothing between them that can be left out."""
    written = ""
    for part in _PART.findall(data):
        if part.isalpha():
            written += part
        else:
            value = number(float(part) * scale, digits)
            written += value if value[0] == "-" or written[-1:].isalpha() else f" {value}"
    return written


def number(value: float, digits: int = 1) -> str:
    """The number in as few characters as it takes."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def word(text: str, x: float, y: float, kind: str = "") -> Element:
    """A word in the page's own font, its middle at `x` and its line at `y`."""
    element = Element("text", {"x": number(x), "y": number(y), **({"class": kind} if kind else {})})
    element.text = text
    return element


def ground(x: float, y: float, half_width: float, half_height: float) -> Element:
    """The box behind a name that keeps lines from running through it, its middle at `x`, `y`."""
    corner = {"x": x - half_width, "y": y - half_height, "width": 2 * half_width, "height": 2 * half_height}
    return Element("rect", {**{name: number(value) for name, value in corner.items()}, "rx": "3"})


def figure(frame: Frame, letters: Iterable[Element], body: Iterable[Element], *, links: bool = False) -> str:
    """The whole SVG element, as wide as its place; `links` says that there are links within."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "gx-figure",
            "viewBox": f"0 0 {number(frame.width)} {number(frame.height)}",
            "role": "group" if links else "img",
            "aria-labelledby": f"{frame.prefix}-title",
            "aria-describedby": f"{frame.prefix}-text",
            "style": f"display:block;width:100%;{_limits(frame.width)}",
        },
    )
    SubElement(root, "title", {"id": f"{frame.prefix}-title"}).text = frame.title
    SubElement(root, "desc", {"id": f"{frame.prefix}-text"}).text = frame.text
    SubElement(root, "style").text = frame.css
    SubElement(root, "defs").extend(letters)
    root.extend(body)
    return ET.tostring(root, encoding="unicode")


def _limits(width: float) -> str:
    """Never so small that names cannot be read (the page scrolls a wide figure), nor larger than print."""
    return f"min-width:{number(width * 0.72, 0)}px;max-width:{number(width * 1.5, 0)}px"
