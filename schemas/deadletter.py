"""`news.deadletter.v1`: a message that cannot be processed: its own key and bytes, unchanged; why is in the headers."""

from typing import Annotated

from pydantic import Field

from schemas.record import Record, Slug


class DeadLetterHeaders(Record):
    """The headers of a dead letter by their names on the wire; every value is UTF-8 text."""

    reason: Annotated[Slug, Field(alias="error.reason", description="Why, as a slug.")]
    stage: Annotated[Slug, Field(alias="error.stage", description="Where in the pipeline.")]
    type: Annotated[str, Field(alias="error.type", description="The exception's class.")]
    message: Annotated[
        str, Field(alias="error.message", max_length=200, description="What an operator reads; never the body.")
    ]
    original_size: Annotated[
        int | None,
        Field(alias="error.original_size", description="Bytes, where the value did not fit and was left out."),
    ] = None
    original_key_size: Annotated[
        int | None,
        Field(alias="error.original_key_size", description="Bytes, where key and own headers did not fit either."),
    ] = None
    topic: Annotated[str, Field(alias="origin.topic", description="Of the message.")]
    partition: Annotated[int, Field(alias="origin.partition", ge=0, description="Of the message.")]
    offset: Annotated[int, Field(alias="origin.offset", ge=0, description="Of the message.")]
    timestamp: Annotated[int, Field(alias="origin.timestamp", description="Milliseconds since the epoch.")]
    worker_version: Annotated[str, Field(alias="worker.version", description="Of the worker that gave it up.")]
