"""`news.raw.v1`: a raw article page as a scraper or feed reader puts it on Kafka."""

import re
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

ContentType = Literal["text/plain", "text/html"]

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def as_printed(value: object) -> object:
    """Refuse what pydantic would take for a time besides RFC 3339: numbers, and text that holds one."""
    if value is None or (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        return value
    raise ValueError("not an RFC 3339 time with its offset")


def _stop_at_first(value: object) -> object:
    """Refuse an object at its first value that is no string: pydantic keeps an error of a kilobyte for each of them."""
    if isinstance(value, dict) and not all(isinstance(one, str) for one in value.values()):
        raise PydanticKnownError("string_type")
    return value


class RawArticle(BaseModel):
    """One scraped page. Only `content` is required; unknown fields are ignored and counted."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    content: Annotated[str, Field(description="The page: its text as scraped, or its HTML.")]
    content_type: Annotated[ContentType, Field(description="What `content` is.")] = "text/plain"
    url: Annotated[str | None, Field(description="Where the page was fetched.")] = None
    id: Annotated[str | None, Field(description="The scraper's own id, echoed as `raw_id`.")] = None
    source: Annotated[str | None, Field(description="The publisher as the scraper knows it.")] = None
    fetched_at: Annotated[
        AwareDatetime | None, BeforeValidator(as_printed), Field(description="When the page was fetched; RFC 3339.")
    ] = None
    title: Annotated[str | None, Field(description="The title the feed or scraper gave.")] = None
    language: Annotated[str | None, Field(description="BCP 47 code, if the scraper knows it.")] = None
    meta: Annotated[
        dict[str, str], BeforeValidator(_stop_at_first), Field(description="Anything else, as strings.")
    ] = {}
