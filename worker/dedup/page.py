"""Deduplication within one page.

In: the related list as the splitter found it and the page's stories. Out: the story record's `related` entries, one for
each distinct headline, and the sightings for the dedupe half. Headlines are the same when `reading.key` says so: as
shown they may differ in spelling, in urgent tags and in the newspaper's name. Those that are near to one another
(`kin`) keep their entries and share a `canonical_id`, the smallest id among them. It knows nothing of other pages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.story import Related
from worker import ids
from worker.dedup.kin import MOST_HEADLINES, Group, find_groups
from worker.dedup.normalise import as_shown
from worker.dedup.reading import key
from worker.dedup.sighting import HeadlineSighting, PageMatch, PageVerdict
from worker.dedup.tails import Source, find_tail
from worker.dedup.told import Told, tell
from worker.split.model import RelatedItem

REASONS: dict[tuple[str, PageMatch | None], str] = {
    ("new", None): "on this page the headline stands only in the related list",
    ("same_as_story", "exact"): "word for word the headline of a story on this page",
    ("same_as_story", "normalised"): "the headline of a story on this page, spelled, punctuated or tagged differently",
    ("same_as_story", "near"): "near the headline of a story on this page",
    ("repeat_in_page", "exact"): "word for word an earlier entry of the same list",
    ("repeat_in_page", "normalised"): "an earlier entry of the same list, spelled, punctuated or tagged differently",
    ("repeat_in_page", "near"): "near another entry of the list",
}
"""What the page alone tells of a headline, by verdict and match, in words for an analyst."""


SourceOf = Callable[[str | None], Source | None]
"""Returns who printed a headline that leads to a URL; for None, who printed the page."""


def unsourced(_: str | None) -> None:
    """Know nobody who prints headlines."""


@dataclass(frozen=True, slots=True)
class PageStory:
    """A story of the page, and its headline as printed; `headline_id` where the caller has made it already."""

    story_id: str
    headline: str | None
    headline_id: str | None = None


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
    source_of: SourceOf


@dataclass(frozen=True, slots=True)
class _Headline:
    """A headline in its place: of a story of the page, whose id it has, or of the list.

    It has a source where something stands behind it that may be the source's name.
    """

    headline_id: str
    shown: str
    position: int
    story_id: str | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class _Kin:
    """What a headline is near to: its group's id and story, whether the list has it first, score and reason."""

    canonical_id: str
    story_id: str | None
    is_first: bool
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Verdict:
    verdict: PageVerdict | None = None
    match: PageMatch | None = None
    story_id: str | None = None
    score: float | None = None
    reason: str | None = None


def relate(
    items: Sequence[RelatedItem],
    stories: Iterable[PageStory],
    *,
    page_id: str,
    url: str | None,
    seen_at: str,
    language: str,
    source_of: SourceOf = unsourced,
) -> Relations:
    """Tell each related headline's place on its page, and report every sighting.

    An entry's `position` is that of its first occurrence among the list's raw items, counted from 0 with repeats, so
    that it is also the `position` of that occurrence's mention. `url` and `language` are the page's. An item that shows
    nothing is no headline and only counts as a place. `source_of` is asked where something stands behind a headline.
    """
    page = _Page(page_id, url, seen_at, language, source_of)
    own = [_own(page, position, story) for position, story in enumerate(stories) if as_shown(story.headline or "")]
    listed = [_listed(page, position, item) for position, item in enumerate(items) if as_shown(item.headline)]
    kin = _find_kin(own, listed, language)
    told = _tell(own, listed, kin)
    return Relations(
        related=tuple(_entries(listed, told, kin, items)),
        sightings=(
            *(_sighting(page, one, _Verdict(story_id=one.story_id)) for one in own),
            *(_sighting(page, one, verdict) for one, verdict in zip(listed, told, strict=True)),
        ),
    )


def _own(page: _Page, position: int, story: PageStory) -> _Headline:
    shown = as_shown(story.headline or "")
    headline_id = story.headline_id or ids.headline_id(key(shown))
    return _Headline(headline_id, shown, position, story.story_id, _find_source(page, shown, None))


def _listed(page: _Page, position: int, item: RelatedItem) -> _Headline:
    shown = as_shown(item.headline)
    return _Headline(ids.headline_id(key(shown)), shown, position, None, _find_source(page, shown, item.url))


def _find_source(page: _Page, shown: str, url: str | None) -> Source | None:
    return page.source_of(url) if find_tail(shown, page.language) else None


