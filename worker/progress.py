"""How far a command has come, on a terminal; nothing anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

EVERY_MESSAGES = 100
"""The bar moves once in so many messages: at 50,000 a second each move counts."""


@contextmanager
def show_progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a count on standard error, of `total` where it is known; yields what is called with each new count."""
    console = Console(stderr=True)
    bar = (BarColumn(),) if total is not None else ()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        *bar,
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        moves = _Moves(lambda count: progress.update(task, completed=count))
        yield moves
        moves.end()


class _Moves:
    """Passes on one count in a hundred, and the last one."""

    def __init__(self, move: Callable[[int], None]) -> None:
        self._move = move
        self._count = 0
        self._shown = 0

    def __call__(self, count: int) -> None:
        self._count = count
        if count - self._shown >= EVERY_MESSAGES:
            self.end()

    def end(self) -> None:
        self._shown = self._count
        self._move(self._count)
