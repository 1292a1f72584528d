"""How the command line speaks: text and tables on the output, progress and refusals on the error output."""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

import pandas as pd
from rich.console import Console
from rich.table import Table


class _HeldBack(io.StringIO):
    """What is printed, until it may leave; it looks as it would where it goes."""

    def __init__(self, goes_to: TextIO) -> None:
        super().__init__()
        self._goes_to = goes_to

    def isatty(self) -> bool:
        return self._goes_to.isatty()


@contextmanager
def printed_once_logged(log: Callable[[str], object]) -> Iterator[None]:
    """Print what is said inside when it is logged, all of it at once; nothing where it cannot be.

    Args:
        log: takes the text, and raises where it may not leave.
    """
    goes_to = sys.stdout
    held = _HeldBack(goes_to)
    with redirect_stdout(held):
        yield
    log(held.getvalue())
    goes_to.write(held.getvalue())


def console() -> Console:
    """The output; wide where nobody watches, so that no table is cut."""
    return Console(width=None if sys.stdout.isatty() else 200)


def errors() -> Console:
    """The error output."""
    return Console(stderr=True, soft_wrap=True)


def say(text: str) -> None:
    """Print a sentence as it is."""
    console().print(text, markup=False, highlight=False, soft_wrap=True)


def progress(text: str) -> None:
    """Tell what goes on, where somebody watches."""
    if sys.stderr.isatty():
        errors().print(f"{text} …", markup=False, highlight=False)


def print_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table; cells are text, never markup."""
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    console().print(table)


def print_frame(table: pd.DataFrame) -> None:
    """Print a data frame as a table, without its index."""
    print_table(tuple(map(str, table.columns)), [tuple(row) for row in table.astype(str).to_numpy().tolist()])


def _plain(cell: str) -> str:
    """A cell as text: file names and school names are never markup."""
    return cell.replace("[", r"\[")
