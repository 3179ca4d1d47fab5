"""What the sources of a feed put behind their headlines.

In: the store with its lines. Out: to the store, what is learned; and all of it as lines to show. It has the whole feed,
so nothing is ever learned too late; what a stream would have forgotten in between is learned all the same.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from worker.dedup.learned import LEAST_HEADLINES
from worker.dedup.tails import find_tail, is_own_name
from worker.enrich.moment import to_timestamp
from worker.feed.lines import Shown
from worker.feed.store import Affix, Seen, Store, Tailed
from worker.sources import NO_TIMESTAMP_MS


def learn(store: Store) -> None:
    """Learn what the sources of the lines in the store put behind their headlines."""
    store.add_tails(_tails(store.sourced_lines()))
    store.learn(LEAST_HEADLINES)


def _tails(lines: Iterable[Seen]) -> Iterator[Tailed]:
    for line in lines:
        tail = find_tail(line.shown, line.language)
        if line.source and tail is not None:
            is_name = tail.is_namable and is_own_name(tail.words, line.source)
            yield Tailed(line.source, tail.words, is_name, tail.is_countable, line.id, line.time)


def show(affixes: Iterable[Affix]) -> Iterator[Shown]:
    """Return what is known of sources, as it is shown."""
    for one in affixes:
        first, last = _time(one.first), _time(one.last)
        yield Shown(one.source, one.words, "name" if one.is_name else "count", one.headlines, first, last)


def _time(milliseconds: int) -> str | None:
    if milliseconds == NO_TIMESTAMP_MS:
        return None
    return to_timestamp(datetime.fromtimestamp(milliseconds / 1000, UTC))
