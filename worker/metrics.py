"""Every metric of the worker: name, help, labels, and where its values come from.

In: the halves count here as they finish a message; the monitor sets the gauges. Out: with `PROMETHEUS_MULTIPROC_DIR`
set (the supervisor does it for its children) values go to files in that folder, which the supervisor serves as one page
on /metrics. Labels are bounded: roles, states, slugs, topics and partitions; never a url, an id or a host.
"""

from collections import Counter as Tally
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from typing import TypeVar

from prometheus_client import Counter, Gauge, Histogram

from worker import __version__

# One for each message an agent took, counted after its acknowledgements. Equals the sum of `messages` over outcomes.
CONSUMED = Counter("newsworker_messages_consumed", "Messages consumed and finished.", ["role"])

# Exactly one outcome for each message: published, no_story, tombstone, dead_letter (split); decided, tombstone,
# dead_letter (dedupe).
OUTCOMES = Counter("newsworker_messages", "Messages by what became of them.", ["role", "outcome"])

# decode, split, enrich, assemble (inside the pipeline); decide (dedupe); publish (from sending to the last
# acknowledgement). Buckets: a page takes about 1 ms, the largest allowed one seconds, an outage minutes.
STAGE_SECONDS = Histogram(
    "newsworker_stage_seconds",
    "Seconds that a stage took for one message.",
    ["stage"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 300.0),
)

# From the record's Kafka timestamp to its one outcome, when every acknowledgement is there. Messages that are played
# again are left out: they keep the time of their first life. Buckets: a page takes milliseconds, an outage hours.
END_TO_END_SECONDS = Histogram(
    "newsworker_end_to_end_seconds",
    "Seconds from a message's timestamp to its outcome, with all acknowledgements.",
    ["role"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0),
)

# End of the log minus the next offset to finish, asked of the broker every few seconds: it rises also when consumption
# stands still.
LAG = Gauge(
    "newsworker_lag_messages", "Messages not yet finished.", ["topic", "partition"], multiprocess_mode="livesum"
)

# Since when the topic's end has been beyond the next offset to finish, as this worker has seen it move (`app.lag`): by
# its own monotonic clock, so that records of the past, and clocks that differ, do not count.
LAG_SECONDS = Gauge(
    "newsworker_lag_seconds",
    "Seconds that the oldest unfinished message has been on the topic, as far as this worker has seen.",
    ["topic", "partition"],
    multiprocess_mode="livesum",
)

# The group gave partitions out anew; one at each start.
REBALANCES = Counter("newsworker_rebalances", "Times that the group gave partitions out.", ["role"])

# Acknowledged records by the topic's kind: story, page, sighting, headline, mention, copy, deadletter, changelog, and
# the exports ninjs and schemaorg.
PUBLISHED = Counter("newsworker_records_published", "Records acknowledged by the broker.", ["kind"])

# Dead letters by the stage and reason that their headers name.
DEAD_LETTERS = Counter("newsworker_dead_letters", "Messages put on the dead-letter topic.", ["stage", "reason"])

# Attempts to publish that failed or outlasted publish_timeout_seconds, and were repeated.
PUBLISH_RETRIES = Counter("newsworker_publish_retries", "Attempts to publish that had to be repeated.", ["role"])

# The same attempts by topic (of a transaction its first record's, or its source) and by the client's error class, or
# `no_acknowledgement`.
PUBLISH_FAILURES = Counter("newsworker_publish_failures", "Attempts to publish that failed.", ["topic", "error"])

# One-hot over `health.STATES`; /ready is derived from it.
STATE = Gauge(
    "newsworker_worker_state", "1 for the state a role is in.", ["role", "state"], multiprocess_mode="livemax"
)

# When the event loop last ran its monitor; an old one means a blocked or dead loop. /live and /ready judge by the
# second, which the processes of a machine share and which never jumps.
HEARTBEAT = Gauge(
    "newsworker_loop_heartbeat_timestamp_seconds",
    "Unix time at which the event loop last ran.",
    ["role"],
    multiprocess_mode="livemax",
)

HEARTBEAT_MONOTONIC = Gauge(
    "newsworker_loop_heartbeat_monotonic_seconds",
    "Monotonic clock of the machine when the event loop last ran.",
    ["role"],
    multiprocess_mode="livemax",
)

# How late the event loop came back to its monitor, four times a second: what one page holds it for, and what a busy or
# throttled processor adds. A heartbeat to the broker is late by as much.
LOOP_LAG_SECONDS = Histogram(
    "newsworker_loop_lag_seconds",
    "Seconds by which the event loop was late.",
    ["role"],
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0),
)

