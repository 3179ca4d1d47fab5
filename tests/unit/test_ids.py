"""Ids are made of content alone."""

import re

from worker import ids


def test_an_id_is_32_hexadecimal_digits() -> None:
    """Every id has the form that the schemas demand."""
    made = (ids.page_id("c", "text/plain", None, None), ids.content_id("k", "p"), ids.story_id("c", "u"))
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in (*made, ids.headline_id("k")))


def test_moving_text_between_parts_changes_the_id() -> None:
    """A headline's end is not the body's beginning, whatever stands at the boundary."""
    assert ids.content_id("ab", "c") != ids.content_id("a", "bc")
    assert ids.content_id("a", "1:b") != ids.content_id("a1:", "b")
    assert ids.page_id("a", "text/plain", "b", None) != ids.page_id("a", "text/plain", None, "b")


def test_paragraphing_does_not_change_the_content() -> None:
    """The same words in one paragraph or in two are the same content."""
    assert ids.content_id("k", "one two\n\nthree") == ids.content_id("k", "one two three")


def test_kinds_of_ids_never_meet() -> None:
    """A headline and a story's content of the same text have different ids."""
    assert ids.headline_id("k") != ids.content_id("k", "")


def test_a_lone_surrogate_has_an_id() -> None:
    """A character that UTF-8 cannot hold does not stop a page."""
    assert len(ids.headline_id("\ud800")) == 32


def test_ids_stay_the_same_from_release_to_release() -> None:
    """A changed id would publish the whole archive anew: these are fixed for version 1."""
    assert ids.headline_id("ferry to run") == "7ebdb50b46af16a6c1317296a7b74ff0"
    assert ids.page_id("page", "text/plain", "https://news.example/1", "7") == "fbc67c1f38a27f78363f84320785ef69"
