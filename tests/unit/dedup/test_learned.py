"""What the stream learns of its sources, and what comes of it."""

from itertools import permutations

import pytest
from stream import Stream, seen

from schemas.mention import Mention
from worker.dedup import learned
from worker.dedup.rules import Rules
from worker.dedup.sighting import HeadlineSighting
from worker.dedup.state import HeadlineState, decode_headline, encode

RULES = Rules(10 * 3600, 1000)
BRIDGE = "Bridge at Harlow reopens after repairs"
OTHERS = (
    "Council votes for a larger market hall",
    "Ferry to the outer islands runs through winter",
    "Old lighthouse becomes a school for sailors",
    "Fishermen ask for longer nets this season",
)
QUX, BLORB = "daily.example", "courier.example"


def listed(
    headline: str, source: str | None, hours: float = 0, page: int = 1, *, name: str | None = None
) -> HeadlineSighting:
    """Return a sighting of a headline in a list."""
    return seen(headline, hours, page, source, name)


def printed(tail: str, source: str, hours: float = 0) -> list[HeadlineSighting]:
    """Return sightings that make the words behind a source's headlines known, but for one headline."""
    return [listed(f"{other}{tail}", source, hours, 10 + number) for number, other in enumerate(OTHERS)]


def take(stream: Stream, sighting: HeadlineSighting) -> Mention:
    """Take a sighting; return its mention."""
    mention = stream.take(sighting).mention
    assert mention is not None
    return mention


def told(mention: Mention) -> tuple[str, str | None, str | None]:
    """Return what a mention says."""
    return mention.verdict, mention.match, mention.veto


def test_names_that_nobody_knows_part_a_headline() -> None:
    """Without sources, or before anything is learned, one name stands in the place of another."""
    stream = Stream(RULES).take_all([listed(f"{BRIDGE} | Qux", QUX)])
    assert told(take(stream, listed(f"{BRIDGE} | Blorb", BLORB, 1))) == ("new", None, "replaced")
    assert len(stream.headlines) == 2


def test_names_that_were_learned_do_not() -> None:
    """The mention says what was left out, and whose it is."""
    stream = Stream(RULES).take_all([*printed(" | Qux", QUX), *printed(" | Blorb", BLORB)])
    take(stream, listed(f"{BRIDGE} | Qux", QUX, 1, 2))
    again = take(stream, listed(f"{BRIDGE} | Blorb", BLORB, 2, 3))
    assert told(again) == ("repeat", "near", None)
    assert again.score == 1.0
    assert again.reason.startswith(
        "word for word the same; without “blorb” of courier.example, “qux” of daily.example: "
    )


def test_the_headline_that_makes_a_name_known_brings_together_what_was_parted() -> None:
    """The group's record is published, and the record of a group that has gone ends in a tombstone."""
    stream = Stream(RULES).take_all([listed(f"{BRIDGE} | Qux", QUX), listed(f"{BRIDGE} | Blorb", BLORB, 1)])
    *first, last = printed(" | Qux", QUX)
    stream.take_all(first)
    before = len(stream.headlines)
    decision = stream.take(last)
    assert len(decision.gone) == 1
    assert len(stream.headlines) == before  # one came, one has gone
    assert sum(BRIDGE in record for record in stream.headlines.values()) == 1


def test_a_name_that_its_source_bears_is_known_at_once() -> None:
    """By its domain, or by what its pages call it; behind a dash, too."""
    stream = Stream(RULES).take_all([listed(f"{BRIDGE} - Qux", "qux.example")])
    again = take(stream, listed(f"{BRIDGE} | Blorb", "bz.example", 1, 2, name="Blorb"))
    assert told(again) == ("repeat", "near", None)


def test_the_same_headline_again_and_again_teaches_nothing() -> None:
    """What counts is how many different headlines a source prints with the words."""
    stream = Stream(RULES).take_all(listed(f"{OTHERS[0]} | Qux", QUX, 0, page) for page in range(20))
    take(stream, listed(f"{BRIDGE} | Qux", QUX, 1, 30))
    assert told(take(stream, listed(f"{BRIDGE} | Blorb", BLORB, 2, 31))) == ("new", None, "replaced")


def test_nor_do_headlines_of_different_sources() -> None:
    """Each source has its own words."""
    stream = Stream(RULES).take_all(
        listed(f"{other} | Qux", f"paper{number}.example", 0, number) for number, other in enumerate(OTHERS * 2)
    )
    take(stream, listed(f"{BRIDGE} | Qux", "paper0.example", 1, 30))
    assert told(take(stream, listed(f"{BRIDGE} | Blorb", BLORB, 2, 31))) == ("new", None, "replaced")