def _find_kin(own: Sequence[_Headline], listed: Sequence[_Headline], language: str) -> Mapping[str, _Kin]:
    """Return what is near to something else on the page, by id."""
    if not listed:
        return {}
    distinct: dict[str, _Headline] = {}
    for headline in (*own, *listed):
        distinct.setdefault(headline.headline_id, headline)
    headlines = list(distinct.values())[:MOST_HEADLINES]
    groups = find_groups([_told(headline, language) for headline in headlines])
    return {
        headlines[at].headline_id: _kin(headlines, group, at, first)
        for group in groups
        if (first := _first_listed(headlines, group)) is not None
        for at in group.members
    }


def _told(headline: _Headline, language: str) -> Told:
    """Return a headline with the name that its source bears; what takes counting is not known on one page."""
    source_id, name = (headline.source.id, headline.source.name) if headline.source else (None, None)
    return tell(headline.shown, language, source_id, name, lambda *_: False)


def _first_listed(headlines: Sequence[_Headline], group: Group) -> int | None:
    """Return the first of a group that no story prints; None where the page's stories are near to one another only."""
    return next((at for at in group.members if headlines[at].story_id is None), None)


def _kin(headlines: Sequence[_Headline], group: Group, at: int, first: int) -> _Kin:
    stories = [headlines[one].story_id for one in group.members]
    link = group.links[at]
    other = headlines[link.other]
    where = "the headline of a story on this page" if other.story_id else f"the list's entry at {other.position}"
    return _Kin(
        canonical_id=min(headlines[one].headline_id for one in group.members),
        story_id=next(filter(None, stories), None),
        is_first=at == first,
        score=link.comparison.score,
        reason=f"near {where}: {link.comparison.reason}",
    )


def _tell(own: Iterable[_Headline], listed: Iterable[_Headline], kin: Mapping[str, _Kin]) -> list[_Verdict]:
    """Return what the page tells of each item of its list."""
    printed: dict[str, _Headline] = {}
    for headline in own:
        printed.setdefault(headline.headline_id, headline)
    seen: dict[str, tuple[_Headline, _Verdict]] = {}
    verdicts = []
    for headline in listed:
        verdict = _verdict(headline, printed.get(headline.headline_id), seen.get(headline.headline_id), kin)
        seen.setdefault(headline.headline_id, (headline, verdict))
        verdicts.append(verdict)
    return verdicts


def _verdict(
    headline: _Headline, story: _Headline | None, earlier: tuple[_Headline, _Verdict] | None, kin: Mapping[str, _Kin]
) -> _Verdict:
    if earlier is not None:
        before, told = earlier
        return _Verdict("repeat_in_page", match_of(headline.shown, before.shown), told.story_id)
    if story is not None:
        return _Verdict("same_as_story", match_of(headline.shown, story.shown), story.story_id)
    near = kin.get(headline.headline_id)
    if near is None or (near.story_id is None and near.is_first):
        return _Verdict()
    verdict: PageVerdict = "same_as_story" if near.story_id else "repeat_in_page"
    return _Verdict(verdict, "near", near.story_id, near.score, near.reason)


def match_of(headline: str, other: str) -> PageMatch:
    """Return how two headlines of one key match, both given as shown."""
    return "exact" if headline == other else "normalised"


def _sighting(page: _Page, headline: _Headline, told: _Verdict) -> HeadlineSighting:
    return HeadlineSighting(
        headline_id=headline.headline_id,
        headline=headline.shown,
        language=page.language,
        page_id=page.page_id,
        url=page.url,
        position=headline.position,
        seen_at=page.seen_at,
        in_list=headline.story_id is None,
        page_verdict=told.verdict,
        page_match=told.match,
        story_id=told.story_id,
        page_score=told.score,
        page_reason=told.reason,
        source=headline.source.id if headline.source else None,
        source_name=headline.source.name if headline.source else None,
    )


def _entries(
    listed: Iterable[_Headline], told: Iterable[_Verdict], kin: Mapping[str, _Kin], items: Sequence[RelatedItem]
) -> Iterator[Related]:
    """Yield an entry for each distinct headline, where it is met first."""
    known: set[str] = set()
    for headline, verdict in zip(listed, told, strict=True):
        if headline.headline_id not in known:
            known.add(headline.headline_id)
            yield _entry(headline, items[headline.position].url, verdict, kin.get(headline.headline_id))


def _entry(headline: _Headline, url: str | None, told: _Verdict, near: _Kin | None) -> Related:
    verdict = "same_as_story" if told.verdict == "same_as_story" else "new"
    is_equal = told.match in ("exact", "normalised")
    return Related(
        headline=headline.shown,
        headline_id=headline.headline_id,
        canonical_id=near.canonical_id if near else headline.headline_id,
        position=headline.position,
        url=url,
        story_id=told.story_id,
        verdict=verdict,
        reason=near.reason if near and not is_equal else REASONS[verdict, told.match if is_equal else None],
    )
