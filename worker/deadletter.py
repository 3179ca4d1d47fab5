"""Dead letters: a message that cannot be processed, its own key and bytes unchanged, why in the headers.

In: the message and its `Failure`, from the guard. Out: a record for the dead-letter topic, to the publisher. The
message's own headers come first, so that it can be played again as it was; ours follow and win by standing last. What
does not fit into the topic is left out, the value first, then key and headers, and its sizes told: nothing is too large
to be put aside.
"""

from collections.abc import Sequence
from dataclasses import replace

from schemas import DeadLetterHeaders
from worker import __version__
from worker.errors import Permanent
from worker.guard import Failure
from worker.incoming import Headers, Incoming
from worker.publish import Outgoing, Publisher

OWN_HEADERS = frozenset(str(field.alias) for field in DeadLetterHeaders.model_fields.values())
"""What the worker writes on a dead letter."""

REPLACED = OWN_HEADERS - {"worker.version"}
"""What a dead letter does not keep of its message: old reasons and places. Another's version stays; ours follows it."""

ORIGINAL_SIZE = "error.original_size"
ORIGINAL_KEY_SIZE = "error.original_key_size"


def letters(message: Incoming, failure: Failure, topic: str) -> tuple[Outgoing, Outgoing, Outgoing]:
    """Return the dead letter of a message: whole, without its value, and with nothing of its own."""
    whole = encode(message, failure, topic)
    return whole, without_value(whole), bare(message, failure, topic)


async def publish(letters: Sequence[Outgoing], publisher: Publisher) -> None:
    """Publish the first of the letters that the topic takes and await its acknowledgement."""
    *larger, smallest = letters
    for letter in larger:
        try:
            await publisher.publish([letter])
        except Permanent:
            continue
        return
    await publisher.publish([smallest])


def encode(message: Incoming, failure: Failure, topic: str) -> Outgoing:
    """Return the dead letter of a message."""
    # A message that was a dead letter before keeps its own headers, not its old reasons.
    original = tuple(header for header in message.headers if header[0] not in REPLACED)
    return Outgoing("deadletter", topic, message.key, message.value, (*original, *_reasons(message, failure)))


def without_value(letter: Outgoing) -> Outgoing:
    """Return a dead letter with an empty value, and the size of what is left out in its headers."""
    size = str(len(letter.value or b"")).encode()
    return replace(letter, value=b"", headers=(*letter.headers, (ORIGINAL_SIZE, size)))


def bare(message: Incoming, failure: Failure, topic: str) -> Outgoing:
    """Return a dead letter that fits everywhere: why, where the message stood and its sizes, but nothing of its own."""
    letter = Outgoing("deadletter", topic, None, message.value, _reasons(message, failure))
    size = str(len(message.key or b"")).encode()
    return without_value(replace(letter, headers=(*letter.headers, (ORIGINAL_KEY_SIZE, size))))


def _reasons(message: Incoming, failure: Failure) -> Headers:
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
    return tuple((name, str(value).encode()) for name, value in own.items())
