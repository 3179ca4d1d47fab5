"""The worker on brokers as people run them: TLS, users, rights, and all of that changing while it runs."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority, presented, serial
from kafka_client import KafkaClient
from secured_broker import REAUTHENTICATION_MS, SecuredBroker
from secured_work import PAGES, PASSWORD, SECONDS, USER, produce, wait_until_done
from worker_process import WorkerProcess

from worker.settings import Settings

pytestmark = pytest.mark.timeout(900)


deliveries = pytest.mark.parametrize("delivery", ["effectively_once", "exactly_once"])


@pytest.fixture(scope="module")
def broker(secured_broker: SecuredBroker) -> SecuredBroker:
    """One that knows a user who may do everything, as far as nobody denies it."""
    secured_broker.set_password(USER, PASSWORD)
    secured_broker.allow(USER)
    return secured_broker


@deliveries
def test_pages_are_processed_over_tls_by_a_user(
    broker: SecuredBroker, secured: Settings, kafka_client: KafkaClient
) -> None:
    """Both halves, in both deliveries; the broker is told name and rack, and nobody the password."""
    produce(kafka_client, secured)
    with WorkerProcess(secured.model_copy(update={"log_level": "debug"})) as worker:
        worker.wait_until_ready(SECONDS)
        wait_until_done(worker, kafka_client, secured)
        told = [worker.get(path)[1] for path in ("/metrics", "/live", "/ready")]
        assert worker.stop() == 0
    assert PASSWORD not in str((worker.lines, told))
    fetches = [line for line in broker.log.read_text().splitlines() if f'"{secured.client_id}-split"' in line]
    assert fetches
    assert all('"rackId":"shelf-3"' in line for line in fetches)


def fill(path: Path | None, text: str) -> None:
    """Write what a setting's file holds."""
    assert path
    path.write_text(text)


def name_localhost(broker: SecuredBroker) -> None:
    """Let the broker's certificate name that address too."""
    broker.renew_certificate("IP:127.0.0.1", "DNS:localhost")
    broker.read_certificate()


REFUSALS: dict[str, tuple[Callable[[Settings, Path], None], Callable[[Settings, SecuredBroker], None], str]] = {
    "password": (
        lambda settings, _: fill(settings.sasl_password_file, "open-barley\n"),
        lambda settings, _: fill(settings.sasl_password_file, PASSWORD),
        "authentication is refused: .*invalid credentials",
    ),
    "authority": (
        lambda settings, folder: fill(settings.tls_ca_file, Authority(folder / "other").certificate.read_text()),
        lambda settings, broker: fill(settings.tls_ca_file, broker.signer.certificate.read_text()),
        "the broker's certificate is refused: ",
    ),
    "name": (
        lambda *_: None,
        lambda _, broker: name_localhost(broker),
        "the broker's certificate is refused: Hostname mismatch",
    ),
}
"""What is wrong, how it is mended, and what the log says."""


@pytest.mark.parametrize("wrong", REFUSALS)
def test_whoever_is_refused_says_why_and_waits(
    broker: SecuredBroker, secured: Settings, kafka_client: KafkaClient, tmp_path: Path, wrong: str
) -> None:
    """It is not ready, it repeats nothing but the attempt, and when the cause is mended it goes on by itself."""
    spoil, mend, told = REFUSALS[wrong]
    spoil(secured, tmp_path)
    host = "localhost" if wrong == "name" else "127.0.0.1"
    settings = secured.model_copy(update={"broker": secured.broker.replace("127.0.0.1", host)})
    produce(kafka_client, secured)
    with WorkerProcess(settings) as worker:
        worker.wait_until(lambda: len(waited_for(worker, told)) == 2, SECONDS, "told by both halves")
        status, answer = worker.get("/ready")
        assert (status, answer.count("waiting_for_broker")) == (503, 2)
        mend(secured, broker)
        wait_until_done(worker, kafka_client, secured)
        assert worker.stop() == 0


def waited_for(worker: WorkerProcess, cause: str) -> set[str]:
    """Return the halves that say that they wait for this cause."""
    return {line["role"] for line in worker.events("waiting_for_broker") if re.search(cause, line["lack"])}


def test_a_password_and_a_certificate_are_renewed_under_a_running_worker(
    broker: SecuredBroker, secured: Settings, kafka_client: KafkaClient, password: Path, authorities: Path
) -> None:
    """Connections that have to prove themselves anew every few seconds do so with what the files hold then."""
    user = {"sasl_mechanism": "SCRAM-SHA-256", "sasl_username": "renewed"}
    broker.set_password("renewed", PASSWORD)
    broker.allow("renewed")
    with WorkerProcess(secured.model_copy(update=user)) as worker:
        worker.wait_until_ready(SECONDS)
        produce(kafka_client, secured)
        wait_until_done(worker, kafka_client, secured)
        broker.set_password("renewed", "another")
        password.write_text("another\n")
        certificate = broker.renew_certificate("IP:127.0.0.1", "DNS:localhost", authority=authority_of(authorities))
        broker.read_certificate()
        assert presented(broker.secured) == serial(certificate)
        time.sleep(2 * REAUTHENTICATION_MS / 1000)
        produce(kafka_client, secured, PAGES)
        wait_until_done(worker, kafka_client, secured, 2 * PAGES)
        assert worker.stop() == 0


def authority_of(authorities: Path) -> Authority:
    """Return a new authority, which is the only one that is trusted from now on."""
    authority = Authority(authorities.parent / "renewed", "renewed")
    authorities.write_text(authority.certificate.read_text())
    return authority


def test_a_clients_certificate_is_renewed_under_a_running_worker(
    broker: SecuredBroker, secured: Settings, kafka_client: KafkaClient, authorities: Path, tmp_path: Path
) -> None:
    """After a restart the broker takes only certificates of another authority, and the worker has one of these."""
    certificate, key, secret = tmp_path / "client.pem", tmp_path / "client.key", tmp_path / "key-password"
    broker.allow("CN=client")

    def sign(number: int) -> None:
        authority = Authority(tmp_path / f"clients-{number}", f"clients {number}")
        found = authority.sign("client", password=f"key-{number}")
        for path, content in zip((certificate, key), found, strict=True):
            path.write_bytes(content.read_bytes())
        secret.write_text(f"key-{number}\n")
        broker.clients.write_text(authority.certificate.read_text())

    authorities.write_text(broker.signer.certificate.read_text())
    mutual: dict[str, Any] = dict.fromkeys(("sasl_mechanism", "sasl_username", "sasl_password_file"))
    mutual |= {"broker": broker.mutual, "security_protocol": "ssl", "tls_certificate_file": certificate}
    mutual |= {"tls_key_file": key, "tls_key_password_file": secret}
    sign(1)
    broker.stop()
    broker.start()
    with WorkerProcess(secured.model_copy(update=mutual)) as worker:
        worker.wait_until_ready(SECONDS)
        produce(kafka_client, secured)
        wait_until_done(worker, kafka_client, secured)
        broker.stop()
        sign(2)
        broker.start()
        produce(kafka_client, secured, PAGES)
        wait_until_done(worker, kafka_client, secured, 2 * PAGES)
        assert worker.stop() == 0
    assert json.dumps(worker.lines).count("key-1") == 0
