"""Datelines, standing and in the opening words."""

from datetime import date

import pytest

from worker.enrich.dateline import Context, read_line, read_opening

CONTEXT = Context(("الضفة نت",), "ar", date(2025, 2, 27))


@pytest.mark.parametrize(
    ("line", "publisher", "places", "agencies"),
    [
        ("الضفة / موسكو / وكالات", "الضفة", ["موسكو"], ["wires"]),
        ("واشنطن (وكالات)", None, ["واشنطن"], ["wires"]),
        ("القاهرة - واس", None, ["القاهرة"], ["SPA"]),
        ("واس - مكة المكرمة", None, ["مكة المكرمة"], ["SPA"]),
        ("بروكسل : (د ب أ)", None, ["بروكسل"], ["dpa"]),
        ("جدة-الضفة- واس:", "الضفة", ["جدة"], ["SPA"]),
        ("«الضفة» من الرياض", "الضفة", ["الرياض"], []),
        ("رويترز", None, [], ["Reuters"]),
        ("LONDON (Reuters) -", None, ["LONDON"], ["Reuters"]),
    ],
)
def test_standing_lines_are_read_by_their_segments(
    line: str, publisher: str | None, places: list[str], agencies: list[str]
) -> None:
    """Publisher, places and agencies, in whatever order and with whatever marks between them."""
    dateline = read_line(line, CONTEXT).dateline
    assert (dateline.publisher, dateline.places, dateline.agencies) == (publisher, places, agencies)
    assert dateline.raw == line


@pytest.mark.parametrize(
    ("line", "places", "writers"),
    [
        ("نابلس - سامر الحلبي", ["نابلس"], ("سامر الحلبي",)),
        ("سامر الحلبي - نابلس", ["نابلس"], ("سامر الحلبي",)),
        ("مكة المكرمة - سامر الحلبي", ["مكة المكرمة"], ("سامر الحلبي",)),
        ("كتب - سامر الحلبي:", [], ("سامر الحلبي",)),
    ],
)
def test_writers_are_told_from_places(line: str, places: list[str], writers: tuple[str, ...]) -> None:
    """Beside a place a name of two words is a writer, unless it opens as places do."""
    filed = read_line(line, CONTEXT)
    assert (filed.dateline.places, filed.writers) == (places, writers)


def test_a_paper_named_after_its_city_is_the_city_beside_an_agency() -> None:
    """In "الرياض - واس" the city is meant, in "الرياض - أبها" the paper."""
    context = Context(("صحيفة الرياض",), "ar", None)
    assert read_line("الرياض - واس", context).dateline.places == ["الرياض"]
    assert read_line("الرياض - أبها", context).dateline.publisher == "الرياض"


def test_a_dateline_may_hold_a_date() -> None:
    """A day without its year is resolved against the page's own day."""
    dateline = read_line("BERLIN, Feb 27 (AFP)", Context((), "en", date(2025, 3, 1))).dateline
    assert (dateline.places, dateline.agencies, dateline.date) == (["BERLIN"], ["AFP"], "2025-02-27")


@pytest.mark.parametrize(
    ("paragraph", "raw", "places", "agencies"),
    [
        ("LONDON (Reuters) - The bridge is shut.", "LONDON (Reuters)", ["LONDON"], ["Reuters"]),
        ("BERLIN, Feb 27 (AFP) - The bridge is shut.", "BERLIN, Feb 27 (AFP)", ["BERLIN"], ["AFP"]),
        ("Köln (dpa) - Die Brücke ist gesperrt.", "Köln (dpa)", ["Köln"], ["dpa"]),
        ("القاهرة - واس: أغلقت البلدية الجسر.", "القاهرة - واس", ["القاهرة"], ["SPA"]),
        ("بروكسل (د ب أ) أغلقت البلدية الجسر.", "بروكسل (د ب أ)", ["بروكسل"], ["dpa"]),
        ("MOSCOW, February 27. /TASS/. The bridge is shut.", "MOSCOW, February 27. /TASS/.", ["MOSCOW"], ["TASS"]),
        ("SPRINGFIELD — The bridge is shut.", "SPRINGFIELD", ["SPRINGFIELD"], []),
    ],
)
def test_opening_words_are_a_dateline(paragraph: str, raw: str, places: list[str], agencies: list[str]) -> None:
    """A place and an agency, or a place in capitals before a dash, open the first paragraph."""
    filed = read_opening(paragraph, Context((), "en", date(2025, 2, 28)))
    assert filed is not None
    dateline = filed.dateline
    assert (dateline.raw, dateline.places, dateline.agencies) == (raw, places, agencies)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The bridge (built 1901) is shut.",
        "The mayor told Reuters - again - that the bridge is shut.",
        "أغلقت البلدية الجسر، وقالت وكالات الأنباء إن العمل بدأ.",
        "Reuters reported that the bridge is shut.",
        "",
    ],
)
def test_other_opening_words_are_none(paragraph: str) -> None:
    """A sentence that names an agency is no dateline."""
    assert read_opening(paragraph, CONTEXT) is None
