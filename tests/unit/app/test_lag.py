"""How old the oldest unfinished message is, by the looks at a partition's end."""

from faust.types import TP

from worker.app.lag import MOST_LOOKS, Ages

HERE = TP("news.raw.v1", 0)
THERE = TP("news.raw.v1", 1)


def look(ages: Ages, now: float, end: int, position: int) -> float:
    """Look at one partition."""
    return ages.take({HERE: end}, {HERE: position}, now)[HERE]


def test_nothing_waits_where_all_is_finished() -> None:
    """However long the partition has been still."""
    ages = Ages()
    assert [look(ages, now, 10, 10) for now in (0, 100, 1000)] == [0, 0, 0]


def test_an_unfinished_message_ages_from_the_look_that_saw_it() -> None:
    """Later ones are younger: when the first is finished the age is that of the next."""
    ages = Ages()
    assert look(ages, 0, 10, 10) == 0
    assert look(ages, 2, 12, 10) == 0
    assert look(ages, 4, 15, 10) == 2
    assert look(ages, 6, 15, 11) == 4
    assert look(ages, 8, 15, 12) == 4
    assert look(ages, 10, 15, 15) == 0


def test_a_message_after_a_long_silence_is_young() -> None:
    """The age is not that of the last one that was finished."""
    ages = Ages()
    look(ages, 0, 10, 10)
    assert look(ages, 5000, 11, 10) == 0
    assert look(ages, 5002, 11, 10) == 2


def test_partitions_are_apart_and_one_that_comes_back_begins_anew() -> None:
    """What went elsewhere was finished there or not; nobody here knows."""
    ages = Ages()
    ages.take({HERE: 5, THERE: 5}, {HERE: 0, THERE: 5}, 0)
    assert ages.take({THERE: 6}, {THERE: 5}, 10) == {THERE: 0}
    assert ages.take({HERE: 5, THERE: 6}, {HERE: 0, THERE: 5}, 20) == {HERE: 0, THERE: 10}


def test_a_topic_that_was_made_anew_has_no_age() -> None:
    """It ends before it did, and nothing waits there."""
    ages = Ages()
    look(ages, 0, 1000, 990)
    assert [look(ages, now, 950, 950) for now in (2, 1000)] == [0, 0]


def test_a_backlog_of_days_keeps_its_oldest_look_and_little_memory() -> None:
    """Every look finds more, and nothing is finished."""
    ages, looks = Ages(), 50 * MOST_LOOKS
    for number in range(looks):
        age = look(ages, 2 * number, number + 1, 0)
    assert age == 2 * (looks - 1)
    assert len(ages._looks[HERE]) <= MOST_LOOKS + 1
