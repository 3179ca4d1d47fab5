"""Stories that were taken down."""

import orjson
import pytest
from stream import Stream

from worker.decode import Limits, RawMessage
from worker.dedup.sighting import StorySighting
from worker.pipeline import Context, Processed, process
from worker.retraction import BLACK, redact, withhold, withhold_copies

TEXT = """Ferry to the islands runs through winter

The ferry will run through the winter for the first time, the ministry said on Tuesday.

Two boats built for ice will carry post and passengers, it said in a statement.

Read also:

Old lighthouse becomes a school for sailors

The lighthouse above the harbour opens as a school for sailors next year, the council said.

Teachers have been found for all three classes, and the first pupils come in May.

Related articles

• Two ice-class vessels launched
• Harbour wall is to be raised
"""

HTML = (
    "<html><body><h1>Ferry runs through winter</h1><p>The ferry will run through the winter, it said.</p></body></html>"
)


def processed(content: str = TEXT, content_type: str = "text/plain") -> Processed:
    """Return a page's records."""
    value = orjson.dumps({"content": content, "content_type": content_type, "url": "https://example.org/1"})
    result = process(RawMessage(value, None, 0), Context(Limits(10**6, 1000, 32)))
    assert isinstance(result, Processed)
    return result


def test_a_page_without_refused_stories_is_the_same_page() -> None:
    """Nothing is copied where nothing is refused."""
    page = processed()
    assert withhold(page, frozenset({"0" * 32})) is page


@pytest.mark.parametrize("refused", [0, 1])
def test_a_refused_story_is_withheld_and_the_others_stay_as_they_were(refused: int) -> None:
    """Main or embedded: the other's record is the same bytes, and the block map is whole."""
    page = processed()
    assert [story.kind for story in page.stories] == ["main", "embedded"]
    gone, stays = page.stories[refused], page.stories[1 - refused]
    left = withhold(page, {gone.story_id})
    assert left.stories == (stays,)
    assert left.page.blocks == page.page.blocks
    assert (left.page.stories, left.outcome) == ([stays.story_id], "published")
    assert {one.story_id for one in left.sightings if isinstance(one, StorySighting)} == {stays.story_id}


def test_the_headlines_that_a_refused_storys_page_lists_stay() -> None:
    """They are other people's stories; its own headline goes."""
    page = processed()
    left = withhold(page, {page.stories[0].story_id})
    headlines = {getattr(one, "headline", None) for one in left.sightings}
    assert {"Two ice-class vessels launched", "Harbour wall is to be raised"} <= headlines
    assert "Ferry to the islands runs through winter" not in headlines


def test_a_page_with_nothing_left_has_no_story() -> None:
    """Its map is kept, its outcome says so."""
    page = processed()
    left = withhold(page, {story.story_id for story in page.stories})
    assert (left.stories, left.outcome, left.page.stories) == ((), "no_story", [])
    assert left.page.blocks == page.page.blocks


def test_the_text_of_an_html_page_is_blacked_out() -> None:
    """Each character by one, so that offsets stay right; done twice it is the same."""
    page = processed(HTML, "text/html").page
    assert page.text is not None
    black = redact(page, set(page.stories))
    assert black.text is not None
    assert len(black.text) == len(page.text)
    assert not set(black.text) - {BLACK} - set(" \n")
    assert redact(black, set(page.stories)) == black
    assert redact(page, {"0" * 32}).text == page.text


def test_copies_of_refused_stories_are_not_announced_again() -> None:
    """The state still knows them: when their original comes late it would announce them all."""
    ids = [str(number) * 32 for number in range(4)]
    sightings = [StorySighting(one, "c" * 32, one, None, f"2025-03-0{n + 1}T00:00:00Z") for n, one in enumerate(ids)]
    decision = Stream().take_all(sightings[1:]).take(sightings[0])
    assert [copy.story_id for copy in decision.copies] == ids
    left = withhold_copies(decision, {ids[0], ids[2]})
    assert [copy.story_id for copy in left.copies] == [ids[1], ids[3]]
    assert withhold_copies(decision, set()) is decision
