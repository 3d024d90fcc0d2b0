"""The command `explainer`. Each command imports what it needs when it runs, so that none pays for another."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

_LAYOUTS = ("latex", "matrix", "numpy", "pytorch", "jax", "text")
_FORUMS = ("stackexchange", "discourse", "github", "latex", "text")
_CONFIG = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default="mkdocs.yml",
    help="The site's mkdocs.yml.",
)
_UNREADABLE = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradient-explainer")
def main() -> None:
    """Derive the gradients of a model written in LaTeX, judge claims about them, and explain both."""


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
def check(files: tuple[str, ...], *, as_json: bool) -> None:
    """Judge the claims of question files (`-` is standard input).

    Exit status: 0 all were read and no `expect` is broken; 1 an `expect` is broken; 2 something could not be read.
    """
    from generator.report import checked, told, unreadable

    worst = 0
    for name in files:
        text = _text(name)
        found = checked(name, text) if isinstance(text, str) else unreadable(name, str(text))
        worst = max(worst, found.status)
        click.echo(json.dumps(found.json(), ensure_ascii=False) if as_json else told(found))
    sys.exit(worst)


@main.command()
@click.argument("file")
@click.option("--of", default=None, help="What to differentiate, where it is not what the file asks.")
@click.option("--wrt", default=None, help="In what, as in 'V_{ij}'.")
@click.option("--json", "as_json", is_flag=True, help="The answers as `check --json` prints them.")
@click.option("--as", "form", type=click.Choice(_LAYOUTS), default="text", help="How the derivation is written.")
def derive(file: str, of: str | None, wrt: str | None, form: str, *, as_json: bool) -> None:
    """Derive what a question asks, or the derivative of --of in --wrt."""
    from generator.checking import StepFailed
    from generator.errors import Refusal, Refusals
    from generator.report import derived, written

    name, text = _read(file)
    try:
        found = derived(name, text, of, wrt)
        click.echo(json.dumps(found.json(), ensure_ascii=False) if as_json else written(found, form))
    except (Refusal, Refusals, StepFailed) as error:
        _refuse(error)


@main.command()
@click.argument("file")
@click.option("--for", "forum", type=click.Choice(_FORUMS), required=True, help="Where the answer is to be posted.")
@click.option("--address", default=None, help="Where the site is published; the answer links there.")
def answer(file: str, forum: str, address: str | None) -> None:
    """Write the forum-ready answer to standard output."""
    from generator.checking import StepFailed
    from generator.errors import Refusal, Refusals
    from generator.places import templates
    from generator.site import forum_answer

    name, text = _read(file)
    try:
        click.echo(forum_answer(name, text, forum, templates(), address or ""), nl=False)
    except (Refusal, Refusals, StepFailed) as error:
        _refuse(error)


@main.command()
@click.argument("slug")
@click.option("--layers", default="3-2-2", show_default=True, help="Sizes from input to output.")
@click.option("--activation", default="sigmoid", show_default=True, help="The activation of hidden layers.")
@click.option("--loss", default="bce", show_default=True, help="The loss: bce, ce or mse.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="docs/q",
    show_default=True,
    help="Where question files are kept.",
)
def new(slug: str, layers: str, activation: str, loss: str, folder: Path) -> None:
    """Begin a question file that already passes `check`."""
    from generator.new import ACTIVATIONS, LOSSES, NotNew, question

    if activation not in ACTIVATIONS:
        raise click.BadParameter(f"one of {', '.join(ACTIVATIONS)}", param_hint="--activation")
    if loss not in LOSSES:
        raise click.BadParameter(f"one of {', '.join(LOSSES)}", param_hint="--loss")
    path = folder / f"{slug}.md"
    try:
        text = question(slug, tuple(int(size) for size in layers.split("-")), activation, loss)
    except NotNew as error:
        raise click.UsageError(str(error)) from error
    except ValueError as error:
        raise click.BadParameter("sizes joined by hyphens, as in 3-2-2", param_hint="--layers") from error
    if path.exists():
        raise click.UsageError(f"{path} exists; a slug is an address and never changes its question")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    click.echo(path)


@main.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="site", show_default=True)
@_CONFIG
def build(out: Path, config: Path) -> None:
    """Build the whole site; the last good one stays where that fails."""
    _quiet()
    from generator.build import BuildFailed
    from generator.build import build as exchange
    from generator.mkdocs_plugin import write

    try:
        exchange(out, lambda folder: write(config, folder))
    except BuildFailed as error:
        click.echo(error, err=True)
        click.echo(f"Nothing was changed in {out}.", err=True)
        sys.exit(1)


@main.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Where the preview listens.")
@_CONFIG
def serve(address: str, config: Path) -> None:
    """Show the site, rebuilt after each edit of a question, a page or a template."""
    _quiet()
    from generator.mkdocs_plugin import serve as show

    show(config, address)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_CONFIG
def export(folder: Path, config: Path) -> None:
    """Write the site's Markdown and figures as plain files, for any other site generator."""
    _quiet()
    from generator.errors import Refusal, Refusals
    from generator.export import export as write_files
    from generator.mkdocs_plugin import rendered

    try:
        write_files(*rendered(config), folder)
    except (Refusal, Refusals) as error:
        _refuse(error)


def _text(name: str) -> str | Exception:
    """The text of a file or, for `-`, of standard input; why there is none."""
    try:
        return sys.stdin.buffer.read().decode() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return error


def _read(name: str) -> tuple[str, str]:
    """The name of a file and its text; ends the command where there is none."""
    text = _text(name)
    if isinstance(text, str):
        return name, text
    click.echo(f"{name}: {text}", err=True)
    sys.exit(_UNREADABLE)


def _refuse(error: Exception) -> None:
    click.echo(error, err=True)
    sys.exit(_UNREADABLE)


def _quiet() -> None:
    """Without the two banners on MkDocs' and Material's future that each build would print."""
    import os

    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")
