"""A dead letter as an operator sees it: whose message it is, why it is here, and how often it was tried again.

In: records of the dead-letter topic. Out: `Letter`s; a record that is none of the worker's has empty words in them.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import orjson

from worker.deadletter import OWN_HEADERS
from worker.enrich.address import find_domain
from worker.incoming import REDRIVE_COUNT, Headers, Incoming

REDRIVE_ORIGIN = "redrive.origin"
"""Where a message stood when it failed first: `topic/partition/offset`, the same for all its letters."""

NOT_ITS_OWN = OWN_HEADERS | {REDRIVE_COUNT, REDRIVE_ORIGIN}


NUMBER = re.compile(r"[0-9]{1,18}")
"""What fits into Kafka's 64 bits; headers are anybody's."""


@dataclass(frozen=True)
class Letter:
    """One dead letter."""

    message: Incoming

    @property
    def place(self) -> str:
        """Where it stands, as `show` and `redrive` take it: `partition:offset`."""
        return f"{self.message.partition}:{self.message.offset}"

    @property
    def reason(self) -> str:
        """Why, as a slug."""
        return self._header("error.reason")

    @property
    def stage(self) -> str:
        """Where in the pipeline."""
        return self._header("error.stage")

    @property
    def error(self) -> str:
        """What the worker said."""
        return self._header("error.message")

    @property
    def origin_topic(self) -> str:
        """The topic that the message was consumed from."""
        return self._header("origin.topic")

    @property
    def origin(self) -> str:
        """Where the message stood: `topic/partition/offset`."""
        return "/".join((self.origin_topic, self._header("origin.partition"), self._header("origin.offset")))

    @property
    def first_origin(self) -> str:
        """Where the message stood when it failed first."""
        return self._header(REDRIVE_ORIGIN) or self.origin

    @property
    def origin_timestamp_ms(self) -> int | None:
        """The message's own timestamp; None where it had none."""
        number = _number(self._header("origin.timestamp"))
        return number if number > 0 else None

    @property
    def redrives(self) -> int:
        """How often the message was redriven before it came here."""
        return _number(self._header(REDRIVE_COUNT))

    @property
    def is_whole(self) -> bool:
        """Whether the value is the message's: one that did not fit was left out."""
        return self.message.header("error.original_size") is None

    @property
    def own_headers(self) -> Headers:
        """The headers that the message came with."""
        return tuple(header for header in self.message.headers if header[0] not in NOT_ITS_OWN)

    @cached_property
    def sources(self) -> frozenset[str]:
        """What its source is called, in lower case: the scraper's name for it, the URL and its domain, the key."""
        source, url, key = self._names
        names = (source, url, find_domain(url), key, find_domain(key), self.origin_topic)
        return frozenset(name.casefold() for name in names if name)

    @property
    def source(self) -> str:
        """The best short word for its source."""
        source, url, key = self._names
        return source or find_domain(url or key) or key

    @cached_property
    def _names(self) -> tuple[str, str, str]:
        """The scraper's name for its source, the URL and the key; empty where there is none that is text."""
        try:
            found = orjson.loads(self.message.value or b"")
        except orjson.JSONDecodeError:
            found = None
        record = found if isinstance(found, dict) else {}
        source, url = (name if isinstance(name, str) else "" for name in (record.get("source"), record.get("url")))
        return source, url, (self.message.key or b"").decode("utf-8", "replace")

    def _header(self, name: str) -> str:
        return self.message.header(name) or ""


def _number(text: str) -> int:
    return int(text) if NUMBER.fullmatch(text) else 0
