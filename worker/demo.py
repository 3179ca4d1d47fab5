"""Everything together on the embedded broker: `newsworker demo`.

In: the packaged sample pages. Out: the records, read back from their topics into a folder, and tables on the terminal:
stories, headlines, duplicates, dead letters and the metrics' balance. It starts a real worker as a process of its own
and stops it again, also where it is told to end itself; nothing of it is used in production.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NoReturn, cast

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from worker import ending, topics
from worker.broker import EmbeddedBroker
from worker.connection import Connection
from worker.errors import Fatal, writing_into
from worker.process import KINDS, LAST_ONLY, dead_letter_line
from worker.publish import Outgoing
from worker.replay import replay_file
from worker.settings import ENV_PREFIX, ROLES, Settings, as_environment

STAGE = "demo"
PAGES = files("worker") / "data" / "demo" / "pages.jsonl"

PLAIN = {name: field.default for name, field in Connection.model_fields.items()}
"""The embedded broker is spoken to in the clear, whatever is set."""

START_SECONDS = 30.0
SETTLE_SECONDS = 30.0
STOP_SECONDS = 30.0
"""Bounds on each step; on two cores the worker is ready in under 5 s and the pages take under 1 s."""

EXIT_BY_SIGNAL = 128
"""Added to the signal's number, as shells do."""

POLL_SECONDS = 0.2
REQUEST_SECONDS = 5.0
HTTP_OK = 200
LEAST_WIDTH = 140
READABLE_CHARACTERS = 56
"""Columns of a table row where the output is no terminal, and the longest headline in one."""

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def run_demo(out: Path) -> int:
    """Run the demo, leave the records in `out` and return the exit code.

    Raises:
        Fatal: `bad_output`, where nothing can be written into `out`; `demo_failed`, naming the step that did not end
            in time; the worker's log lies in `out`.
    """
    console = Console()
    console.width = max(console.width, LEAST_WIDTH)
    with writing_into(out, STAGE):
        out.mkdir(parents=True, exist_ok=True)
    with _unwound_by_signals(), TemporaryDirectory() as state_dir:
        settings = Settings(web_port=_free_port(), partitions=2, state_dir=Path(state_dir), log_format="json", **PLAIN)
        with EmbeddedBroker(topics.partitions(settings)) as broker:
            settings = settings.model_copy(update={"broker": broker.bootstrap})
            with _worker(settings, out / "worker.log") as address:
                console.print(f"Worker on {address}, embedded broker on {broker.bootstrap}")
                samples = _replay_and_settle(settings, address)
            records = {kind: _read_back(settings, kind, out / f"{kind}.jsonl") for kind in KINDS}
    _show(console, records, samples)
    console.print(f"Records: {out}/*.jsonl   Worker's log: {out / 'worker.log'}", markup=False)
    return 0


@contextmanager
def _unwound_by_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into an exception, so that the worker, the broker and temporary folders are cleared."""
    before = {number: signal.signal(number, _unwind) for number in ending.SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unwind(number: int, _frame: FrameType | None) -> NoReturn:
    for each in ending.SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # clearing up is bounded, and nothing may break it off
    raise SystemExit(EXIT_BY_SIGNAL + number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _worker(settings: Settings, log: Path) -> Iterator[str]:
    """Run `newsworker run` as a process of its own; yields the address of its web port once it is ready."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    environment |= as_environment(settings)
    address = f"http://127.0.0.1:{settings.web_port}"
    with log.open("wb") as stream:
        worker = subprocess.Popen([sys.executable, "-m", "worker", "run"], env=environment, stderr=stream)
        try:
            _wait("the worker to be ready", START_SECONDS, lambda: _is_ready(address))
            yield address
            worker.send_signal(signal.SIGTERM)
            if worker.wait(STOP_SECONDS) != 0:
                raise Fatal("demo_failed", STAGE, f"the worker ended with exit code {worker.returncode}: see {log}")
        finally:
            _end(worker)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    # Killed at once it would leave its roles and its folder of metrics behind.
    worker.terminate()
    try:
        worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _wait(what: str, seconds: float, is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            raise Fatal("demo_failed", STAGE, f"waited {seconds:.0f} s for {what}; the worker's log says more")
        time.sleep(POLL_SECONDS)


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/ready", timeout=REQUEST_SECONDS) as answer:  # noqa: S310 - our own http
            return bool(answer.status == HTTP_OK)
    except (urllib.error.URLError, ConnectionError):
        return False


def _replay_and_settle(settings: Settings, address: str) -> Samples:
    with as_file(PAGES) as pages:
        asyncio.run(replay_file([str(pages)], settings, topic=settings.topics.raw, rate=0))
        sent = len(pages.read_bytes().splitlines())
    _wait("every page to have its outcome", SETTLE_SECONDS, lambda: _is_settled(_scrape(address), sent))
    return _scrape(address)


def _scrape(address: str) -> Samples:
    with urllib.request.urlopen(f"{address}/metrics", timeout=REQUEST_SECONDS) as answer:  # noqa: S310 - our own http
        families = text_string_to_metric_families(answer.read().decode())
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }


