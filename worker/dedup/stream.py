"""Deduplication across the stream: a sighting of either kind in, its records and what is to be kept out.

In: one sighting, and the state of its partition (`Memory`). Out: a `Decision`, and the memory's writes. It reads no
clock: event time is the sighting's `seen_at`.
"""

from worker.dedup.decision import Decision
from worker.dedup.headlines import decide_headline
from worker.dedup.memory import Memory
from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting, Sighting
from worker.dedup.stories import decide_story


def decide(sighting: Sighting, memory: Memory, rules: Rules) -> Decision:
    """Decide on a sighting of either kind.

    Raises:
        Fatal: `bad_state`, when the state is not what this version or an earlier one wrote.
    """
    if isinstance(sighting, HeadlineSighting):
        return decide_headline(sighting, memory, rules)
    return decide_story(sighting, memory, rules)
