"""Verbs on the messages of topics: recording, replaying, comparing what comes out, taking back."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import settings as options
from worker.cli.root import EXIT_FAILED, Broker, Rate, app, load
from worker.errors import Fatal
from worker.printable import excerpt

if TYPE_CHECKING:
    from worker.reader import Range

MAX_URL_CHARACTERS = 200

From = Annotated[
    str | None,
    typer.Option(
        "--from", help="Where to begin: an offset, a time with its zone, or how long ago (2h); else the start."
    ),
]
To = Annotated[
    str | None, typer.Option("--to", help="Where to end, not included; the same forms; else the present end.")
]
Partitions = Annotated[str | None, typer.Option(help="Only these partitions: 0,2,5.")]


@app.command()
def record(
    *,
    topic: Annotated[str, typer.Option(help="Topic to record.")],
    out: Annotated[Path, typer.Option(help="File to write: .jsonl, .jsonl.gz or .jsonl.zst.")],
    begin: From = None,
    end: To = None,
    partitions: Partitions = None,
    broker: Broker = None,
) -> None:
    """Take a bounded range of a topic into a file, bytes, keys, headers and timestamps as they are.

    The end is fixed at the start; no group is joined and nothing committed. `replay` and `process` read the file.
    """
    from worker.record import record_range

    asyncio.run(record_range(load(broker), _range(topic, begin, end, partitions), out))


@app.command()
def replay(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT...", help="What `process` reads: recordings and WARC files too."),
    ] = None,
    *,
    from_topic: Annotated[str | None, typer.Option(help="Play a range of this topic instead of files.")] = None,
    begin: From = None,
    end: To = None,
    partitions: Partitions = None,
    topic: Annotated[str | None, typer.Option(help="Topic to play onto; else, for files, the raw topic.")] = None,
    out: Annotated[Path | None, typer.Option(help="Play through the pipeline into this folder instead.")] = None,
    verify: Annotated[
        Path | None,
        typer.Option(help="Play through the pipeline and compare with this folder; exit code 1 if different."),
    ] = None,
    rate: Rate = 0,
    speed: Annotated[str | None, typer.Option(help="`recorded`, or a factor of it: 10 is ten times as fast.")] = None,
    replay_id: Annotated[str, typer.Option(help="For the header replay.id; else a random one.")] = "",
    resume: Annotated[
        Path | None, typer.Option(help="File that keeps how far it got; with it the next run goes on there.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Give messages the present time: for topics that delete old ones.")
    ] = False,
    broker: Broker = None,
) -> None:
    """Play recorded messages onto a topic, or through the pipeline into a folder.

    Keys, headers and timestamps stay, so that old pages are judged by their own time; every acknowledgement is awaited.
    The live groups are not touched.
    """
    from worker.pace import parse_pace
    from worker.replay import Onto, Play, play_and_compare, play_into, play_onto

    pace, into_folder = parse_pace(rate, speed), (out or verify) is not None
    # Files that are played into a folder need no broker, and none of its secrets.
    settings = options.load(broker=broker) if into_folder and not from_topic else load(broker)
    _refuse(bool(inputs) == (from_topic is not None), "name files to play, or a topic with --from-topic")
    _refuse(not from_topic and any((begin, end, partitions)), "--from, --to and --partitions belong to --from-topic")
    _refuse(
        into_folder and any((topic, resume, replay_id, now)), "--topic, --resume, --replay-id and --now are for a topic"
    )
    _refuse(not into_folder and from_topic and not topic, "name the topic to play onto with --topic")
    play = Play(tuple(inputs or ()))
    if from_topic:
        words = (from_topic, begin or "", end or "", partitions or "")
        play = Play(wanted=_range(from_topic, begin, end, partitions), words=words)
    if verify is not None:
        same = asyncio.run(play_and_compare(play, settings, verify, out, pace=pace))
        raise typer.Exit(0 if same else EXIT_FAILED)
    if out is not None:
        asyncio.run(play_into(play, settings, out, pace=pace))
        return
    onto = Onto(topic or settings.topics.raw, pace, replay_id, resume, now)
    asyncio.run(play_onto(play, settings, onto))


@app.command()
def retract(
    story_ids: Annotated[list[str], typer.Argument(metavar="STORY_ID...", help="Ids of the stories to take down.")],
    *,
    reason: Annotated[str | None, typer.Option(help="Why, for the record of the refusal.")] = None,
    only: Annotated[bool, typer.Option("--only", help="Without the stories' copies.")] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Take the refusal back instead; a replay brings the story.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be taken down, and change nothing.")
    ] = False,
    broker: Broker = None,
) -> None:
    """Take stories and their copies down: tombstones on their topics, their ids refused from then on.

    Pages that hold a story's text are published again with it blacked out. Done twice it changes nothing more.
    """
    from worker import retract as takedown

    settings = load(broker)
    if lift:
        lifted = asyncio.run(takedown.lift(story_ids, settings))
        for story_id in story_ids:
            typer.echo(f"{story_id} {'may come back' if story_id in lifted else 'was not refused'}")
        return
    targets = asyncio.run(takedown.retract(story_ids, settings, reason=reason, only=only, dry_run=dry_run))
    for target in targets:
        known = f"{target.status} {excerpt(target.url or 'without a URL', MAX_URL_CHARACTERS)}"
        typer.echo(f"{target.story_id} {known if target.content_id else 'no such story on the topics'}")


def _range(topic: str, begin: str | None, end: str | None, partitions: str | None) -> "Range":
    from worker.bounds import parse_bound, parse_partitions
    from worker.reader import Range

    return Range(topic, parse_partitions(partitions), parse_bound(begin), parse_bound(end))


def _refuse(wrong: object, message: str) -> None:
    if wrong:
        raise Fatal("bad_input", "cli", message)