def _sum(samples: Samples, name: str, **labels: str) -> int:
    wanted = labels.items()
    return round(sum(value for (found, own), value in samples.items() if found == name and wanted <= own))


def _is_settled(samples: Samples, sent: int) -> bool:
    sightings = _sum(samples, "newsworker_records_published_total", kind="sighting")
    return (
        _sum(samples, "newsworker_messages_consumed_total", role="split") == sent
        and _sum(samples, "newsworker_messages_consumed_total", role="dedupe") == sightings
    )


def _read_back(settings: Settings, kind: str, path: Path) -> list[dict[str, Any]]:
    """Write a topic's records as `process` writes them, and return them."""
    messages = _consume(settings.broker, getattr(settings.topics, kind))
    if kind in LAST_ONLY:
        messages = list({message.key(): message for message in messages}.values())
    lines = [_line(kind, message) for message in messages]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return [orjson.loads(line) for line in lines]


def _consume(broker: str, topic: str) -> list[Message]:
    """Return every message of a topic, partition by partition; no group is joined and nothing committed."""
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "newsworker-demo", "enable.partition.eof": True})
    messages = []
    try:
        # To each partition's end, which the client tells; offsets also count the marks of transactions.
        left = len(consumer.list_topics(topic, REQUEST_SECONDS).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in range(left)])
        while left and (message := consumer.poll(REQUEST_SECONDS)):
            if message.error() is None:
                messages.append(message)
            else:
                left -= 1
    finally:
        consumer.close()
    return sorted(messages, key=lambda message: (message.partition(), message.offset()))


def _line(kind: str, message: Message) -> bytes:
    value: bytes = message.value() or b""
    if kind != "deadletter":
        return value
    headers = tuple(cast("list[tuple[str, bytes]]", message.headers() or []))
    return dead_letter_line(Outgoing(kind, message.topic() or "", message.key(), value, headers))


def _show(console: Console, records: dict[str, list[dict[str, Any]]], samples: Samples) -> None:
    for table in (_stories(records["story"]), _headlines(records), _dead_letters(records["deadletter"])):
        console.print(table)
    console.print(_balance(samples))


def _stories(stories: list[dict[str, Any]]) -> Table:
    table = Table("kind", "lang", "headline", "dateline", "published", "quotes", "related", title="Stories")
    for story in sorted(stories, key=lambda story: (story["page_id"], story["position"])):
        dateline, published = story["dateline"] or {}, story["published_at"] or {}
        table.add_row(
            story["kind"],
            story["language"]["code"],
            _short(story["headline"]),
            ", ".join((*dateline.get("places", ()), *dateline.get("agencies", ()))),
            published.get("value", ""),
            str(len(story["quotes"])),
            str(len(story["related"])),
        )
    return table


def _headlines(records: dict[str, list[dict[str, Any]]]) -> Table:
    duplicates = [mention for mention in records["mention"] if mention["verdict"] != "new"]
    copies = [copy for copy in records["copy"] if copy["status"] != "original"]
    title = f"{len(records['headline'])} distinct headlines; {len(records['mention'])} mentions in lists; duplicates"
    table = Table("verdict", "headline", "why", title=title)
    for mention in duplicates:
        table.add_row(mention["verdict"], _short(mention["headline"]), mention["reason"])
    headlines = {story["story_id"]: story["headline"] for story in records["story"]}
    for copy in copies:
        table.add_row(f"{copy['status']} story", _short(headlines[copy["story_id"]]), copy["reason"])
    return table


def _dead_letters(letters: list[dict[str, Any]]) -> Table:
    table = Table("stage", "reason", "message", title="Dead letters")
    for headers in (letter["headers"] for letter in letters):
        table.add_row(headers["error.stage"], headers["error.reason"], headers["error.message"])
    return table


def _balance(samples: Samples) -> Table:
    table = Table("half", "consumed", "outcomes", "balance", title="The metrics' balance")
    for role in ROLES:
        consumed = _sum(samples, "newsworker_messages_consumed_total", role=role)
        outcomes = {
            dict(labels)["outcome"]: round(value)
            for (name, labels), value in sorted(samples.items(), key=str)
            if name == "newsworker_messages_total" and ("role", role) in labels and value
        }
        listed = ", ".join(f"{outcome} {count}" for outcome, count in outcomes.items())
        verdict = "balanced" if consumed == sum(outcomes.values()) else "NOT BALANCED"
        table.add_row(role, str(consumed), listed, verdict)
    return table


def _short(text: str | None) -> str:
    text = text or "-"
    return text if len(text) <= READABLE_CHARACTERS else f"{text[: READABLE_CHARACTERS - 1]}…"
