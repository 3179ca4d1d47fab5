"""A chaos run: the same messages once undisturbed, and once for each piece under its part of the faults.

In: a number of kills, a seed, a broker of the run's own. Out: a `Tally` for each piece.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from chaos import books
from chaos.fleet import Fleet
from chaos.schedule import Fault, Schedule
from chaos.stream import LIMIT
from confluent_kafka.admin import AdminClient
from kafka_client import KafkaClient, Sent

from worker import topics
from worker.broker import KafkaBroker
from worker.settings import Delivery, Settings

PARTITIONS = 4
SESSION_TIMEOUT_SECONDS = 6
WINDOW_HOURS = 1_000_000
"""Nothing is forgotten: when it is follows from the clock of the pages, which goes by months in minutes here."""

BATCH_MESSAGES = 50
"""Small batches, so that faults meet the middle of the work."""

POLL_SECONDS = 0.2

STEP_SECONDS = 60.0
"""A fault comes after so long whether or not the messages before it are committed."""

END_SECONDS = 600.0
"""Longest wait for the rest of the work after the last fault: what is not done by then counts as lost."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a piece came to.

    `kills_of_two` happened while two workers ran, `kills_wiped` lost the local state; `repeated` counts the records
    that stand more often on a topic than in the undisturbed run; `unfinished` the halves that did not come to the end
    of their topics, and the workers that did not end well when they were told to.
    """

    messages: int
    kills: int
    kills_of_two: int
    kills_wiped: int
    seconds: int
    repeated: int
    unfinished: int
    difference: books.Difference


class Run:
    """Plays messages to workers on one broker."""

    def __init__(self, broker: KafkaBroker, folder: Path, delivery: Delivery) -> None:
        self._broker = broker
        self._delivery = delivery
        self._folder = folder
        self._client = KafkaClient(broker.bootstrap)

    def undisturbed(self, messages: Sequence[Sent]) -> books.Books:
        """Return what one worker makes of the messages when nothing goes wrong."""
        found, _ = self._play(messages, Schedule(1, ()))
        return found

    def disturbed(self, messages: Sequence[Sent], schedule: Schedule, expected: books.Books) -> Tally:
        """Play the messages under the faults of a schedule and compare."""
        began = time.monotonic()
        found, unfinished = self._play(messages, schedule)
        for line in books.examples(expected, found):
            print(f"  {line}", flush=True)
        kills = [fault for fault in schedule.faults if fault.is_kill]
        return Tally(
            messages=len(messages),
            kills=len(kills),
            kills_of_two=sum(fault.workers == 2 for fault in kills),
            kills_wiped=sum(fault.wipe for fault in kills),
            seconds=round(time.monotonic() - began),
            repeated=books.repeated(expected, found),
            unfinished=unfinished,
            difference=books.compare(expected, found),
        )

    def _play(self, messages: Sequence[Sent], schedule: Schedule) -> tuple[books.Books, int]:
        """Return what is on the topics in the end, and how much of the run is unfinished, as `Tally` has it."""
        with self._settings() as settings:
            self._client.produce(settings.topics.raw, messages)
            with Fleet(settings, self._broker, schedule) as fleet:
                for fault in schedule.faults:
                    self._wait_for(fault, fleet, settings)
                    print(f"  {_told(fault)}", flush=True)
                    fleet.suffer(fault)
                unfinished = self._wait_for_the_end(fleet, settings)
                codes = fleet.drain()
                if any(codes):
                    print(f"  ended with {codes}", flush=True)
                unfinished += sum(code != 0 for code in codes)
            for complaint, times in fleet.complaints.items():
                print(f"  {times} x {complaint[:200]}", flush=True)
            return books.read(self._client, settings.topics), unfinished

    @contextmanager
    def _settings(self) -> Iterator[Settings]:
        name = f"chaos{uuid4().hex[:8]}"
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            settings = Settings(
                broker=self._broker.bootstrap,
                group=name,
                topic_prefix=name,
                partitions=PARTITIONS,
                max_message_bytes=LIMIT,
                delivery=self._delivery,
                batch_messages=BATCH_MESSAGES,
                session_timeout_seconds=SESSION_TIMEOUT_SECONDS,
                state_store="rocksdb",
                dedup_window_hours=WINDOW_HOURS,
                state_dir=Path(folder),
                web_port=0,
            )
            asyncio.run(topics.apply(settings))
            yield settings
        self._remove_topics(settings)

    def _remove_topics(self, settings: Settings) -> None:
        client = AdminClient({"bootstrap.servers": self._broker.bootstrap, "log_level": 0})
        for future in client.delete_topics(list(topics.partitions(settings))).values():
            future.result(20)

    def _wait_for(self, fault: Fault, fleet: Fleet, settings: Settings) -> None:
        group, raw = settings.group_of("split"), settings.topics.raw
        _wait(lambda: sum(self._client.committed(group, raw).values()) >= fault.after, fleet, STEP_SECONDS)
        time.sleep(fault.delay)

    def _wait_for_the_end(self, fleet: Fleet, settings: Settings) -> int:
        """Return how many halves have not come to it in time."""
        unfinished = 0
        for role, topic in (("split", settings.topics.raw), ("dedupe", settings.topics.sighting)):
            group = f"{settings.group}-{role}"
            if not _wait(lambda group=group, topic=topic: self._client.lag(group, topic) == 0, fleet, END_SECONDS):
                print(f"  {role} has not ended", flush=True)
                unfinished += 1
        return unfinished


def totals(tallies: Sequence[Tally]) -> dict[str, int]:
    """Return the sums over all pieces, as the last line of a run says them."""
    differences = [asdict(tally.difference) for tally in tallies]
    return {
        "messages": sum(tally.messages for tally in tallies),
        "kills": sum(tally.kills for tally in tallies),
        "repeated": sum(tally.repeated for tally in tallies),
        "unfinished": sum(tally.unfinished for tally in tallies),
        **{name: sum(one[name] for one in differences) for name in asdict(books.Difference())},
    }


def _wait(is_reached: Callable[[], bool], fleet: Fleet, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_reached():
        if time.monotonic() > deadline:
            return False
        fleet.revive()
        time.sleep(POLL_SECONDS)
    return True


def _told(fault: Fault) -> str:
    wiped = ", its state deleted" if fault.wipe and fault.is_kill else ""
    return f"after {fault.after} messages: {fault.kind}, worker {fault.worker + 1} of {fault.workers}{wiped}"
