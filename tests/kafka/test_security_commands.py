"""The commands on secured brokers: each by its own client, with each way of saying who one is."""

from pathlib import Path

import pytest
from command import newsworker
from kafka_client import KafkaClient, Sent
from pages import raw
from secured_broker import SecuredBroker, unsecured_token

from worker.settings import Settings, as_environment

pytestmark = pytest.mark.timeout(600)

USER = "operator"
PASSWORD = "opens-sesame-8"


@pytest.fixture(scope="module")
def broker(secured_broker: SecuredBroker) -> SecuredBroker:
    """One that knows an operator, by each way the same rights."""
    secured_broker.set_password(USER, PASSWORD)
    for name in (USER, "plain", "bearer"):
        secured_broker.allow(name)
    return secured_broker


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The file of whatever secret a test uses."""
    path = tmp_path / "secret"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def by_scram(broker: SecuredBroker, settings: Settings, secret: Path) -> Settings:
    """An operator's settings."""
    update = {
        "broker": broker.secured,
        "security_protocol": "sasl_ssl",
        "tls_ca_file": broker.signer.certificate,
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": USER,
        "sasl_password_file": secret,
    }
    return settings.model_copy(update=update)


def run(settings: Settings, *words: str) -> str:
    """Run a command that must succeed; return what it says."""
    done = newsworker(*words, **as_environment(settings))
    assert done.returncode == 0, done.stderr
    assert "opens-sesame" not in done.stdout + done.stderr
    return done.stdout


def refusal(settings: Settings, *words: str) -> str:
    """Run a command that must fail; return its last words."""
    done = newsworker(*words, **as_environment(settings))
    assert done.returncode == 1, done.stderr
    return done.stderr.splitlines()[-1]


def test_an_operator_works_by_scram(by_scram: Settings, kafka_client: KafkaClient, tmp_path: Path) -> None:
    """Topics are made, messages played onto them and recorded, dead letters found."""
    fresh = by_scram.model_copy(update={"group": f"{by_scram.group}-fresh", "topic_prefix": f"{by_scram.group}-fresh"})
    assert run(fresh, "topics", "apply").count(": created") == 12
    pages = tmp_path / "pages.jsonl"
    pages.write_bytes(raw(1) + b"\n" + raw(2) + b"\n")
    run(fresh, "replay", str(pages))
    assert len(kafka_client.consume(fresh.topics.raw)) == 2
    run(fresh, "record", "--topic", fresh.topics.raw, "--out", str(tmp_path / "recorded.jsonl"))
    assert len((tmp_path / "recorded.jsonl").read_text().splitlines()) == 2
    kafka_client.produce(fresh.topics.deadletter, [Sent(b"{", headers={"error.reason": b"malformed_json"})])
    assert "malformed_json" in run(fresh, "dlq", "list")


def test_passwords_are_taken_as_they_are(broker: SecuredBroker, by_scram: Settings, secret: Path) -> None:
    """By PLAIN, of both client libraries."""
    secret.write_text(f"{broker.plain_password}\n")
    plain = by_scram.model_copy(update={"sasl_mechanism": "PLAIN", "sasl_username": "plain"})
    run(plain, "dlq", "list")
    assert run(plain, "topics", "show").count("2 partitions") == 12


def test_tokens_are_taken_as_they_are_mounted(by_scram: Settings, secret: Path) -> None:
    """By OAUTHBEARER, of both client libraries; one that the broker refuses is told by both."""
    secret.write_text(f"{unsecured_token('bearer')}\n")
    by_token = {"sasl_mechanism": "OAUTHBEARER", "sasl_username": None, "sasl_password_file": None}
    bearer = by_scram.model_copy(update=by_token | {"sasl_token_file": secret})
    run(bearer, "dlq", "list")
    assert run(bearer, "topics", "show").count("2 partitions") == 12
    secret.write_text(unsecured_token("bearer", seconds=-60))
    for words in (("dlq", "list"), ("topics", "show")):
        assert refusal(bearer, *words).startswith("newsworker: broker_refuses: ")


@pytest.mark.parametrize("words", [("dlq", "list"), ("topics", "show"), ("replay", "-")], ids=lambda words: words[0])
def test_a_command_that_is_refused_says_why(by_scram: Settings, secret: Path, words: tuple[str, ...]) -> None:
    """An address that the certificate does not name, and a wrong password."""
    elsewhere = by_scram.broker.replace("127.0.0.1", "localhost")
    told = refusal(by_scram.model_copy(update={"broker": elsewhere}), *words)
    assert told.startswith("newsworker: broker_refuses: ")
    assert "certificate" in told
    secret.write_text("open-barley")
    told = refusal(by_scram, *words)
    assert "invalid credentials" in told
    assert "open-barley" not in told
