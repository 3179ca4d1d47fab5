"""What the operator says of deduplication across the stream."""

from dataclasses import dataclass

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Rules:
    """Event time within which headlines belong together, and how many are remembered of each script."""

    window_seconds: float = 72 * HOUR_SECONDS
    most_entries: int = 5_000_000
