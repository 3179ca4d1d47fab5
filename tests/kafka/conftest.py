"""Every test in this folder runs on a real Apache Kafka, and carries the marker `kafka`."""

from pathlib import Path

import pytest
from secured_broker import SecuredBroker
from secured_work import PASSWORD, USER

from worker.broker import KafkaBroker
from worker.settings import Settings

FOLDER = Path(__file__).parent


@pytest.fixture
def broker(kafka_broker: KafkaBroker) -> KafkaBroker:
    """The real Apache Kafka that the whole run shares: leave it running."""
    return kafka_broker


@pytest.fixture
def delivery() -> str:
    """Where a test names no other."""
    return "effectively_once"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    """The file of the user's password."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def authorities(secured_broker: SecuredBroker, tmp_path: Path) -> Path:
    """The file of the authority that the broker's certificate is of."""
    path = tmp_path / "authorities.pem"
    path.write_text(secured_broker.signer.certificate.read_text())
    return path


@pytest.fixture
def secured(
    secured_broker: SecuredBroker, settings: Settings, password: Path, authorities: Path, delivery: str
) -> Settings:
    """A worker's settings for the secured listener, by SCRAM."""
    update = {
        "broker": secured_broker.secured,
        "security_protocol": "sasl_ssl",
        "tls_ca_file": authorities,
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": USER,
        "sasl_password_file": password,
        "client_id": f"desk-{settings.group}",
        "rack": "shelf-3",
        "delivery": delivery,
        "publish_timeout_seconds": 5,
    }
    return settings.model_copy(update=update)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the folder's tests, so that `-m "not kafka"` leaves them out."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.kafka)
