"""All pages of the site: home, questions, reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from generator.site.question import SUMMARY, page_environment, question_files
from generator.site.reference import reference
from generator.site.templates import sources

Files = Mapping[str, bytes]
Make = Callable[[str, str], Files]
Each = Callable[[Make, Mapping[str, str]], Mapping[str, Files]]


def pages(questions: Mapping[str, str], templates: Path, address: str, each: Each) -> Files:
    """The site's pages and figures by their paths. `each` makes the files of every question, one by one or not."""
    made = each(partial(question_files, templates, address), questions)
    found = sources(templates)
    rows = [_row(file, files) for file, files in sorted(made.items())]
    written = {
        path: content for files in made.values() for path, content in files.items() if not path.endswith(SUMMARY)
    }
    home = page_environment(found).get_template("pages/home.md.j2").render(questions=rows)
    return {**written, "index.md": home.encode(), **reference(found)}


def _row(file: str, files: Files) -> Mapping[str, object]:
    return {"file": file, **json.loads(files[f"{file}{SUMMARY}"])}
