"""Splitting takes time in proportion to a page's length, on pages that are made to cost much as well."""

import gc
import time

import pytest

from worker.split import split

LENGTH = 60_000
"""Characters of the short page; the long one has `TIMES` as many."""

TIMES = 4
MOST = 2 * TIMES
"""Largest ratio of the two times. Time squared would make 16; of proportional time a noisy machine makes up to 6."""

MOST_TRIES = 3
"""Turns on each page, of which one must do: another program on the machine can slow one."""

LEAST_SECONDS = 0.02
"""A short page that takes less is as quick as it need be: its ratio says little."""

PROSE = "The council approved a plan on Monday that will close the old bridge for two years, officials said. "
LINES = "Short.\n" * 40
"""Enough of them for all lines to be weighed."""

TEXTS = (
    *("x", "Ab ", "Photo: Reuters via Getty ", "ab\n", "Ann Reed, Photo: Getty via Reuters\n", "Read also:\n"),
    *("Published on May 4, 2026 at 9:30 am\n", f"On May 4, 2026 at 9:30 am\n{PROSE}\n", f"Two words | {PROSE[:40]}\n"),
    *("Follow us and read also the most read news\n", "• Ferry returns\n", f"Zqxj wvkz pqhz bcxv\n{PROSE.lower()}\n"),
)
MARKUP = (
    *("<div>", "<div>a", "<a href=x><b>y", "<ul><li>x", f"<article><p>{PROSE}", "<i>a</i> ", "<p title='<>'>a"),
    "<script>a<b</script>c",
)


@pytest.mark.parametrize("unit", TEXTS)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(unit: str) -> None:
    """Whatever it repeats, in one line or in many."""
    short, long = (LINES + unit * (length // len(unit)) for length in (LENGTH, TIMES * LENGTH))
    assert _is_linear(short, long, "text/plain")


@pytest.mark.parametrize("unit", MARKUP)
def test_markup_four_times_as_long_takes_about_four_times_as_long(unit: str) -> None:
    """However deep it nests, and whatever it leaves open."""
    short, long = (unit * (length // len(unit)) for length in (LENGTH, TIMES * LENGTH))
    assert _is_linear(short, long, "text/html")


LONG_NAME = 20
"""A name's part of a page, in lengths of the other pages."""


@pytest.mark.parametrize("opening", ['<div class="{}">', "<{}>"], ids=["class", "tag"])
def test_a_name_of_megabytes_around_many_lines_is_not_read_for_each(opening: str) -> None:
    """Nor is it compared for each with that of another element."""
    short, long = (2 * _around_lines(opening, length) for length in (LENGTH, TIMES * LENGTH))
    assert _is_linear(short, long, "text/html")


def _around_lines(opening: str, length: int) -> str:
    return opening.format("related-card-" * (LONG_NAME * length // 26)) + "<p>a b c" * (length // 16) + "</div>"


def _is_linear(short: str, long: str, content_type: str) -> bool:
    turns = ((_seconds(short, content_type), _seconds(long, content_type)) for _ in range(MOST_TRIES))
    return any(many < MOST * max(one, LEAST_SECONDS) for one, many in turns)


def _seconds(content: str, content_type: str) -> float:
    """Return the time of the thread alone, without that for looking through whatever else the process holds."""
    gc.collect()
    gc.disable()
    try:
        started = time.thread_time()
        split(content, content_type)
        return time.thread_time() - started
    finally:
        gc.enable()
