"""Records to bytes: keys, JSON and CloudEvents headers, for the topics of the contract.

In: what the pipeline made of a page, or what the dedup decided on a sighting. Out: `Outgoing`s, to the publisher. The
same records always give the same bytes; it sends nothing. What does not fit into its topic is refused here, before
anything of the message is sent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel

from schemas import Story
from worker import __version__, topics
from worker.dedup import sighting as sightings
from worker.dedup.decision import Decision
from worker.dedup.sighting import Sighting
from worker.errors import Permanent
from worker.export import encode
from worker.incoming import Headers, Incoming
from worker.publish import Outgoing
from worker.settings import MIB, Settings
from worker.trace import HEADER, traceparent_of

if TYPE_CHECKING:
    # The dedupe half encodes too, and does without the pipeline and its lexicons.
    from worker.pipeline import Processed

SPECVERSION = b"1.0"
CONTENT_TYPE = b"application/json"
VERSION = __version__.encode()

MOST_BYTES = 256 * MIB
"""Of all records of one message: they are in memory together, and each story and headline repeats the page's URL, so
that a URL of 1 MB would make gigabytes of a list of headlines. 10 MiB of nothing but 98,000 stories made 243 MB."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What all records of one message share: where they come from, when, and the trace they belong to."""

    source: str
    seen_at: str
    page_id: str
    traceparent: str | None


def of_page(processed: "Processed", message: Incoming, settings: Settings) -> list[Outgoing]:
    """Return the story, page and sighting records of a page.

    Raises:
        Permanent: as `refuse_too_large`.
    """
    cause = Cause(settings.ce_source, processed.seen_at, processed.page.page_id, traceparent_of(message))
    return refuse_too_large(_of_page(processed, cause, settings))


def of_decision(decision: Decision, sighting: Sighting, message: Incoming, settings: Settings) -> list[Outgoing]:
    """Return the headline, mention and copy records of a decision.

    Raises:
        Permanent: as `refuse_too_large`.
    """
    cause = Cause(settings.ce_source, sighting.seen_at, sighting.page_id, traceparent_of(message))
    return refuse_too_large(_of_decision(decision, cause, settings))


def refuse_too_large(encoded: Iterable[Outgoing]) -> list[Outgoing]:
    """Return the records, where each fits into the topic of its kind as `topics.LARGEST_BYTES` has it.

    Raises:
        Permanent: `record_too_large`, naming the first that does not; `records_too_large`, where all together have more
            than `MOST_BYTES`. Nothing is encoded after that.
    """
    records: list[Outgoing] = []
    left = MOST_BYTES
    for record in encoded:
        if record.size > topics.LARGEST_BYTES[record.kind] - topics.FRAMING_BYTES:
            raise Permanent("record_too_large", "publish", f"{record.size} bytes are too many for {record.topic}")
        left -= record.size
        if left < 0:
            raise Permanent("records_too_large", "publish", f"the records have more than {MOST_BYTES} bytes together")
        records.append(record)
    return records


def _of_page(processed: "Processed", cause: Cause, settings: Settings) -> Iterator[Outgoing]:
    names = settings.topics
    for story in processed.stories:
        yield _record("story", names.story, story.story_id, story, cause)
        for export in settings.exports:
            yield _export(export, getattr(names, export), story, cause)
    if settings.publish_pages:
        yield _record("page", names.page, processed.page.page_id, processed.page, cause)
    for sighting in processed.sightings:
        yield _sighting(names.sighting, sighting, cause)


def _of_decision(decision: Decision, cause: Cause, settings: Settings) -> Iterator[Outgoing]:
    names = settings.topics
    for canonical_id in decision.gone:
        yield Outgoing(
            "headline", names.headline, canonical_id.encode(), None, _envelope("headline", canonical_id, cause)
        )
    for headline in decision.headlines:
        yield _record("headline", names.headline, headline.canonical_id, headline, cause)
    if decision.mention is not None and settings.publish_mentions:
        yield _record("mention", names.mention, decision.mention.headline_id, decision.mention, cause)
    for copy in decision.copies:
        yield _record("copy", names.copy, copy.story_id, copy, cause)


def _record(kind: str, topic: str, key: str, record: BaseModel, cause: Cause) -> Outgoing:
    return Outgoing(kind, topic, key.encode(), orjson.dumps(record.model_dump()), _envelope(kind, key, cause))


def _export(export: str, topic: str, story: Story, cause: Cause) -> Outgoing:
    headers = _envelope(export, story.story_id, cause, f"story.{export}")
    return Outgoing(export, topic, story.story_id.encode(), encode(export, story), headers)


def _sighting(topic: str, sighting: Sighting, cause: Cause) -> Outgoing:
    # Internal: no envelope, but the trace goes on.
    return Outgoing("sighting", topic, sightings.realm_of(sighting).encode(), sightings.encode(sighting), _trace(cause))


def _envelope(kind: str, key: str, cause: Cause, of_type: str | None = None) -> Headers:
    return (
        ("ce_id", f"{key}:{cause.page_id}".encode()),
        ("ce_source", cause.source.encode()),
        ("ce_type", f"news.{of_type or kind}.v1".encode()),
        ("ce_time", cause.seen_at.encode()),
        ("ce_specversion", SPECVERSION),
        ("ce_dataschema", f"urn:newsworker:schema:{kind}:1".encode()),
        ("content-type", CONTENT_TYPE),
        ("worker.version", VERSION),
        *_trace(cause),
    )


def _trace(cause: Cause) -> Headers:
    return ((HEADER, cause.traceparent.encode()),) if cause.traceparent else ()
