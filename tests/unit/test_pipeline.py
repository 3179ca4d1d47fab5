"""The spine: what holds for the records of a page as a whole."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import orjson
import pytest
from stream import Stream

from worker.deadline import within
from worker.decode import Limits, RawMessage
from worker.dedup.body import as_text, sketch
from worker.dedup.sighting import HeadlineSighting, StorySighting, decode, encode
from worker.errors import Permanent
from worker.pipeline import Context, Processed, Skipped, process

CONTEXT = Context(Limits(max_message_bytes=1_000_000, max_lines=10_000, max_depth=32))

BODY = "The harbour of Eastmere reopened on Tuesday after the storm, and the first ferry left at noon."
LIST = "Related articles\n\n- Storm passes the coast\n- Ferry leaves at noon\n"
PAGE = f"Harbour reopens after the storm\n\n{BODY}\n\n{LIST}"


def read(content: str, **fields: object) -> Processed:
    """Process a raw article."""
    value = orjson.dumps({"content": content, **fields})
    result = process(RawMessage(value, None, timestamp_ms=1_741_083_300_000), CONTEXT)
    assert isinstance(result, Processed)
    return result


def test_a_tombstone_is_skipped() -> None:
    """A null value is no page and no error."""
    assert process(RawMessage(None, None, 0), CONTEXT) == Skipped("tombstone")


def test_the_scrapers_id_is_echoed_on_page_and_stories() -> None:
    """`raw_id` is the raw message's `id`."""
    result = read(PAGE, id="feed-17")
    assert result.page.raw_id == "feed-17"
    assert [story.raw_id for story in result.stories] == ["feed-17"]


def test_content_keeps_its_id_wherever_it_stands() -> None:
    """Two papers with the same story share `content_id` and differ in `story_id` and `page_id`."""
    one, other = (read(PAGE, url=f"https://{paper}.example/a").stories[0] for paper in ("post", "courier"))
    assert one.content_id == other.content_id
    assert one.story_id != other.story_id
    assert one.page_id != other.page_id


def test_tracking_parameters_do_not_make_another_story() -> None:
    """`story_id` comes of the canonical URL."""
    plain, tracked = (read(PAGE, url=f"https://post.example/a{query}").stories[0] for query in ("", "?utm_source=x"))
    assert plain.story_id == tracked.story_id
    assert plain.page_id != tracked.page_id


def test_a_storys_sighting_tells_of_its_body_and_its_place() -> None:
    """By which copies and later versions of it are known: the body's sketch, and the page's canonical URL."""
    result = read(PAGE, url="https://post.example/a?utm_source=x")
    [sighted] = [one for one in result.sightings if isinstance(one, StorySighting)]
    assert sighted.story_id == result.stories[0].story_id
    assert sighted.url == "https://post.example/a?utm_source=x"
    assert sighted.canonical_url == result.stories[0].canonical_url == "https://post.example/a"
    assert sighted.sketch == as_text(sketch(BODY))


def test_blank_space_inside_paragraphs_does_not_make_other_content() -> None:
    """A second blank between two words leaves `content_id` as it is."""
    assert (
        read(PAGE).stories[0].content_id
        == read(PAGE.replace("Eastmere reopened", "Eastmere  reopened")).stories[0].content_id
    )


def test_links_of_related_headlines_are_whole_urls() -> None:
    """A relative link is joined to the page's URL."""
    html = (
        f"<html><body><h1>Harbour reopens after the storm</h1><p>{BODY}</p>"
        '<h3>Related articles</h3><ul><li><a href="/storm">Storm passes the coast</a></li>'
        '<li><a href="https://[">Ferry leaves at noon</a></li></ul></body></html>'
    )
    related = read(html, content_type="text/html", url="https://post.example/a").stories[0].related
    assert [entry.url for entry in related] == ["https://post.example/storm", "https://["]


def test_a_headline_with_a_tail_tells_who_printed_it() -> None:
    """The domain that it leads to, else the page's publisher, whose name is known too; others tell nothing."""
    html = (
        '<html><head><meta property="og:site_name" content="The Evening Post"></head>'
        f"<body><h1>Harbour reopens after the storm | Evening</h1><p>{BODY}</p><h3>Related articles</h3><ul>"
        '<li><a href="/storm">Storm passes the coast | Evening</a></li>'
        '<li><a href="https://www.quxtimes.co.uk/1">Ferry leaves at noon again | Qux</a></li>'
        '<li><a href="https://www.quxtimes.co.uk/2">Ferry leaves at noon again - Reuters</a></li>'
        "</ul></body></html>"
    )
    sightings = read(html, content_type="text/html", url="https://evening.post.com/a").sightings
    found = [(one.source, one.source_name) for one in sightings if isinstance(one, HeadlineSighting)]
    own = "post.com", "The Evening Post"
    assert found == [own, own, ("quxtimes.co.uk", None), (None, None)]


def test_a_publisher_without_a_domain_goes_by_its_name() -> None:
    """And nobody is the source of a page that names none."""
    page = f"Harbour reopens after the storm | Evening\n\n{BODY}\n"
    for source in ("Evening Post", None):
        (sighting, _) = read(page, source=source).sightings
        assert isinstance(sighting, HeadlineSighting)
        assert (sighting.source, sighting.source_name) == (source, source)


