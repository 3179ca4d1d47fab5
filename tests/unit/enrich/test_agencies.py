"""News agencies."""

import pytest

from worker.enrich.agencies import _lexicon, canonical, find_sources
from worker.enrich.passage import passage_of


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ("وكالات", "wires"),
        ("Agencies", "wires"),
        ("واس", "SPA"),
        ("د ب أ", "dpa"),
        ("(د.ب.أ)", "dpa"),
        ("أ. ف. ب.", "AFP"),
        ("«رويترز»", "Reuters"),
        ("وكالة رويترز", "Reuters"),
        ("ТАСС", "TASS"),
        ("Press Trust of India", "PTI"),
        ("الرياض", None),
        ("", None),
        ("...", None),
    ],
)
def test_a_segment_is_an_agency_however_it_is_spaced(segment: str, name: str | None) -> None:
    """Dots, blanks, marks and the word for agency do not matter; a segment that is something else is no agency."""
    assert canonical(segment) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('هذا ما نقلته وكالة أنباء "تاس" مساء.', ("TASS",)),
        ("وقال مصدر لوكالة رويترز إن الجسر مغلق.", ("Reuters",)),
        ("The minister told Reuters on Monday; the Anadolu news agency reported the same.", ("Reuters", "Anadolu")),
        ("Das teilte die Nachrichtenagentur dpa mit.", ("dpa",)),
        ("Selon l'AFP, le pont est fermé.", ("AFP",)),
        ("Об этом сообщает ТАСС.", ("TASS",)),
        ("A Reuters photographer was hurt on the bridge.", ()),
        ("The map of the city shows a tap.", ()),
        ("كان معا في وفا للعهد", ()),
    ],
)
def test_a_text_names_its_source(text: str, names: tuple[str, ...]) -> None:
    """An agency counts beside a word that makes it the source, not where the report is about it."""
    assert find_sources((passage_of(text, 0),)) == names


def test_the_lexicon_is_large_and_unambiguous() -> None:
    """At least forty agencies, and no name that means two of them."""
    agencies = _lexicon().agency
    assert len(agencies) >= 40
    seen: dict[str, str] = {}
    for agency in agencies:
        for alias in agency.aliases:
            assert seen.setdefault(alias, agency.name) == agency.name
        assert canonical(agency.aliases[0]) == agency.name
