"""The same groups of headlines and stories however the work is spread, whatever comes twice, and after a kill."""

import asyncio
import json
import random
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from kafka_client import KafkaClient, Sent
from prose import prose
from whole import is_consumed
from worker_process import LONG_SECONDS, WorkerProcess

from worker import topics
from worker.settings import Settings

PAGES = 120
TITLES = (
    "Ferry to the outer islands will run through the winter",
    "Old lighthouse by the harbour becomes a school for sailors",
    "Fishermen of the northern coast ask the council for longer nets",
    "Two new ice-class vessels were launched in the eastern yard",
    "Bridge over the river closes for two years of repairs",
    "Museum of the railway opens its doors to visitors again",
)
PAPERS = {"news-today.com": "Qux", "courier.com": "Rimley Eye", "daily-blorb.com": "Daily Blorb"}
"""Papers and the names that they put behind headlines: two are learned, the last is borne."""

CHANGED = (
    "{title}",
    "BREAKING: {title}",
    "{title} - Reuters",
    "{title}, officials say",
    "{cut}…",
    "{title} on Monday",
    "{title} | {name}",
)


def pages() -> list[Sent]:
    """Return pages whose headlines are near variants of a few, and whose bodies are most of those of a few."""
    choice = random.Random(7)
    return [_page(number, choice) for number in range(PAGES)]


def _page(number: int, choice: random.Random) -> Sent:
    own, *listed = choice.sample(range(len(TITLES)), 3)
    paper, name = tuple(PAPERS.items())[number % len(PAPERS)]
    words = prose(own, 160).split()
    body = " ".join(words[choice.randrange(20) : 140 + choice.randrange(20)]).capitalize()
    items = "\n".join(_changed(one, name, choice) for one in listed)
    return Sent(
        json.dumps(
            {
                "content": f"{_changed(own, name, choice)}\n\n{body}.\n\nRead also\n{items}\n",
                "language": "en",
                "url": f"https://{paper}/{number}",
                "fetched_at": f"2025-03-{1 + number // 60:02}T{number // 3 % 20:02}:{number % 60:02}:00Z",
            }
        ).encode(),
        key=str(number).encode(),
    )


def _changed(title: int, name: str, choice: random.Random) -> str:
    text = TITLES[title]
    return choice.choice(CHANGED).format(title=text, name=name, cut=" ".join(text.split()[:-2]))


def play(client: KafkaClient, settings: Settings, sent: Sequence[Sent], *, workers: int, kills: bool) -> object:
    """Play pages to so many workers, one of which may be killed in the middle; return the last records."""
    asyncio.run(topics.apply(settings))
    with ExitStack() as stack:
        fleet = [_start(stack, settings, number) for number in range(workers)]
        for worker in fleet:
            worker.wait_until_ready(LONG_SECONDS)
        half = len(sent) // 2
        client.produce(settings.topics.raw, sent[:half])
        if kills:
            fleet[0].wait_until(lambda: client.consume(settings.topics.headline), LONG_SECONDS, "begun")
            fleet[0].stop(signal.SIGKILL)
            fleet[0] = _start(stack, settings, workers)
        client.produce(settings.topics.raw, sent[half:])
        fleet[0].wait_until(lambda: is_consumed(client, settings), LONG_SECONDS, "consumed")
    return [
        {record.key: record.value for record in client.consume(topic)}
        for topic in (settings.topics.headline, settings.topics.copy)
    ]


def _start(stack: ExitStack, settings: Settings, number: int) -> WorkerProcess:
    """Start a worker with a folder of its own, so that a new one recovers its state from the changelog."""
    own = settings.model_copy(update={"state_dir": settings.state_dir / str(number)})
    return stack.enter_context(WorkerProcess(own))


def test_one_partition_or_eight_one_worker_or_three(
    settings: Settings, kafka_client: KafkaClient, tmp_path: Path
) -> None:
    """The last headline and copy records are the same, tombstones aside."""
    sent = pages()
    again = random.Random(1).sample(sent, 20)
    found = [
        play(kafka_client, _settings(settings, tmp_path, partitions), order, workers=workers, kills=kills)
        for partitions, workers, order, kills in (
            (1, 1, sent, False),
            (8, 3, random.Random(2).sample([*sent, *again], len(sent) + len(again)), True),
        )
    ]
    alone, spread = ([_live(records) for records in topic] for topic in found)
    assert alone == spread
    assert len(TITLES) <= len(alone[0]) < 2 * len(TITLES) + 2
    assert {json.loads(value)["status"] for value in alone[1].values()} >= {"original", "near_duplicate"}


def _settings(settings: Settings, folder: Path, partitions: int) -> Settings:
    name = f"{settings.group}-{partitions}"
    own = {"group": name, "topic_prefix": name, "partitions": partitions, "state_dir": folder / name}
    return settings.model_copy(update=own)


def _live(records: dict[bytes, bytes | None]) -> dict[bytes, bytes]:
    return {key: value for key, value in records.items() if value is not None}
