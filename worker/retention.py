"""How long a topic keeps its records: a message that keeps an old timestamp may be deleted before anybody reads it.

In: a topic's name, from `sender`. Out: the age that the broker lets a record reach. It changes nothing.
"""

from collections.abc import Iterator, Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion

from worker import security
from worker.settings import Settings


async def find_retention_ms(settings: Settings, topic: str) -> int | None:
    """Return after how many milliseconds the broker may delete a record of the topic.

    None where it keeps records for ever, where the topic is only compacted, and where the broker does not tell: the
    embedded one, which deletes by size alone.
    """
    client = AIOKafkaAdminClient(bootstrap_servers=settings.broker, **security.clients(settings))
    await client.start()
    try:
        answers = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    except IncompatibleBrokerVersion:
        return None
    finally:
        await client.close()
    config = {name: value for answer in answers for name, value in _entries(answer)}
    return _retention_ms(config)


def _entries(answer: object) -> Iterator[tuple[str, str]]:
    # A resource is (error, message, type, name, entries); an entry begins with name and value.
    for resource in answer.resources:  # type: ignore[attr-defined]
        for entry in resource[4]:
            yield entry[0], entry[1]


def _retention_ms(config: Mapping[str, str]) -> int | None:
    # `message.timestamp.type=LogAppendTime` lets no producer say how old its record is.
    is_by_time = "delete" in config.get("cleanup.policy", "") and config.get("message.timestamp.type") == "CreateTime"
    milliseconds = int(config.get("retention.ms", -1))
    return milliseconds if is_by_time and milliseconds >= 0 else None
