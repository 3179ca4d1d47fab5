"""Every test in this folder runs on a real Apache Kafka, and carries the marker `kafka`."""

from pathlib import Path

import pytest

from worker.broker import KafkaBroker

FOLDER = Path(__file__).parent


@pytest.fixture
def broker(kafka_broker: KafkaBroker) -> KafkaBroker:
    """The real Apache Kafka that the whole run shares: leave it running."""
    return kafka_broker


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the folder's tests, so that `-m "not kafka"` leaves them out."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.kafka)
