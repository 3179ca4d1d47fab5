"""What the stream forgets: by event time, in turn, within a bound."""

from prose import prose
from stream import Stream, seen

from worker.dedup.decision import Decision
from worker.dedup.rules import Rules

HOUR = 3600
RULES = Rules(10 * HOUR, 1000)
WORDS = ("harbour", "bridge", "storm", "ferry", "school", "market", "railway", "museum", "library", "tunnel")
FUTURE = "2075-"
"""How dates begin that lie fifty years after the start."""

PROSE = list(dict.fromkeys(prose(1, 3000).split()))

AGAIN = "Old lighthouse becomes a school for sailors"


def other(number: int) -> str:
    """Return one of many headlines that have nothing to do with one another."""
    return " ".join(f"{WORDS[(number // 10**place) % 10]}{place}{number}" for place in range(4))


def pass_time(stream: Stream, first: float, last: float, pages: int = 400) -> None:
    """Let other pages come between two hours."""
    for number in range(pages):
        hours = first + (last - first) * number / pages
        stream.take(seen(other(int(1000 * hours) + number), hours, int(1_000_000 * (1 + hours)) + number))


def verdict(decision: Decision) -> str:
    """Return what the mention says."""
    assert decision.mention is not None
    return decision.mention.verdict


def test_what_was_not_seen_for_long_is_new_again() -> None:
    """Two windows after its last sighting a headline is forgotten, and nothing of it is left."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 0, 1))
    pass_time(stream, 0, 30)
    assert verdict(stream.take(seen(AGAIN, 30, 2))) == "new"


def test_what_was_seen_meanwhile_is_remembered() -> None:
    """It is the last sighting that counts."""
    stream = Stream(RULES)
    for hours in (0, 12, 24):
        stream.take(seen(AGAIN, hours, hours))
        pass_time(stream, hours, hours + 11)
    assert verdict(stream.take(seen(AGAIN, 36, 99))) == "repeat"


def test_a_group_is_forgotten_whole() -> None:
    """A headline whose near variant is alive is remembered with it."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 0, 1))
    near = stream.take(seen(f"{AGAIN} and fishermen", 9, 2))
    assert near.mention is not None
    assert near.mention.match == "near"
    pass_time(stream, 9, 25)
    assert verdict(stream.take(seen(AGAIN, 25, 3))) == "repeat"


def test_state_does_not_grow_with_time() -> None:
    """Entries, postings, links and turns of what is forgotten are gone."""
    stream = Stream(RULES)
    sizes = []
    for day in range(4):
        pass_time(stream, 24 * day, 24 * day + 24)
        sizes.append(len(stream.kept))
    assert max(sizes[1:]) < 1.1 * sizes[0]


def test_dates_in_the_future_do_not_empty_the_index() -> None:
    """Nor do they stay for ever."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 0, 1))
    for number in range(50):
        stream.take(seen(other(number), 24 * 365 * 50, 10 + 2 * number))
        stream.take(seen(other(1000 + number), 0.01 * number, 11 + 2 * number))
    assert verdict(stream.take(seen(AGAIN, 1, 999))) == "repeat"
    assert FUTURE in str(stream.kept.values())
    pass_time(stream, 1, 80, pages=2000)
    assert FUTURE not in str(stream.kept.values())


def test_a_stream_that_begins_in_the_future_forgets_as_any_other() -> None:
    """What waited for its turn by a wrong clock does not keep the others waiting."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 24 * 365 * 70, 1))
    pass_time(stream, 0, 24, pages=500)
    sizes = []
    for day in range(1, 5):
        pass_time(stream, 24 * day, 24 * day + 24)
        sizes.append(entries(stream))
    assert max(sizes[1:]) < 350


