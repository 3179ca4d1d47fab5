"""Verbs on the messages of topics."""

from typing import Annotated

import typer

from worker import settings as options
from worker.cli.root import Broker, app


@app.command()
def replay(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="What `process` reads.")],
    topic: Annotated[str | None, typer.Option(help="Topic to play onto; else the raw topic.")] = None,
    rate: Annotated[float, typer.Option(min=0, help="Messages a second; 0 is as fast as the broker takes them.")] = 0,
    broker: Broker = None,
) -> None:
    """Play recorded messages onto a topic, with progress; every acknowledgement is awaited."""
    import asyncio

    from worker.replay import replay_file

    settings = options.load(broker=broker)
    asyncio.run(replay_file(inputs, settings, topic=topic or settings.topics.raw, rate=rate))
