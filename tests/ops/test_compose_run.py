"""What `deploy/compose.yaml` starts, without Docker: Kafka by its image's program, our containers by their commands.

Every command and variable is the file's; what differs are addresses and folders of this machine.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from kafka_client import KafkaClient, Sent
from ops import compose_kafka
from ops.deployment import DEPLOY, read, seconds, settings_of
from worker_process import WorkerProcess

from worker import topics
from worker.settings import MIB, Settings

pytestmark = pytest.mark.full  # half a minute; test_compose.py and test_compose_tools.py look at the same file quickly

SERVICES = read("compose.yaml")["services"]
PAGES = DEPLOY.parent / "worker" / "data" / "demo" / "pages.jsonl"
STARTS = 8
"""How often `topics apply` is tried, each time for a quarter of a minute, while Kafka starts."""


def run(service: str, address: str) -> subprocess.CompletedProcess[str]:
    """Run the command of one of our containers, with its variables."""
    said = SERVICES[service]
    command = [str(PAGES) if word == "/pages.jsonl" else word for word in said["command"]]
    environment = {**os.environ, **said["environment"], "NEWSWORKER_BROKER": address}
    words = [sys.executable, "-m", "worker", *command]
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Kafka, with the topics that the one-shot container has made."""
    with compose_kafka.running(tmp_path_factory.mktemp("kafka")) as address:
        answers = (run("topics", address) for _ in range(STARTS))
        made = next((answer for answer in answers if answer.returncode == 0), None)
        assert made is not None
        assert made.stdout.count(": created") == len(topics.specs(Settings()))
        yield address


@pytest.fixture(scope="module")
def worker(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    """The worker's container, when it is ready."""
    elsewhere = {
        "broker": address,
        "state_dir": tmp_path_factory.mktemp("state"),
        "web_host": "127.0.0.1",
        "web_port": 0,
    }
    with WorkerProcess(settings_of(SERVICES["worker"]["environment"]).model_copy(update=elsewhere)) as running:
        running.wait_until_ready()
        yield running


def test_the_sample_pages_come_through(address: str, worker: WorkerProcess) -> None:
    """The replay ends well, and each of its pages has its outcome, in both halves without a message passed over."""
    answer = run("replay", address)
    assert answer.returncode == 0, answer.stderr
    pages = len(PAGES.read_text(encoding="utf-8").splitlines())
    worker.wait_until(lambda: worker.metric("newsworker_messages_total", role="split") == pages, what="split")
    worker.wait_until(lambda: worker.metric("newsworker_messages_total", role="dedupe") > 0, what="decided")
    assert worker.metric("newsworker_skipped_offsets_total") == 0


def test_the_health_check_finds_it_well(worker: WorkerProcess) -> None:
    """The command that Docker runs in the container exits 0."""
    port = worker.events("serving")[0]["url"].rpartition(":")[2]
    environment = {**os.environ, "NEWSWORKER_WEB_HOST": "0.0.0.0", "NEWSWORKER_WEB_PORT": port}
    _, _, *words = SERVICES["worker"]["healthcheck"]["test"]
    answer = subprocess.run([sys.executable, "-m", "worker", *words], env=environment, timeout=60, check=False)
    assert answer.returncode == 0


def test_a_story_of_nearly_forty_mebibytes_comes_back(address: str) -> None:
    """By the address that is published to this machine, for producer and consumer."""
    client = KafkaClient(address)
    story = Settings().topics.story
    client.produce(story, [Sent(bytes(40 * MIB - 1024), key=b"large")])
    [large] = [record for record in client.consume(story) if record.key == b"large"]
    assert len(large.value or b"") == 40 * MIB - 1024


def test_a_stop_ends_it_in_its_time(worker: WorkerProcess) -> None:
    """On SIGTERM it exits 0, with temporary files gone and in less time than Docker gives it."""
    grace = seconds(SERVICES["worker"]["stop_grace_period"])
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(grace) == 0
    assert worker.left_behind() == []
