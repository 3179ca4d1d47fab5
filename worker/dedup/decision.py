"""What the dedup decides on a sighting: the records to publish, which are acknowledged before the state is kept."""

from dataclasses import dataclass, field

from schemas.copy import Copy
from schemas.headline import Headline
from schemas.mention import Mention


@dataclass(frozen=True, slots=True)
class Decision:
    """The records of a sighting; `gone`: canonical ids whose record ends in a tombstone.

    `entries`: how many headlines of its script are remembered now; `forgotten`: how many were forgotten with it, their
    time being over; `forgotten_early`: how many because there are too many; `compared`: how many it was compared with,
    where it was a headline that had to be, which says what the decision took and not what it is.
    """

    headlines: tuple[Headline, ...] = ()
    gone: tuple[str, ...] = ()
    mention: Mention | None = None
    copies: tuple[Copy, ...] = ()
    entries: int | None = None
    forgotten: int = 0
    forgotten_early: int = 0
    compared: int | None = field(default=None, compare=False)
