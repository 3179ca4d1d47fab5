"""The messages of a chaos run: pages of a real stream, or own-written ones, with every kind of bad message among them.

In: the seed. Out: records to produce, always the same for a seed. Its size limit belongs to it: `LIMIT` must be the
worker's `max_message_bytes`.
"""

import io
import json
import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import zstandard
from kafka_client import Sent
from pages import BAD, Bad, good, oversized

STREAM = Path(__file__).parents[3] / "shared" / "data" / "stream_ar.jsonl.zst"
"""Other people's texts, used where they are there; own-written pages stand in for them elsewhere."""

STREAM_MESSAGES = 10_164
LIMIT = 100_000
BAD_EVERY = 40
TOMBSTONE_EVERY = 100
CUT_EVERY = 3
"""Of so many pages one has its last headline cut, so that it is like that of another page and not the same."""

LEAST_WORDS = 6
"""Of a headline that is cut."""


def messages(count: int, seed: int) -> Sequence[Sent]:
    """Return that many messages, a different part of the stream for each seed; bad ones and tombstones count too."""
    choice = random.Random(seed)
    pages = _pages(count, choice.randrange(STREAM_MESSAGES - count) if count < STREAM_MESSAGES else 0)
    bad = [*BAD, oversized(LIMIT)]
    mixed = [_at(number, page, bad) for number, page in enumerate(pages)]
    choice.shuffle(mixed)
    return mixed


def _at(number: int, page: Sent, bad: Sequence[Bad]) -> Sent:
    if number % BAD_EVERY == 1:
        return bad[number // BAD_EVERY % len(bad)].sent(number)
    if number % TOMBSTONE_EVERY == 2:
        return Sent(None, key=b"gone-%d" % number)
    return page


def _pages(count: int, first: int) -> list[Sent]:
    if not STREAM.exists():
        print(f"{STREAM.name} is not there: own pages are used", flush=True)
        return [_vary(number, good(number)) for number in range(count)]
    with STREAM.open("rb") as file:
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)
        lines = islice(io.TextIOWrapper(reader, "utf-8", newline="\n"), first, first + count)
        pages = (Sent(line.encode(), key=json.loads(line)["url"].encode()) for line in lines)
        return [_vary(number, page) for number, page in enumerate(pages)]


def _vary(number: int, page: Sent) -> Sent:
    """Cut the last line of some pages, which is the last headline of their lists."""
    article = json.loads(page.value or b"{}")
    text, _, last = article["content"].rstrip().rpartition("\n")
    words = last.split()
    if number % CUT_EVERY or len(words) < LEAST_WORDS:
        return page
    cut = f"{text}\n{' '.join(words[:-2])}…"
    return Sent(json.dumps({**article, "content": cut}, ensure_ascii=False).encode(), key=page.key)
