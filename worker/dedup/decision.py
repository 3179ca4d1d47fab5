"""What the dedup decides on a sighting: the records to publish, which are acknowledged before the state is kept."""

from dataclasses import dataclass

from schemas.copy import Copy
from schemas.headline import Headline
from schemas.mention import Mention


@dataclass(frozen=True, slots=True)
class Decision:
    """The records of a sighting; `gone`: canonical ids whose record ends in a tombstone.

    `entries`: how many headlines of its script are remembered now; `forgotten_early`: how many were forgotten with it
    because there are too many.
    """

    headlines: tuple[Headline, ...] = ()
    gone: tuple[str, ...] = ()
    mention: Mention | None = None
    copies: tuple[Copy, ...] = ()
    entries: int | None = None
    forgotten_early: int = 0