def test_a_speaker_is_never_learned() -> None:
    """However often a source lets the same one speak."""
    stream = Stream(RULES).take_all([*printed(" – Vardenko", QUX), *printed(" – Rimskaya", BLORB)])
    take(stream, listed(f"{BRIDGE} – Vardenko", QUX, 1, 30))
    assert told(take(stream, listed(f"{BRIDGE} – Rimskaya", BLORB, 2, 31))) == ("new", None, "replaced")


@pytest.mark.parametrize("is_later_learned", [True, False])
def test_sections_of_one_source_stay_apart(*, is_later_learned: bool) -> None:
    """The bridge of one town is not that of another in the same paper, whether both towns are known or one."""
    later = printed(" | Rimley", QUX) if is_later_learned else []
    stream = Stream(RULES).take_all([*printed(" | Varden", QUX), *later])
    take(stream, listed("Bridge over the river closes for two years | Varden", QUX, 1, 30))
    other = take(stream, listed("Bridge over the river closes for two years | Rimley", QUX, 2, 31))
    assert told(other) == ("new", None, "replaced")


def test_it_does_not_matter_how_the_owner_is_found() -> None:
    """The same words behind a bar and behind a dash have one id; which counts is who was there first."""
    found = [
        listed(f"{BRIDGE} - Qux", QUX, 1, 2),
        listed(f"{BRIDGE} | Qux", QUX, 2, 3),
        listed(f"{BRIDGE} | Blorb", BLORB, 3, 4),
    ]
    learnt = printed(" | Qux", QUX)
    ends = [Stream(RULES).take_all([*learnt, *order]).headlines for order in permutations(found)]
    ends += [Stream(RULES).take_all([*order, *learnt]).headlines for order in permutations(found)]
    assert all(end == ends[0] for end in ends)


def pass_time(stream: Stream, words: str) -> None:
    """Let forty hours pass in which a source prints a headline with these words every four."""
    for number in range(400):
        hours = number / 10
        stream.take(listed(f"Market number {number} opens in town {number}", None, hours, 1000 + number))
        if number % 40 == 0:
            stream.take(listed(f"{OTHERS[number // 40 % 4]} | {words}", QUX, hours, 2000 + number))


def test_what_a_source_prints_no_longer_is_forgotten_and_counted_anew() -> None:
    """In event time, as its headlines are; nothing of it is left."""
    stream = Stream(RULES).take_all([*printed(" | Qux", QUX), listed(f"{BRIDGE} | Qux", QUX, 0, 2)])
    assert [(affix.words, affix.is_learned) for affix in affixes(stream)] == [("qux", True)]
    pass_time(stream, "Other Words")
    assert [affix.words for affix in affixes(stream)] == ["other words"]
    stream.take(listed(f"{BRIDGE} | Qux", QUX, 40, 5000))
    assert {affix.words: len(affix.headlines) for affix in affixes(stream)} == {"other words": 4, "qux": 1}


def test_what_it_goes_on_printing_stays_known() -> None:
    """Long after the headlines from which it was learned."""
    stream = Stream(RULES).take_all([*printed(" | Qux", QUX), listed(f"{BRIDGE} | Qux", QUX, 0, 2)])
    pass_time(stream, "Qux")
    assert [(affix.words, affix.is_learned) for affix in affixes(stream)] == [("qux", True)]


def test_no_more_is_kept_than_the_bound_allows() -> None:
    """A source that puts something else behind each headline makes the oldest go early."""
    stream = Stream(Rules(10 * 3600, 10))
    for number in range(60):
        letters = "".join(chr(97 + int(digit)) for digit in str(1000 + number))
        stream.take(listed(f"Market opens its {letters} doors | Qux {letters}", QUX, 0, number))
    assert len(affixes(stream)) <= 10


def affixes(stream: Stream) -> list[learned.Affix]:
    """Return what is kept of sources."""
    kept = (value for (table, name), value in stream.kept.items() if table == "index" and name[:1] == learned.PREFIX)
    return [learned.decode(value) for value in kept]


def test_a_state_without_a_source_is_kept_as_before() -> None:
    """An earlier worker reads it, and its own is read."""
    plain = HeadlineState(listed(BRIDGE, None), "2025-02-27T00:00:00Z", 3)
    sourced = HeadlineState(listed(f"{BRIDGE} | Qux", QUX, name="Qux"), "2025-02-27T00:00:00Z", 3)
    assert encode(plain).count(b",") == 11
    assert decode_headline(encode(plain)) == plain
    assert decode_headline(encode(sourced)) == sourced
