"""Lines of long stories that are none of the body, and those that are though their columns speak against them."""

import pytest

from worker.split.lines import read_lines
from worker.split.unlikely import OF_TEXT, find_apart, find_listed, find_spared, find_unlikely
from worker.split.view import View, view_lines
from worker.split.weights import Evidence

TITLE = "Harbour of Lowestrand to be dredged in spring"
SUMMARY = "Nineteen years after the last time, the harbour of Lowestrand will be dredged, and the club is not content."
LONG = "The dredger will come from Hallig in the second week of April and stay for forty days, " * 4 + "the board said."
SHORT = "Eleven of the nineteen councillors were in favour of it, and the board will pay a third of the work."


def evidence(odds: list[float]) -> Evidence:
    """Return what lines that are printed once weigh."""
    return Evidence((), [], odds, [1] * len(odds))


def view(*lines: str) -> View:
    """Return a text page's view."""
    return view_lines(read_lines("\n".join(lines)), None)


@pytest.mark.parametrize(
    ("odds", "unlikely"),
    [
        ([2.0, 2.0, 2.0, -1.0, -1.0, 2.0], []),
        ([2.0, 2.0, -1.0, -1.0, -1.0, 2.0], [2, 3, 4]),
        ([2.0, -0.1, -0.1, -0.1, 2.0, 2.0], []),
    ],
)
def test_only_runs_of_unlikely_lines_are_none_of_a_text(odds: list[float], unlikely: list[int]) -> None:
    """A crosshead stays."""
    assert find_unlikely(range(6), evidence(odds), OF_TEXT) == unlikely


@pytest.mark.parametrize(("odds", "unlikely"), [(2.9, [2]), (3.1, [])])
def test_a_line_printed_twice_is_none_unless_it_is_likely(odds: float, unlikely: list[int]) -> None:
    """Buttons and notices come back, crossheads do not."""
    twice = Evidence((), [], [3.0, 3.0, odds, 3.0], [1, 1, 2, 1])
    assert find_unlikely(range(4), twice, OF_TEXT) == unlikely


@pytest.mark.parametrize(
    ("line", "odds", "spared"),
    [(LONG, -2.0, [1]), (LONG, -4.0, []), (SHORT, -2.0, []), (LONG.rstrip("."), -2.0, [])],
    ids=["a whole paragraph", "too unlikely", "a short one", "no full stop"],
)
def test_a_whole_paragraph_beside_the_body_stays(line: str, odds: float, spared: list[int]) -> None:
    """It is long, ends with a full stop, and is not out of the question."""
    page = view(SHORT, line)
    assert list(find_spared(page, evidence([3.0, odds]), [0], [1], None)) == spared


def test_a_whole_paragraph_far_from_the_body_does_not() -> None:
    """The publisher's notice at the foot of a page."""
    page = view(SHORT, *["Menu"] * 9, LONG)
    assert not list(find_spared(page, evidence([3.0] * 11), [0], [10], None))


@pytest.mark.parametrize(("summary", "spared"), [(SUMMARY, [1]), (SHORT, [])])
def test_a_summary_stays_where_it_has_the_headlines_words(summary: str, spared: list[int]) -> None:
    """Below the headline and above the body, whatever stands between."""
    page = view(TITLE, summary, "Ilse Brandt", LONG)
    assert list(find_spared(page, evidence([1.0, -5.0, -5.0, 3.0]), [3], [1], 0)) == spared


@pytest.mark.parametrize(("between", "times", "spared"), [(22, 1, [1]), (24, 1, []), (1, 2, [])])
def test_a_summary_is_near_the_text_and_printed_once(between: int, times: int, spared: list[int]) -> None:
    """A page's lists print their teasers twice."""
    page = view(TITLE, SUMMARY, *["Menu"] * (between + 1), LONG)
    printed = [1, times, *[1] * (between + 2)]
    weighed = Evidence((), [], [1.0, -5.0, *[-5.0] * (between + 1), 3.0], printed)
    assert list(find_spared(page, weighed, [between + 3], [1], 0)) == spared


BERTHS = ["* Forty berths at the north quay", "* A slip for dinghies", "* The old crane"]


@pytest.mark.parametrize(
    ("announcing", "odds", "spared"),
    [
        ("The board will give up these:", 1.0, [1, 2, 3]),
        ("委員会は次のものを手放す：", 1.0, [1, 2, 3]),
        ("The board will give up these", 1.0, []),
        ("Share this:", -0.1, []),
    ],
)
def test_entries_below_a_likely_line_with_a_colon_stay(announcing: str, odds: float, spared: list[int]) -> None:
    """What a paragraph announces is a part of it; below a heading of buttons are buttons."""
    page = view(announcing, *BERTHS, "Newsletter", "* The harbour by e-mail")
    weighed = evidence([odds, *[-3.0] * 5])
    assert list(find_listed(page, weighed, [0], [1, 2, 3, 4, 5])) == spared


