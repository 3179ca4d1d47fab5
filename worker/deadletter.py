"""Dead letters: a message that cannot be processed, its own key and bytes unchanged, why in the headers.

In: the message and its `Failure`, from the guard. Out: a record for the dead-letter topic, to the publisher. The
message's own headers come first, so that it can be played again as it was; ours follow and win by standing last.
"""

from dataclasses import replace

from schemas import DeadLetterHeaders
from worker import __version__
from worker.errors import Permanent
from worker.guard import Failure
from worker.incoming import Incoming
from worker.publish import Outgoing, Publisher

OWN_HEADERS = frozenset(str(field.alias) for field in DeadLetterHeaders.model_fields.values())
ORIGINAL_SIZE = "error.original_size"


async def quarantine(message: Incoming, failure: Failure, topic: str, publisher: Publisher) -> None:
    """Publish the dead letter of a message and await its acknowledgement."""
    letter = encode(message, failure, topic)
    try:
        await publisher.publish([letter])
    except Permanent:
        await publisher.publish([without_value(letter)])


def encode(message: Incoming, failure: Failure, topic: str) -> Outgoing:
    """Return the dead letter of a message."""
    own = DeadLetterHeaders.model_validate(
        {
            "error.reason": failure.reason,
            "error.stage": failure.stage,
            "error.type": failure.error_type,
            "error.message": failure.message,
            "origin.topic": message.topic,
            "origin.partition": message.partition,
            "origin.offset": message.offset,
            "origin.timestamp": message.timestamp_ms,
            "worker.version": __version__,
        }
    ).model_dump(by_alias=True, exclude_none=True)
    # A message that was a dead letter before keeps its own headers, not its old reasons.
    original = [header for header in message.headers if header[0] not in OWN_HEADERS]
    headers = [*original, *((name, str(value).encode()) for name, value in own.items())]
    return Outgoing("deadletter", topic, message.key, message.value, tuple(headers))


def without_value(letter: Outgoing) -> Outgoing:
    """Return a dead letter that fits everywhere: key and headers, an empty value, and the size of what is left out."""
    size = str(len(letter.value or b"")).encode()
    return replace(letter, value=b"", headers=(*letter.headers, (ORIGINAL_SIZE, size)))
