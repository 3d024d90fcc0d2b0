"""The site's pages, figures and texts as files by their paths, made from questions and templates alone."""

from __future__ import annotations

from generator.site.answers import forum_answer
from generator.site.pages import pages

__all__ = ["forum_answer", "pages"]
