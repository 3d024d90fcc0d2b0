"""The pages of the site, where a question that has not changed is taken from the cache and the others share the cores.

`site.pages` is pure and knows neither: it is handed `each`, which makes the files of every question.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from generator.cache import Files, fingerprint, key, load, save
from generator.errors import Refusal, Refusals
from generator.places import PACKAGE

Make = Callable[[str, str], Files]

# Below this a pool costs more than it saves: each of its processes imports SymPy and matplotlib first.
_POOL_FROM = 4


def render(sources: Mapping[str, str], templates: Path, folder: Path, address: str) -> Files:
    """The site's pages and figures by their paths; `folder` keeps what was rendered, for the next time.

    `sources` are the question files by their paths below `docs`; `address` is where the site is published. Where
    nothing has changed the engine is not even imported.
    """
    made_by = key(fingerprint([PACKAGE, templates]), address)
    name = key(made_by, *(part for item in sorted(sources.items()) for part in item))
    found = load(folder / "whole", name)
    if found is None:
        from generator.site import pages

        found = pages(sources, templates, address, partial(stored, folder, made_by))
        shutil.rmtree(folder / "whole", ignore_errors=True)
        save(folder / "whole", name, found)
    return found


def stored(folder: Path, made_by: str, make: Make, sources: Mapping[str, str]) -> Mapping[str, Files]:
    """`make(file, text)` for each source, stored under a name of all that it depends on.

    Raises all refusals of all files at once, when what could be made is stored.
    """
    names = {file: key(made_by, file, text) for file, text in sources.items()}
    found = {file: load(folder, name) for file, name in names.items()}
    made = spread(make, {file: sources[file] for file, files in found.items() if files is None})
    for file, result in made.items():
        if not isinstance(result, tuple):
            save(folder, names[file], result)
    refused = tuple(refusal for result in made.values() if isinstance(result, tuple) for refusal in result)
    if refused:
        raise Refusals(refused)
    whole = {file: files if files is not None else made[file] for file, files in found.items()}
    return {file: files for file, files in whole.items() if not isinstance(files, tuple)}


def spread(make: Make, sources: Mapping[str, str]) -> Mapping[str, Files | tuple[Refusal, ...]]:
    """`make(file, text)` or why it is refused, for each source; over the cores where there are several."""
    attempt = partial(_attempt, make)
    if len(sources) < _POOL_FROM:
        return {file: attempt(file, text) for file, text in sources.items()}
    with ProcessPoolExecutor(min(len(sources), _cores()), get_context("spawn")) as pool:
        return dict(zip(sources, pool.map(attempt, sources.keys(), sources.values()), strict=True))


def _attempt(make: Make, file: str, text: str) -> Files | tuple[Refusal, ...]:
    """The files, or why there are none."""
    from generator.checking import StepFailed

    try:
        return make(file, text)
    except Refusals as error:
        return error.refusals
    except Refusal as error:
        return (error,)
    except StepFailed as error:
        return (Refusal(f"{file}: {error}"),)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
