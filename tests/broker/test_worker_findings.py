"""Findings about Faust that only a whole worker shows, each with our cure."""

import json
import time
from pathlib import Path

from kafka_client import KafkaClient, Sent
from pages import good
from whole import is_consumed
from worker_process import WorkerProcess

from worker import ids, topics
from worker.dedup import reading
from worker.dedup.links import short
from worker.guard import EXIT_ABANDONED
from worker.settings import Settings

READ_SECONDS = 3.0
"""In which a worker that reads its changelog has read what has been written to it."""

SHARED = "Fishermen of Port Amber ask for longer nets"
"""A headline that every page names."""


def test_f4_what_is_unexpected_ends_the_process_before_anything_is_committed(
    settings: Settings, kafka_client: KafkaClient
) -> None:
    """An unreadable state is nobody's dead letter: the process ends, and the sightings are read again."""
    changelog = topics.changelogs(settings)[0]
    key = short(ids.headline_id(reading.key(SHARED)))
    kafka_client.produce(changelog, [Sent(b"{}", key, partition=partition) for partition in range(2)])
    kafka_client.produce(settings.topics.raw, [good(1)])
    with WorkerProcess(settings) as worker:
        assert worker.wait() == 1
        assert worker.events("abandoned", role="dedupe", reason="bad_state")
        assert worker.events("child_died", child="dedupe", exit_code=EXIT_ABANDONED)
        assert worker.events("drained", role="split")
        assert worker.left_behind() == []
    assert kafka_client.lag(settings.group_of("dedupe"), settings.topics.sighting) > 0
    assert kafka_client.consume(settings.topics.deadletter) == []


def test_f31_a_changelog_is_not_read_on_after_recovery(settings: Settings, kafka_client: KafkaClient) -> None:
    """What comes into it later is the worker's own, and is kept already: by then it may be older than what is kept."""
    key = short(ids.headline_id(reading.key(SHARED)))
    with WorkerProcess(settings) as worker:
        kafka_client.produce(settings.topics.raw, [good(1)])
        worker.wait_until(lambda: is_consumed(kafka_client, settings), what="consumed")
        kafka_client.produce(
            topics.changelogs(settings)[0], [Sent(None, key, partition=partition) for partition in range(2)]
        )
        time.sleep(READ_SECONDS)
        kafka_client.produce(settings.topics.raw, [good(2)])
        worker.wait_until(lambda: is_consumed(kafka_client, settings), what="consumed")
        assert worker.stop() == 0
    mentions = [json.loads(one.value or b"") for one in kafka_client.consume(settings.topics.mention)]
    assert [one["verdict"] for one in mentions if one["headline"] == SHARED] == ["new", "repeat"]


def test_f10_nothing_listens_but_our_own_port(settings: Settings) -> None:
    """The children have no server, and the supervisor's is on loopback; Faust's pages are not there."""
    with WorkerProcess(settings) as worker:
        worker.wait_until_ready()
        assert [listening(pid) for pid in worker.children()] == [[], []]
        port = int(worker.events("serving")[0]["url"].rsplit(":", 1)[1])
        assert listening(worker.process.pid) == [("127.0.0.1", port)]
        assert [worker.get(path)[0] for path in ("/table/", "/router/", "/stats/", "/graph/")] == [404] * 4
        assert worker.stop() == 0


def listening(pid: int) -> list[tuple[str, int]]:
    """Return the addresses on which a process listens (proc(5): state 0A, little-endian addresses)."""
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())
    sockets = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    found = [row[1].split(":") for row in rows if row[3] == "0A" and row[9] in sockets]
    return [(".".join(str(byte) for byte in bytes.fromhex(host)[::-1]), int(port, 16)) for host, port in found]