@pytest.mark.parametrize("odd", ["&#xD800;", "\\u0000", "x" * 5000, "\u200f"])
def test_a_source_is_whatever_a_record_can_hold(odd: str) -> None:
    """Lone surrogates, signs that nobody sees and endless names, of the site and of a link's domain, stop no page."""
    html = (
        f'<html><head><meta property="og:site_name" content="Post {odd}"></head>'
        f"<body><h1>Harbour reopens after the storm | Evening</h1><p>{BODY}</p><h3>Related articles</h3><ul>"
        f'<li><a href="https://qux{odd}.com/1">Storm passes the coast | Evening</a></li></ul></body></html>'
    )
    for url in ("https://evening.post.com/a", None):
        own, listed, _ = read(html, content_type="text/html", url=url).sightings
        assert all(decode(encode(one)) == one for one in (own, listed))
        Stream().take_all([own, listed])


def test_a_story_that_stands_twice_on_a_page_is_one_record() -> None:
    """Two embedded copies of one article share their id; it is published once and both places are in the block map."""
    article = "The lighthouse above the harbour will open as a school for sailors next year."
    copy = f"Read also:\n\nOld lighthouse becomes a school\n\n{article}\n\n"
    result = read(f"Harbour reopens after the storm\n\n{BODY}\n\n{BODY} Again.\n\n{copy}{copy}")
    ids = [story.story_id for story in result.stories]
    assert len(ids) == len(set(ids))
    assert result.page.stories == ids


def test_a_page_without_a_story_says_so() -> None:
    """A page of nothing but a list of links has the outcome `no_story` and no story."""
    result = read(LIST)
    assert (result.outcome, result.stories) == ("no_story", ())


def test_every_stage_is_announced_once() -> None:
    """The caller can time decode, split, enrich and assemble, in this order."""
    seen: list[str] = []

    class Watch:
        def __init__(self, stage: str) -> None:
            seen.append(stage)

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    process(RawMessage(orjson.dumps({"content": PAGE}), None, 0), Context(CONTEXT.limits, Watch))
    assert seen == ["decode", "split", "enrich", "assemble"]


def live_blog(entries: int) -> dict[str, object]:
    """Return a page of many stories, each with a time of its own."""
    entry = "{hour}:{minute:02d}\nHeadline {number} of the port\n{body}\n\n"
    parts = [entry.format(hour=n // 60 % 24, minute=n % 60, number=n, body=BODY) for n in range(3 * entries)]
    return {"content": "Live blog\n\n" + "".join(parts)}


def speakers(count: int) -> dict[str, object]:
    """Return a story in which everybody speaks once, half of them by one name only."""
    said = '"We have waited long enough for boat {n}," said {name}{n}.\n\n'
    parts = [said.format(n=n, name=name) for n in range(count) for name in ("Ida Holm", "Reyes")]
    return {"content": "Everybody speaks\n\n" + "".join(parts)}


def links(count: int) -> dict[str, object]:
    """Return a list of relative links on a page whose URL is as long."""
    entries = "".join(f"<li><a href=x{n}>Headline {n} of the port</a>" for n in range(count))
    content = f"<h1>Harbour reopens</h1><p>{BODY}</p><h3>Related articles</h3><ul>{entries}</ul>"
    return {"content": content, "content_type": "text/html", "url": "https://e.example" + "/ab" * 10 * count}


@pytest.mark.parametrize("make", [live_blog, speakers, links])
def test_time_grows_with_the_length_of_the_page(make: Callable[[int], dict[str, object]]) -> None:
    """No stage takes much more than four times as long for a page with four times as much on it."""
    seconds(make(10))  # loads the word lists
    # The least of two each: another program on the machine can slow one, not make one fast.
    small, large = (least(seconds(make(size)), seconds(make(size))) for size in (1000, 4000))
    assert {stage for stage in small if large[stage] > 7 * small[stage] + 0.05} == set()


def least(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Return the smaller time of each stage."""
    return {stage: min(taken, other[stage]) for stage, taken in one.items()}


def seconds(article: dict[str, object]) -> dict[str, float]:
    """Return the CPU time of each stage, without the collector's, which strikes whatever stage it meets."""
    taken: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        began = time.thread_time()
        yield
        taken[name] = time.thread_time() - began

    value = orjson.dumps({"fetched_at": "2025-03-04T00:00:00Z", **article})
    gc.disable()
    try:
        process(RawMessage(value, None, 0), Context(Limits(10_000_000, 200_000, 32), stage))
    finally:
        gc.enable()
    return taken


@pytest.mark.parametrize(("slow", "letters"), [("decode", 60), ("split", 1), ("enrich", 1), ("assemble", 1)])
def test_a_stage_past_its_deadline_is_cut_under_its_own_name(slow: str, letters: int) -> None:
    """Of a page of 150,000 lines, which takes seconds, only the stage that was too slow is to blame.

    Lines are longer where they are only decoded: the clock of a thread's processor time strikes every few milliseconds.
    """
    seen: list[str] = []

    def stage(name: str) -> AbstractContextManager[object]:
        seen.append(name)
        return within(0.001 if name == slow else 60)(name)

    value = orjson.dumps({"content": PAGE + ("a" * letters + "\n") * 150_000})
    # The alarm may strike in a callback of the garbage collector (hypothesis has one), which swallows it.
    gc.disable()
    try:
        with pytest.raises(Permanent) as caught:
            process(RawMessage(value, None, 0), Context(Limits(10_000_000, 200_000, 32), stage))
    finally:
        gc.enable()
    assert (caught.value.reason, caught.value.stage) == ("deadline_exceeded", slow)
    assert seen == ["decode", "split", "enrich", "assemble"][: len(seen)]
    assert seen[-1] == slow
