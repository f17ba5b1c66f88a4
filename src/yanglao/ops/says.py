"""How the command line speaks: a line per fact, a bar for long work, errors that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from yanglao.foundation.progress import Progress as Report


class CannotDo(Exception):
    """Something the user can put right; the text says what and how, in one line."""


def say(text: str) -> None:
    """Print a line."""
    click.echo(text)


def say_problem(text: str) -> None:
    """Print a line on the error channel."""
    click.secho(text, err=True, fg="red")


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Show a bar on a terminal, and nothing but the end when output goes to a file."""
    console = Console(stderr=True)
    if not console.is_terminal:
        click.echo(f"{title} …")
        yield lambda done, total, what: None
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total or None, description=what or title)

        yield report
