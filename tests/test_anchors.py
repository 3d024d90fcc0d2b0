"""Addresses that were published stay: a link from a forum must land for ever."""

from __future__ import annotations

from pathlib import Path

from tests.site_files import permanent_anchors, published_anchors


def test_no_published_anchor_has_vanished(site: Path) -> None:
    assert sorted(set(published_anchors()) - permanent_anchors(site)) == []


def test_every_anchor_of_the_site_is_on_the_list_of_published_ones(site: Path) -> None:
    assert sorted(permanent_anchors(site) - set(published_anchors())) == [], "add them: make anchors"


def test_the_list_is_sorted_and_names_each_anchor_once() -> None:
    assert published_anchors() == sorted(set(published_anchors()))
