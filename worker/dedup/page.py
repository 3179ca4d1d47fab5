"""Deduplication within one page.

In: the related list as the splitter found it and the page's stories. Out: the story record's `related` entries, one for
each distinct headline, and the sightings for the dedupe half. It knows nothing of other pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.story import Related
from worker import ids
from worker.dedup.normalise import as_shown, key_of_shown
from worker.dedup.sighting import HeadlineSighting, PageMatch, PageVerdict
from worker.split.model import RelatedItem

REASONS: dict[tuple[str, PageMatch | None], str] = {
    ("new", None): "on this page the headline stands only in the related list",
    ("same_as_story", "exact"): "word for word the headline of a story on this page",
    ("same_as_story", "normalised"): "the headline of a story on this page, spelled or punctuated differently",
    ("repeat_in_page", "exact"): "word for word an earlier entry of the same list",
    ("repeat_in_page", "normalised"): "an earlier entry of the same list, spelled or punctuated differently",
}
"""What the page alone tells of a headline, by verdict and match, in words for an analyst."""


@dataclass(frozen=True, slots=True)
class PageStory:
    """A story of the page, and its headline as printed."""

    story_id: str
    headline: str | None


@dataclass(frozen=True, slots=True)
class Relations:
    """`related` in page order; `sightings`: the stories' own headlines in page order, then every item of the list."""

    related: tuple[Related, ...]
    sightings: tuple[HeadlineSighting, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    page_id: str
    url: str | None
    seen_at: str
    language: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A headline met earlier on the page: its form as shown, and the story it belongs to, if any."""

    shown: str
    story_id: str | None
    in_list: bool


def relate(
    items: Sequence[RelatedItem],
    stories: Iterable[PageStory],
    *,
    page_id: str,
    url: str | None,
    seen_at: str,
    language: str,
) -> Relations:
    """Tell each related headline's place on its page, and report every sighting.

    An entry's `position` is that of its first occurrence among the list's raw items, counted from 0 with repeats, so
    that it is also the `position` of that occurrence's mention. `url` and `language` are the page's. An item that shows
    nothing is no headline and only counts as a place.
    """
    page = _Page(page_id, url, seen_at, language)
    own = _own_headlines(stories, page)
    listed = _listed_headlines(items, own, page)
    related = tuple(
        _entry(sighting, items[sighting.position].url)
        for sighting in listed
        if sighting.page_verdict != "repeat_in_page"
    )
    return Relations(related, (*own, *listed))


def _own_headlines(stories: Iterable[PageStory], page: _Page) -> list[HeadlineSighting]:
    shown = [(position, story, as_shown(story.headline or "")) for position, story in enumerate(stories)]
    return [
        _sighting(page, _headline_id(headline), headline, position, in_list=False, story_id=story.story_id)
        for position, story, headline in shown
        if headline
    ]


def _listed_headlines(
    items: Sequence[RelatedItem], own: Iterable[HeadlineSighting], page: _Page
) -> list[HeadlineSighting]:
    known: dict[str, _Known] = {}
    for sighting in own:
        known.setdefault(sighting.headline_id, _Known(sighting.headline, sighting.story_id, in_list=False))
    sightings = []
    for position, item in enumerate(items):
        headline = as_shown(item.headline)
        if headline:
            sighting = _listed(page, headline, position, known)
            sightings.append(sighting)
            if sighting.page_verdict != "repeat_in_page":
                known[sighting.headline_id] = _Known(headline, sighting.story_id, in_list=True)
    return sightings


def _listed(page: _Page, headline: str, position: int, known: dict[str, _Known]) -> HeadlineSighting:
    headline_id = _headline_id(headline)
    earlier = known.get(headline_id)
    if earlier is None:
        return _sighting(page, headline_id, headline, position, in_list=True, story_id=None)
    return _sighting(
        page,
        headline_id,
        headline,
        position,
        in_list=True,
        story_id=earlier.story_id,
        verdict="repeat_in_page" if earlier.in_list else "same_as_story",
        match=match_of(headline, earlier.shown),
    )


def match_of(headline: str, other: str) -> PageMatch:
    """Return how two headlines of one key match, both given as shown."""
    return "exact" if headline == other else "normalised"


def _sighting(
    page: _Page,
    headline_id: str,
    headline: str,
    position: int,
    *,
    in_list: bool,
    story_id: str | None,
    verdict: PageVerdict | None = None,
    match: PageMatch | None = None,
) -> HeadlineSighting:
    return HeadlineSighting(
        headline_id=headline_id,
        headline=headline,
        language=page.language,
        page_id=page.page_id,
        url=page.url,
        position=position,
        seen_at=page.seen_at,
        in_list=in_list,
        page_verdict=verdict,
        page_match=match,
        story_id=story_id,
    )


def _headline_id(headline: str) -> str:
    return ids.headline_id(key_of_shown(headline))


def _entry(sighting: HeadlineSighting, url: str | None) -> Related:
    verdict = "new" if sighting.page_verdict is None else "same_as_story"
    return Related(
        headline=sighting.headline,
        headline_id=sighting.headline_id,
        canonical_id=sighting.headline_id,
        position=sighting.position,
        url=url,
        story_id=sighting.story_id,
        verdict=verdict,
        reason=REASONS[verdict, sighting.page_match],
    )
