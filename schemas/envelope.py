"""The headers of every output record: CloudEvents 1.0 in Kafka's binary content mode."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.record import Record, Timestamp


class EnvelopeHeaders(Record):
    """The headers by their names on the wire; every value is UTF-8 text."""

    ce_id: Annotated[str, Field(description="The record's key and page, so that a repeat has the same id.")]
    ce_source: Annotated[str, Field(description="Who made the record.")]
    ce_type: Annotated[str, Field(description="The topic's kind and version, such as `news.story.v1`.")]
    ce_time: Annotated[Timestamp, Field(description="Event time: `seen_at`.")]
    ce_specversion: Annotated[Literal["1.0"], Field(description="Of CloudEvents.")] = "1.0"
    ce_dataschema: Annotated[str, Field(description="The URN of the record's JSON Schema.")]
    content_type: Annotated[Literal["application/json"], Field(alias="content-type", description="Of the value.")] = (
        "application/json"
    )
    worker_version: Annotated[str, Field(alias="worker.version", description="Of the worker that made the record.")]
    traceparent: Annotated[str | None, Field(description="W3C trace context, passed through.")] = None