def test_a_turn_that_has_been_lost_stops_nothing() -> None:
    """As from a changelog that is cut off at its beginning: the next turns come up, and what lost it gets another."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 0, 1))
    pass_time(stream, 0, 1, pages=10)
    del stream.kept[min(place for place in stream.kept if place[1].startswith(b"q"))]
    pass_time(stream, 1, 40)
    stream.take(seen(AGAIN, 40, 2))
    pass_time(stream, 40, 80)
    assert AGAIN not in str(stream.kept.values())
    assert entries(stream) < 350


def test_what_is_told_of_the_entries_is_their_number() -> None:
    """Groups that are forgotten whole count once for each headline."""
    stream = Stream(RULES)
    told = [
        stream.take(seen(f"{other(number // 3)} {('', 'tonight', 'slowly')[number % 3]}", number / 6, number))
        for number in range(300)
    ]
    assert told[-1].entries == entries(stream)
    assert sum(one.forgotten for one in told) == 300 - entries(stream) > 0
    assert sum(one.forgotten_early for one in told) == 0


def entries(stream: Stream) -> int:
    """Return how many headlines are remembered."""
    return sum(table == "headline" for table, _ in stream.kept)


def test_clocks_that_run_backwards_do_not_either() -> None:
    """Pages from years ago among those of today."""
    stream = Stream(RULES)
    stream.take(seen(AGAIN, 0, 1))
    for number in range(50):
        stream.take(seen(other(number), -24 * 365 * 5, 10 + number))
    assert verdict(stream.take(seen(AGAIN, 1, 999))) == "repeat"


def test_there_is_a_bound() -> None:
    """Beyond it the oldest go early, and it is told how many."""
    stream = Stream(Rules(10 * HOUR, 50))
    told = [stream.take(seen(other(number), 0, number)) for number in range(200)]
    assert max(one.entries or 0 for one in told) <= 51
    assert sum(one.forgotten_early for one in told) == 150
    assert len([1 for table, _ in stream.kept if table == "headline"]) == 50
    assert verdict(stream.take(seen(other(199), 0, 999))) == "repeat"
    assert verdict(stream.take(seen(other(0), 0, 998))) == "new"


def chained(number: int) -> str:
    """Return one of many headlines of which each has all but one word of the one before it, a hundred in a row."""
    return words(number + 8 * (number // 100), 8)


def words(start: int, count: int) -> str:
    """Return a few words in a row of a prose in which none comes twice."""
    return " ".join(PROSE[start : start + count])


def test_a_stream_that_is_made_to_fill_the_bound_stays_within_it() -> None:
    """Groups go whole, and their other turns keep nobody waiting."""
    stream = Stream(Rules(10 * HOUR, 150))
    told = [stream.take(seen(chained(number), 0, number)) for number in range(600)]
    assert max(one.forgotten_early for one in told) > 20
    assert max(one.entries or 0 for one in told) <= 150
    assert entries(stream) == told[-1].entries == 600 - sum(one.forgotten_early for one in told)


def test_turns_of_what_went_with_others_keep_nobody_waiting() -> None:
    """However many stand in a row: a group that is long gone leaves no room for more than the bound."""
    stream = Stream(Rules(10 * HOUR, 300))
    groups = [seen(words(20 * group + at, 8), 0, 10 * group + at) for at in range(4) for group in range(70)]
    told = [stream.take(one) for one in groups]
    told += [stream.take(seen(other(number), 0, 1000 + number)) for number in range(400)]
    assert max(one.entries or 0 for one in told) <= 303


def test_what_is_pushed_out_follows_from_the_sightings_alone() -> None:
    """So that a replay forgets what the live run forgot."""
    found = [seen(text(number), number / 100, number) for number in range(200) for text in (chained, other)]
    streams = [Stream(Rules(10 * HOUR, 40)).take_all(found) for _ in range(2)]
    assert streams[0].kept == streams[1].kept
    assert streams[0].headlines == streams[1].headlines


def test_who_fills_the_bound_of_one_script_pushes_nobody_out_of_another() -> None:
    """Each has a bound of its own."""
    stream = Stream(Rules(10 * HOUR, 40))
    arabic = "افتتاح مدرسة جديدة في المدينة القديمة"
    stream.take(seen(arabic, 0, 1))
    stream.take_all(seen(chained(number), 0, 10 + number) for number in range(200))
    assert verdict(stream.take(seen(arabic, 1, 2))) == "repeat"
