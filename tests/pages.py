"""Own-written pages for the worker's tests, told apart by a number, and the bad messages that may stand among them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from kafka_client import Sent

PAGE = """Harbour council {n} votes for the new ferry line

Port Amber, 3 March 2025 - The harbour council of district {n} voted on Monday for a second ferry line.

The line is to open in autumn. "We have waited long enough for boat number {n}," said the mayor, Ida Holm.

Berth {n}, crane {n}, shed {n}, quay {n}, dock {n}, lock {n} and gate {n} are to be built anew, council {n} said.

Read also
Fishermen of Port Amber ask for longer nets
Ferry number {n} leaves the yard
"""
"""One story, and two related headlines: the first is the same on every page, the second is of this page alone.

The body names the number so often that the stories of two pages are no near duplicates.
"""

SIGHTINGS = 4
"""Of each page: its related headlines, its story's own headline, and its story."""


def raw(number: int, **fields: object) -> bytes:
    """Return a good raw article."""
    url = f"https://news.example/harbour/{number}"
    article = {"content": PAGE.format(n=number), "url": url, "fetched_at": "2025-03-03T10:00:00Z", **fields}
    return json.dumps(article).encode()


def good(number: int) -> Sent:
    """Return a good raw article as a record."""
    return Sent(raw(number), key=f"page-{number}".encode())


AGAIN = "2025-03-04T10:00:00Z"
"""When pages are met again: after all of `good`."""


def again(number: int, where: str) -> Sent:
    """Return what stands on the page of this number, as it was printed elsewhere a day later."""
    value = raw(number, url=f"https://{where}.example/{number}", fetched_at=AGAIN)
    return Sent(value, key=f"{where}-{number}".encode())


@dataclass(frozen=True, slots=True)
class Bad:
    """A message that is no page, with the reason its dead letter must have."""

    reason: str
    value: bytes
    headers: Mapping[str, bytes] = field(default_factory=dict)
    key: bytes = b""

    def sent(self, number: int) -> Sent:
        """Return it as a record; the number goes into the key and tells it apart."""
        return Sent(self.value, key=self.key + f"{self.reason}-{number}".encode(), headers=self.headers)


BAD = (
    Bad("malformed_json", b'{"content": "broken'),
    Bad("malformed_json", b"{'content': 'single quotes'}"),
    Bad("not_an_object", b"[1, 2, 3]"),
    Bad("missing_content", b'{"url": "https://news.example/nothing"}'),
    Bad("empty_content", b'{"content": "  \\n "}'),
    Bad("empty_message", b""),
    Bad("invalid_field", b'{"content": "text", "url": 7}'),
    Bad("invalid_encoding", b'{"content": "\xff\xfe\xfa\xfb"}'),
    Bad("too_deep", b'{"content": ' + 40 * b"[" + 40 * b"]" + b"}"),
    Bad("malformed_json", b"a key of no encoding", key=b"\xff\x00\xfe"),
    Bad("malformed_json", b"a long key", key=b"k" * 100_000),
    Bad("malformed_json", b"long headers", {"traceparent": b"00-" * 100_000, "feed": b"\xff" * 100_000}),
    Bad("malformed_json", b"odd names", {"": b"", "n" * 10_000: b"", "new\nline \u202e": b"\x00", "\U0001f4f0": b"\n"}),
    Bad("malformed_json", b"forged names", {"error.reason": b"none", "origin.offset": b"\xff", "worker.version": b"0"}),
)


def oversized(limit: int) -> Bad:
    """Return a message of more bytes than the limit."""
    return Bad("too_large", json.dumps({"content": "x" * limit}).encode())
