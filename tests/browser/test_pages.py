"""The site as a reader meets it: in a real browser, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site_files import ROOT, published_anchors

SHOTS = ROOT / ".cache" / "screenshots"
WIDE = (1280, 900)
PHONE = (390, 844)
SEED = "q/seed/"


@contextmanager
def opened(
    browser: Browser, size: tuple[int, int] = WIDE, scheme: str = "light", *, script: bool = True
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def pages(site: Path) -> list[str]:
    """The addresses of all pages below the site."""
    return sorted(
        "" if path.parent == site else f"{path.parent.relative_to(site).as_posix()}/"
        for path in site.rglob("index.html")
    )


def test_no_page_has_an_error_in_its_console_or_asks_another_host(browser: Browser, site: Path, address: str) -> None:
    complaints: list[str] = []
    with opened(browser) as page:
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
        page.on("response", lambda response: complaints.append(response.url) if response.status >= 400 else None)
        for path in pages(site):
            page.goto(address + path, wait_until="load")
    assert complaints == []


def test_a_link_from_outside_to_an_anchor_lands_on_its_place_below_the_header(browser: Browser, address: str) -> None:
    missed: list[str] = []
    for anchor in [anchor for anchor in published_anchors() if anchor.startswith(SEED)]:
        with opened(browser) as page:
            page.goto(address + anchor, wait_until="load")
            missed += [f"{anchor}: {where}" for where in [page.evaluate(LANDS, anchor.partition("#")[2])] if where]
    assert missed == []


def test_each_published_anchor_lands_on_its_place_when_it_is_followed_on_its_page(
    browser: Browser, address: str
) -> None:
    missed: list[str] = []
    with opened(browser) as page:
        for path, anchors in groupby(published_anchors(), lambda anchor: anchor.partition("#")[0]):
            page.goto(address + path, wait_until="load")
            for anchor in anchors:
                name = anchor.partition("#")[2]
                page.evaluate("(name) => { location.hash = name; }", name)
                missed += [f"{anchor}: {where}" for where in [page.evaluate(LANDS, name)] if where]
    assert missed == []


# None where the element's top is in view below the header (or the page can scroll no further); else where it is.
LANDS = """(id) => {
  const part = document.getElementById(id);
  if (!part) return "absent";
  const top = part.getBoundingClientRect().top;
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
  const root = document.documentElement;
  const end = Math.abs(root.scrollHeight - root.clientHeight - root.scrollTop) < 2;
  const near = top >= header - 1 && (end ? top < innerHeight : top < header + innerHeight / 3);
  return near ? null : `${top} below ${header}`;
}"""


def test_on_a_phone_no_page_scrolls_sideways(browser: Browser, site: Path, address: str) -> None:
    widths = {}
    with opened(browser, PHONE) as page:
        for path in pages(site):
            page.goto(address + path, wait_until="load")
            widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > PHONE[0]} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("phone", PHONE)])
def test_the_page_follows_the_systems_palette(
    browser: Browser, address: str, scheme: str, name: str, size: tuple[int, int]
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with opened(browser, size, scheme) as page:
        page.goto(address + SEED, wait_until="load")
        page.screenshot(path=SHOTS / f"seed-{name}-{scheme}.png", full_page=True)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, colour.strip("rgba()").split(",")[:3])) / 3
    assert (brightness < 80) == (scheme == "dark")


SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


def test_the_page_does_not_move_while_it_loads(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.add_init_script(SHIFTS)
        page.goto(address + SEED, wait_until="networkidle")
        assert page.evaluate("window.shift") < 0.01


def test_the_mathematics_is_set_in_the_font_that_the_site_brings(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(address + SEED, wait_until="load")
        assert page.evaluate("document.fonts.check('16px \"STIX Two Math Subset\"', 'E')")


def test_without_javascript_the_page_is_whole(browser: Browser, address: str) -> None:
    with opened(browser, script=False) as page:
        page.goto(address + SEED, wait_until="load")
        assert page.locator("#verdict").is_visible()
        assert page.locator("math").count() > 10
        assert page.locator("button.copy-button").count() == 0


LINKS = "(selector) => [...document.querySelectorAll(selector)].flatMap((part) => part.dataset.link.split(' '))"


def test_a_marked_factor_its_lit_edge_and_its_table_row_share_one_id(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(address + SEED, wait_until="load")
        factors, edges, rows = (
            set(page.evaluate(LINKS, selector))
            for selector in (".verdict math [data-link]", "svg [data-link]", "tr[data-link]")
        )
    assert factors
    assert factors <= edges
    assert factors <= rows


def test_pointing_at_a_factor_lights_its_edge_and_its_row(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(address + SEED, wait_until="load")
        factor = page.locator(".verdict math [data-link]").first
        link = (factor.get_attribute("data-link") or "").split()[0]
        factor.hover()
        lit = page.evaluate(
            "[...document.querySelectorAll('.lit')].map((part) => part.closest('math, svg, tr').tagName)"
        )
        assert {name.lower() for name in lit} == {"math", "svg", "tr"}, link


def test_copying_a_step_copies_its_address(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(address + SEED, wait_until="load")
        step = page.locator(".step[id]").first
        step.locator("button.copy-button", has_text="Copy link").first.click()
        assert page.evaluate("navigator.clipboard.readText()") == f"{address}{SEED}#{step.get_attribute('id')}"
