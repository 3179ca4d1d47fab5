"""What the brokers' lists of rights forbid, and which rights are enough."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from command import newsworker
from confluent_kafka.admin import AclOperation, ResourceType
from kafka_client import KafkaClient
from secured_broker import Right, SecuredBroker
from secured_work import PASSWORD, SECONDS, USER, produce, wait_until_done
from worker_process import WorkerProcess

from worker.settings import Settings, as_environment

PREPARING = (
    AclOperation.CREATE,
    AclOperation.DESCRIBE,
    AclOperation.DESCRIBE_CONFIGS,
    AclOperation.ALTER_CONFIGS,
)

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def broker(secured_broker: SecuredBroker) -> SecuredBroker:
    """One that knows a user who may do everything, as far as nobody denies it, and one who may do nothing yet."""
    secured_broker.set_password(USER, PASSWORD)
    secured_broker.allow(USER)
    secured_broker.set_password("least", PASSWORD)
    return secured_broker


def working_rights(settings: Settings) -> Iterator[Right]:
    """Give what a worker needs, as the README says it."""
    topics = f"{settings.topic_prefix}.*", f"{settings.group_of('dedupe')}-*"
    for name in topics:
        for operation in (AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE):
            yield ResourceType.TOPIC, name, operation
    yield ResourceType.GROUP, f"{settings.group}-*", AclOperation.READ
    for operation in (AclOperation.WRITE, AclOperation.DESCRIBE):
        yield ResourceType.TRANSACTIONAL_ID, f"{settings.group}-*", operation


def preparing_rights(settings: Settings) -> Iterator[Right]:
    """Give what `topics apply` needs."""
    for name in (f"{settings.topic_prefix}.*", f"{settings.group_of('dedupe')}-*"):
        for operation in PREPARING:
            yield ResourceType.TOPIC, name, operation


@pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])
def test_the_documented_rights_are_enough(broker: SecuredBroker, secured: Settings, kafka_client: KafkaClient) -> None:
    """For making topics, and for the worker afterwards; without them topics are said to be missing or hidden."""
    update = {"sasl_username": "least", "topic_prefix": f"{secured.group}-least", "group": f"{secured.group}-least"}
    settings = secured.model_copy(update=update)
    broker.allow("least", *preparing_rights(settings))
    applied = newsworker("topics", "apply", **as_environment(settings))
    assert applied.stdout.count(": created") == 12, applied.stderr
    broker.stop_allowing("least", *preparing_rights(settings))
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: worker.events("waiting_for_broker"), SECONDS, "told")
        assert "or hidden from this user" in worker.events("waiting_for_broker")[0]["lack"]
        broker.allow("least", *working_rights(settings))
        worker.wait_until_ready(SECONDS)
        produce(kafka_client, settings)
        wait_until_done(worker, kafka_client, settings)
        assert worker.stop() == 0
    assert not worker.events("publish_retried")


def _story(settings: Settings) -> Right:
    return ResourceType.TOPIC, settings.topics.story, AclOperation.WRITE


def _copy(settings: Settings) -> Right:
    return ResourceType.TOPIC, settings.topics.copy, AclOperation.WRITE


def _transactions(settings: Settings) -> Right:
    name = f"{settings.group_of('dedupe')}-{settings.topics.sighting}-0"
    return ResourceType.TRANSACTIONAL_ID, name, AclOperation.WRITE


def _raw(settings: Settings) -> Right:
    return ResourceType.TOPIC, settings.topics.raw, AclOperation.READ


def _group(settings: Settings) -> Right:
    return ResourceType.GROUP, settings.group_of("split"), AclOperation.READ


@contextmanager
def denied(broker: SecuredBroker, right: Right) -> Iterator[None]:
    """Take a right for as long as the block runs."""
    broker.deny(USER, right)
    try:
        yield
    finally:
        broker.stop_denying(USER, right)


def told(worker: WorkerProcess, role: str, name: str) -> list[dict[str, Any]]:
    """Return the lines that name what a role may not write."""
    return [line for line in worker.events("publish_retried", role=role) if name in {line["topic"], line.get("denied")}]


@pytest.mark.parametrize(
    ("forbid", "role", "delivery"),
    [
        (_story, "split", "effectively_once"),
        pytest.param(_story, "split", "exactly_once", marks=pytest.mark.full),
        (_copy, "dedupe", "effectively_once"),
        (_transactions, "dedupe", "effectively_once"),
    ],
    ids=["stories", "stories in transactions", "copies", "transactions"],
)
def test_f35_what_may_not_be_written_is_waited_for(
    broker: SecuredBroker,
    secured: Settings,
    kafka_client: KafkaClient,
    forbid: Callable[[Settings], Right],
    role: str,
) -> None:
    """It is named in the log, nothing becomes a dead letter or is lost, and the right is heeded when it is given."""
    right = forbid(secured)
    produce(kafka_client, secured)
    with WorkerProcess(secured) as worker:
        with denied(broker, right):
            worker.wait_until(lambda: told(worker, role, right[1]), SECONDS, "told")
            time.sleep(5)  # longer than several attempts
            assert worker.process.poll() is None
            assert worker.get("/ready")[0] == 503
        assert "AuthorizationFailed" in told(worker, role, right[1])[-1]["cause"]
        wait_until_done(worker, kafka_client, secured)
        assert worker.metric("newsworker_dead_letters_total") == 0
        assert not [line for line in worker.lines if "never retrieved" in str(line)]
        assert worker.stop() == 0


@pytest.mark.parametrize("forbid", [_raw, _group])
def test_what_may_not_be_read_ends_the_worker(
    broker: SecuredBroker, secured: Settings, forbid: Callable[[Settings], Right]
) -> None:
    """Its last words name what is forbidden; whoever starts it anew tries again."""
    right = forbid(secured)
    with denied(broker, right), WorkerProcess(secured, role="split") as worker:
        assert worker.process.wait(SECONDS) == 1
        (words,) = worker.events("abandoned", reason="not_authorized")
        assert words["message"].endswith(right[1])
