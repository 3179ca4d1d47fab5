"""Every metric of the worker: name, help, labels, and where its values come from.

In: the halves count here as they finish a message; the monitor sets the gauges. Out: with `PROMETHEUS_MULTIPROC_DIR`
set (the supervisor does it for its children) values go to files in that folder, which the supervisor serves as one page
on /metrics. Labels are bounded: roles, states, slugs, topics and partitions; never a url, an id or a host.
"""

from contextlib import AbstractContextManager

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

# End of the log minus the next offset to finish, asked of the broker every few seconds: it rises also when consumption
# stands still.
LAG = Gauge(
    "newsworker_lag_messages", "Messages not yet finished.", ["topic", "partition"], multiprocess_mode="livesum"
)

# Acknowledged records by the topic's kind: story, page, sighting, headline, mention, copy, deadletter, changelog.
PUBLISHED = Counter("newsworker_records_published", "Records acknowledged by the broker.", ["kind"])

# Dead letters by the stage and reason that their headers name.
DEAD_LETTERS = Counter("newsworker_dead_letters", "Messages put on the dead-letter topic.", ["stage", "reason"])

# Attempts to publish that failed or outlasted publish_timeout_seconds, and were repeated.
PUBLISH_RETRIES = Counter("newsworker_publish_retries", "Attempts to publish that had to be repeated.", ["role"])

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

# Verdicts of mentions: new, repeat, same_as_story, repeat_in_page.
VERDICTS = Counter("newsworker_verdicts", "Mentions by their verdict.", ["verdict"])

# Headlines that are remembered, and stories, by their script ("headline:Arab"); and those that were forgotten before
# their time, because there were more than dedup_max_headlines.
DEDUP_ENTRIES = Gauge(
    "newsworker_dedup_entries", "Headlines and stories remembered.", ["realm"], multiprocess_mode="livemostrecent"
)
DEDUP_FORGOTTEN_EARLY = Counter(
    "newsworker_dedup_forgotten_early", "Forgotten early: more than dedup_max_headlines.", ["realm"]
)

# Offsets between two finished messages of a partition that no agent saw. Retention, compaction and transactional
# writers make such gaps; anything else would be a lost message.
SKIPPED_OFFSETS = Counter("newsworker_skipped_offsets", "Records that were passed over; must stay 0.", ["topic"])

# Always 1; the version is in the label.
BUILD_INFO = Gauge("newsworker_build_info", "Version of the worker.", ["version"], multiprocess_mode="livemax")
BUILD_INFO.labels(__version__).set(1)


def time_stage(stage: str) -> AbstractContextManager[object]:
    """Measure the seconds of the block under a stage's name."""
    return STAGE_SECONDS.labels(stage).time()
