"""Verbs on dead letters: `newsworker dlq list|show|redrive`."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.root import Broker, Rate, load
from worker.cli.stream import From, To

if TYPE_CHECKING:
    from worker.dlq.search import Wanted

dlq_app = typer.Typer(
    help="Dead letters: find them, look into them, send them on their way again.", no_args_is_help=True
)

Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="PLACE...", help="Only these letters: partition:offset, as `list` shows it."),
]
Reasons = Annotated[list[str] | None, typer.Option("--reason", help="Only this error.reason; may be repeated.")]
Stages = Annotated[list[str] | None, typer.Option("--stage", help="Only this error.stage; may be repeated.")]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this source, domain, URL, key or origin topic; may be repeated."),
]
Limit = Annotated[int, typer.Option(min=1, help="Most letters shown.")]


@dlq_app.command("list")
def dlq_list(
    *,
    reason: Reasons = None,
    stage: Stages = None,
    source: Sources = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="A line of JSON for each letter, the record with it.")
    ] = False,
    broker: Broker = None,
) -> None:
    """List dead letters, oldest first, and count them by reason."""
    from worker.dlq.search import find_letters
    from worker.dlq.show import list_letters

    wanted = _wanted(reason, stage, source, bounds=(begin, end))
    asyncio.run(list_letters(find_letters(load(broker), wanted), limit, as_json=as_json))


@dlq_app.command("show")
def dlq_show(
    places: Places = None,
    *,
    reason: Reasons = None,
    stage: Stages = None,
    source: Sources = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 10,
    characters: Annotated[int, typer.Option(min=0, help="Shown of each message.")] = 500,
    broker: Broker = None,
) -> None:
    """Show dead letters with all their headers and the beginning of each message, made harmless for the terminal."""
    from worker.dlq.search import find_letters
    from worker.dlq.show import show_letters

    wanted = _wanted(reason, stage, source, bounds=(begin, end), places=places)
    count = asyncio.run(show_letters(find_letters(load(broker), wanted), limit, characters))
    _end_where_none(count, places)


@dlq_app.command("redrive")
def dlq_redrive(
    places: Places = None,
    *,
    reason: Reasons = None,
    stage: Stages = None,
    source: Sources = None,
    begin: From = None,
    end: To = None,
    topic: Annotated[str | None, typer.Option(help="Onto this topic instead of the origin.")] = None,
    rate: Rate = 0,
    max_redrives: Annotated[int, typer.Option(min=1, help="Leave a message that was redriven so often.")] = 3,
    now: Annotated[
        bool, typer.Option("--now", help="Give messages the present time: for topics that delete old ones.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be redriven, and send nothing.")] = False,
    broker: Broker = None,
) -> None:
    """Put messages back on their origin topic as they were, each at most once and only so often.

    Bytes, key, own headers and timestamp stay. A message that fails again has a new letter, which knows the count.
    """
    from worker.dlq.redrive import Redrive, redrive

    wanted = _wanted(reason, stage, source, bounds=(begin, end), places=places)
    how = Redrive(topic, rate, max_redrives, now, dry_run)
    fates = asyncio.run(redrive(load(broker), wanted, how))
    if not fates:
        typer.echo("no dead letter matches")
    for fate, count in sorted(fates.items()):
        typer.echo(f"{'would be ' if dry_run and fate == 'redriven' else ''}{fate}: {count}")
    _end_where_none(len(fates), places)


def _end_where_none(count: int, places: list[str] | None) -> None:
    """End with 1 where letters were named and none of them is there."""
    if places and not count:
        raise typer.Exit(1)


def _wanted(
    reasons: list[str] | None,
    stages: list[str] | None,
    sources: list[str] | None,
    *,
    bounds: tuple[str | None, str | None],
    places: list[str] | None = None,
) -> "Wanted":
    from worker.bounds import parse_bound
    from worker.dlq.search import Wanted, parse_places

    folded = frozenset(source.casefold() for source in sources or ())
    begin, end = (parse_bound(bound) for bound in bounds)
    return Wanted(parse_places(places), frozenset(reasons or ()), frozenset(stages or ()), folded, begin, end)
