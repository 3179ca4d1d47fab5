"""Deduplication within one page."""

from worker import ids
from worker.dedup.page import PageStory, Relations, relate
from worker.dedup.reading import key
from worker.dedup.tails import Source
from worker.split.model import RelatedItem

MAIN = "a" * 32
EMBEDDED = "b" * 32
PAGE = "c" * 32
SEEN_AT = "2025-02-27T01:36:37Z"


def related(*headlines: str, stories: tuple[PageStory, ...] = ()) -> Relations:
    """Relate a list of headlines on a page with these stories."""
    items = [RelatedItem(headline, 0, 1, f"https://example.org/{n}") for n, headline in enumerate(headlines)]
    return relate(items, stories, page_id=PAGE, url="https://example.org/page", seen_at=SEEN_AT, language="en")


def test_each_distinct_headline_is_listed_once_in_page_order() -> None:
    """A repeat leaves no entry, and positions count the raw items of the list."""
    entries = related("Bridge opens", "Ferry stops", "BRIDGE OPENS!", "Port grows").related
    assert [(entry.headline, entry.position) for entry in entries] == [
        ("Bridge opens", 0),
        ("Ferry stops", 1),
        ("Port grows", 3),
    ]
    assert [entry.url for entry in entries] == [f"https://example.org/{n}" for n in (0, 1, 3)]


def test_entries_carry_the_id_of_their_key() -> None:
    """`headline_id` and the page's `canonical_id` come from the key."""
    (entry,) = related("Bridge opens").related
    assert entry.headline_id == entry.canonical_id == ids.headline_id(key("bridge opens"))
    assert (entry.verdict, entry.story_id) == ("new", None)


def test_tags_and_sources_do_not_make_another_headline() -> None:
    """An urgent tag, the newspaper's name and a cut mark leave a repeat a repeat, and a story's headline its own."""
    stories = (PageStory(MAIN, "Port grows for a third year"),)
    relations = related(
        "Harbour bridge opens early - BBC News",
        "BREAKING: Harbour bridge opens early",
        "Port grows for a third year | Reuters",
        "Harbour bridge opens early - mayor",
        stories=stories,
    )
    assert [(entry.position, entry.verdict) for entry in relations.related] == [
        (0, "new"),
        (2, "same_as_story"),
        (3, "new"),
    ]
    assert [one.page_match for one in relations.sightings] == [None, None, "normalised", "normalised", "near"]


def test_a_story_of_the_page_is_named_by_its_entry() -> None:
    """The page's main and embedded headlines are `same_as_story`, with the story's id and a reason that says how."""
    stories = (PageStory(MAIN, "Port grows"), PageStory(EMBEDDED, "Ferry stops"))
    entries = related("Ferry stops", "“Port grows”", "Bridge opens", stories=stories).related
    assert [(entry.verdict, entry.story_id) for entry in entries] == [
        ("same_as_story", EMBEDDED),
        ("same_as_story", MAIN),
        ("new", None),
    ]
    assert entries[0].reason == "word for word the headline of a story on this page"
    assert entries[1].reason == "the headline of a story on this page, spelled, punctuated or tagged differently"


def test_every_item_of_the_list_is_a_sighting() -> None:
    """Repeats are reported with their verdict, so that each gets its mention."""
    sightings = related(
        "Ferry stops", "Ferry stops", "ferry stops", stories=(PageStory(MAIN, "Ferry Stops"),)
    ).sightings
    assert [(s.in_list, s.position, s.page_verdict, s.page_match) for s in sightings] == [
        (False, 0, None, None),
        (True, 0, "same_as_story", "normalised"),
        (True, 1, "repeat_in_page", "exact"),
        (True, 2, "repeat_in_page", "normalised"),
    ]
    assert {s.story_id for s in sightings} == {MAIN}


def test_a_sighting_tells_where_and_when() -> None:
    """Page, URL, language and event time travel with the headline as shown."""
    (sighting,) = related("\u200fBridge  opens").sightings
    assert sighting.headline == "Bridge opens"
    assert (sighting.page_id, sighting.url) == (PAGE, "https://example.org/page")
    assert (sighting.language, sighting.seen_at) == ("en", SEEN_AT)


def test_a_page_of_nine_related_headlines_and_two_stories_has_ten_headlines() -> None:
    """The shape of the sample page: the first of nine items is the embedded story, ten headlines in all."""
    nine = ["Embedded story", *[f"Other news {n}" for n in range(8)]]
    stories = (PageStory(MAIN, "Main story"), PageStory(EMBEDDED, "Embedded story"))
    relations = related(*nine, stories=stories)
    assert len(relations.related) == 9
    assert sum(sighting.in_list for sighting in relations.sightings) == 9
    assert len({sighting.headline_id for sighting in relations.sightings}) == 10


def test_stories_without_a_headline_and_items_that_show_nothing_are_no_headlines() -> None:
    """They give neither entry nor sighting, and the item still counts as a place."""
    relations = related("\u200f", "Bridge opens", stories=(PageStory(MAIN, None),))
    assert [entry.position for entry in relations.related] == [1]
    assert len(relations.sightings) == 1


def test_two_stories_of_one_headline_are_named_by_the_first() -> None:
    """The first story of the page owns the headline that both print."""
    stories = (PageStory(MAIN, "Ferry stops"), PageStory(EMBEDDED, "Ferry stops!"))
    (entry,) = related("Ferry stops", stories=stories).related
    assert entry.story_id == MAIN


def test_an_empty_page_relates_nothing() -> None:
    """No items and no stories give no entries and no sightings."""
    assert related() == Relations((), ())


BRIDGE = "Bridge at Harlow reopens after repairs"


def printed(*headlines: tuple[str, str | None]) -> Relations:
    """Return what a page relates that lists headlines with these sources."""
    return relate(
        [RelatedItem(headline, 0, 1, source) for headline, source in headlines],
        (),
        page_id=PAGE,
        url=None,
        seen_at=SEEN_AT,
        language="en",
        source_of=lambda url: Source(url, None) if url else None,
    )


def test_names_that_two_sources_bear_do_not_part_a_headline() -> None:
    """What the two domains say is enough on one page, and the reason tells it; an unknown name parts."""
    named = (f"{BRIDGE} | Qux", "qux.example"), (f"{BRIDGE} | Blorb", "blorb.example")
    found = printed(*named, (f"{BRIDGE} | Rimley", "other.example")).sightings
    assert [one.page_verdict for one in found[:2]] == [None, "repeat_in_page"]
    assert (found[1].page_reason or "").endswith("without “blorb” of blorb.example, “qux” of qux.example")
    assert [one.source for one in found] == ["qux.example", "blorb.example", "other.example"]
    assert len({one.headline_id for one in found}) == 3


def test_sections_of_one_source_stay_apart_on_its_page() -> None:
    """As they do in the stream: one is its name, the other a town of it."""
    found = printed((f"{BRIDGE} | Varden", "qux.example"), (f"{BRIDGE} | Qux", "qux.example"))
    assert [one.page_verdict for one in found.sightings] == [None, None]
    assert len({one.canonical_id for one in found.related}) == 2