def test_an_entry_that_the_page_repeats_does_not() -> None:
    """A button within a list."""
    page = view("The board will give up these:", *BERTHS)
    weighed = Evidence((), [], [1.0, -3.0, -3.0, -3.0], [1, 1, 2, 1])
    assert list(find_listed(page, weighed, [0], [1, 2, 3])) == [1, 3]


@pytest.mark.parametrize(
    ("lines", "spared"),
    [
        (["1) Forty berths", "2) A slip", "3) The old crane"], [1, 2]),
        (["١. أربعون مرسى", "٢. منزلق", "٣. الرافعة القديمة"], [1, 2]),
        (["1、四十个泊位", "2、滑道", "3、旧吊车"], [1, 2]),
        (["1) Forty berths", "quay.example/forty", "EUR 40,000", "2) A slip"], [1, 2, 3]),
        (["1) Forty berths", "Menu", "Menu", "Menu", "Menu", "2) A slip"], []),
        (["1) Forty berths", "3) The old crane"], []),
        (["1.05 million", "2.10 million"], []),
        (["Forty berths", "1) Most read", "2) Second most"], []),
    ],
    ids=[
        "brackets",
        "Arabic",
        "Chinese",
        "links between",
        "far off",
        "not the next",
        "decimals",
        "nothing to count from",
    ],
)
def test_lines_that_count_on_from_the_body_stay(lines: list[str], spared: list[int]) -> None:
    """With what stands between them; the first is of the body."""
    others = range(1, len(lines))
    assert list(find_listed(view(*lines), evidence([1.0, *[-3.0 for _ in others]]), [0], others)) == spared


def test_what_stands_apart_below_the_body_is_none_of_it() -> None:
    """However near each other such parts are: their distance to the body counts."""
    page = view(LONG, LONG, *["Menu"] * 20, SHORT, *["Menu"] * 6, SHORT)
    assert list(find_apart(page, evidence([3.0] * 30), [0, 1, 22, 29], None)) == [22, 29]


def test_parts_that_are_near_or_long_are_of_the_body() -> None:
    """A few lines between two parts are an advertisement."""
    page = view(LONG, LONG, *["Menu"] * 4, SHORT, SHORT, *["Menu"] * 20, LONG)
    assert not list(find_apart(page, evidence([1.0] * 29), [0, 1, 6, 7, 28], None))


@pytest.mark.parametrize(("gap", "apart"), [(4, []), (5, [7])])
def test_a_short_part_stands_apart_from_the_sixth_line_on(gap: int, apart: list[int]) -> None:
    """Four lines between two paragraphs are an advertisement."""
    page = view(LONG, LONG, *["Menu"] * gap, TITLE)
    assert list(find_apart(page, evidence([1.0] * (gap + 3)), [0, 1, gap + 2], None)) == apart


def test_the_farther_off_a_part_is_the_longer_it_must_be() -> None:
    """What is enough at six lines is not at twenty; unlikely lines do not count."""
    for gap, odds, is_apart in ((5, 1.0, False), (20, 1.0, True), (5, -0.1, True)):
        page = view(LONG, LONG, *["Menu"] * gap, SHORT)
        found = find_apart(page, evidence([1.0] * (gap + 2) + [odds]), [0, 1, gap + 2], None)
        assert bool(list(found)) is is_apart


def test_titles_are_not_certain_to_be_text() -> None:
    """However likely they are by themselves: a list of links has many."""
    page = view(LONG, LONG, *["Menu"] * 9, *["Ferry returns"] * 3)
    assert list(find_apart(page, evidence([3.0] * 14), [0, 1, 11, 12, 13], None)) == [11, 12, 13]


@pytest.mark.parametrize(
    ("gap", "odds", "apart"), [(13, 1.5, []), (13, 1.4, [15, 16]), (14, 1.5, [15, 16])], ids=["so", "unsure", "far"]
)
def test_what_is_certain_enough_stays_below_a_box(gap: int, odds: float, apart: list[int]) -> None:
    """An article's last paragraphs are few, and a box of links above them takes a dozen lines."""
    page = view(LONG, LONG, *["Menu"] * gap, SHORT, SHORT)
    first = gap + 2
    found = list(find_apart(page, evidence([3.0, 3.0, *[-1.0] * gap, odds, odds]), [0, 1, first, first + 1], None))
    assert found == [index + gap - 13 for index in apart]


def test_above_the_body_only_what_stands_above_the_headline_is_none_of_it() -> None:
    """Below it stands the summary, and many buttons may follow that."""
    page = view(SHORT, *["Menu"] * 20, TITLE, SHORT, *["Menu"] * 20, LONG, LONG)
    assert list(find_apart(page, evidence([3.0] * 45), [0, 22, 43, 44], 21)) == [0]


def test_nothing_is_apart_where_there_is_no_body() -> None:
    """No lines, and lines of which none is likely."""
    page = view(SHORT, *["Menu"] * 20, SHORT)
    assert not list(find_apart(page, evidence([]), [], None))
    assert not list(find_apart(page, evidence([-1.0] * 22), [0, 21], None))