# Of the role's process, as the kernel counts it.
RESIDENT_BYTES = Gauge(
    "newsworker_resident_memory_bytes", "Resident memory of the process.", ["role"], multiprocess_mode="livesum"
)
CPU_SECONDS = Counter("newsworker_cpu_seconds", "Processor seconds of the process, user and system.", ["role"])

# Partitions assigned by the group; 0 in an idle spare.
PARTITIONS = Gauge(
    "newsworker_partitions_assigned", "Source partitions assigned.", ["role"], multiprocess_mode="livesum"
)

# Messages that were read and are not finished, and the bytes of their keys, values and headers; reading waits when the
# bytes reach max_in_flight_bytes.
IN_FLIGHT_MESSAGES = Gauge(
    "newsworker_in_flight_messages", "Messages read and not yet finished.", ["role"], multiprocess_mode="livesum"
)
IN_FLIGHT_BYTES = Gauge(
    "newsworker_in_flight_bytes", "Bytes of messages read and not yet finished.", ["role"], multiprocess_mode="livesum"
)

# Fields of raw articles that the contract does not know, each occurrence.
UNKNOWN_FIELDS = Counter("newsworker_unknown_fields", "Unknown fields of raw articles, ignored.")

# Verdicts of mentions (new, repeat, same_as_story, repeat_in_page) by the rule that matched: exact, normalised, near or
# none.
VERDICTS = Counter("newsworker_verdicts", "Mentions by their verdict and its rule.", ["verdict", "match"])

# Earlier headlines that a headline, when it was new or read otherwise, was compared with.
DEDUP_CANDIDATES = Histogram(
    "newsworker_dedup_candidates",
    "Earlier headlines that a headline was compared with.",
    buckets=(0, 1, 2, 5, 10, 20, 50, 100, 200, 500),
)

# Headlines that are remembered, and stories, by their script ("headline:Arab"); how many may be, of each; and those
# that were forgotten by age, or before their time, because there were more than dedup_max_headlines.
DEDUP_ENTRIES = Gauge(
    "newsworker_dedup_entries", "Headlines and stories remembered.", ["realm"], multiprocess_mode="livemostrecent"
)
DEDUP_ENTRIES_BOUND = Gauge(
    "newsworker_dedup_entries_bound", "Entries that a realm may have: dedup_max_headlines.", multiprocess_mode="livemax"
)
DEDUP_FORGOTTEN = Counter("newsworker_dedup_forgotten", "Forgotten by age.", ["realm"])
DEDUP_FORGOTTEN_EARLY = Counter(
    "newsworker_dedup_forgotten_early", "Forgotten early: more than dedup_max_headlines.", ["realm"]
)

# The dedup tables as this process keeps them: files on disk, or keys and values in memory (by the mean of a sample).
DEDUP_BYTES = Gauge("newsworker_dedup_bytes", "Bytes of the local state.", ["table"], multiprocess_mode="livesum")

# Offsets between two finished messages of a partition that no agent saw. Retention, compaction and transactional
# writers make such gaps; anything else would be a lost message.
SKIPPED_OFFSETS = Counter("newsworker_skipped_offsets", "Records that were passed over; must stay 0.", ["topic"])

# Always 1; the version is in the label.
BUILD_INFO = Gauge("newsworker_build_info", "Version of the worker.", ["version"], multiprocess_mode="livemax")
BUILD_INFO.labels(__version__).set(1)


Family = TypeVar("Family", Counter, Gauge, Histogram)


@cache
def series(family: Family, *labels: str) -> Family:
    """Return a metric's series of these labels: what is counted with each message is looked up once."""
    return family.labels(*labels)


_realms: set[str] = set()


def show_entries(realm: str, number: int) -> None:
    """Show how many entries of a realm are remembered here."""
    _realms.add(realm)
    series(DEDUP_ENTRIES, realm).set(number)


def forget_entries() -> None:
    """Show none: after a rebalance another worker may have them; whoever has them shows them with the next sighting."""
    for realm in _realms:
        series(DEDUP_ENTRIES, realm).set(0)


def count_published(kinds: Iterable[str]) -> None:
    """Count acknowledged records by their kinds, all of a message or a batch at once."""
    for kind, number in Tally(kinds).items():
        series(PUBLISHED, kind).inc(number)


def time_stage(stage: str) -> AbstractContextManager[object]:
    """Measure the seconds of the block under a stage's name."""
    timer: AbstractContextManager[object] = series(STAGE_SECONDS, stage).time()
    return timer
