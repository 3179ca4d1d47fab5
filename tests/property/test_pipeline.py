"""What holds for every message whatever: the pipeline is pure, total and lossless."""

from contextlib import suppress

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from promises import check_records

from worker.decode import Limits, RawMessage
from worker.errors import Permanent
from worker.pipeline import Context, Processed, process

CONTEXT = Context(Limits(max_message_bytes=100_000, max_lines=1_000, max_depth=8))

words = st.sampled_from(
    [
        "Read also:",
        "اقرأ أيضا",
        "Related articles",
        "•",
        "-",
        "Source: Post",
        "said",
        "“Yes”",
        "2024-11-05",
        "موسكو",
        "\n",
        "\n\n",
    ]
)
texts = st.lists(words | st.text(max_size=30), max_size=40).map(" ".join)
contents = texts | st.text(max_size=300)
kinds = st.sampled_from(["text/plain", "text/html"])


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/plain", "text/html", "text/html; charset=x", "application/json"]),
)
def test_any_bytes_are_records_or_a_reason(value: bytes, content_type: str | None) -> None:
    """Whatever the bytes, the pipeline gives records or raises `Permanent`, and nothing else."""
    with suppress(Permanent):
        assert isinstance(process(RawMessage(value, content_type, 0), CONTEXT), Processed)


@settings(deadline=None)
@given(contents, kinds, st.none() | st.text(max_size=20))
def test_the_same_bytes_give_the_same_bytes(content: str, content_type: str, url: str | None) -> None:
    """Two runs over one message give equal records, byte for byte."""
    value = _message(content, content_type, url)
    assert _bytes(value) == _bytes(value)


@settings(deadline=None)
@given(contents, kinds)
def test_every_character_is_in_one_block_and_offsets_lead_to_the_text_beside_them(
    content: str, content_type: str
) -> None:
    """Blocks of the page record leave out nothing but white space; what has offsets is at them."""
    result = _process(_message(content, content_type, None))
    if result is not None:
        check_records(content, result)


def _message(content: str, content_type: str, url: str | None) -> bytes:
    return orjson.dumps({"content": content, "content_type": content_type, "url": url})


def _process(value: bytes) -> Processed | None:
    try:
        result = process(RawMessage(value, None, 1_741_083_300_000), CONTEXT)
    except Permanent:
        return None
    assert isinstance(result, Processed)
    return result


def _bytes(value: bytes) -> bytes | None:
    result = _process(value)
    if result is None:
        return None
    records = [*result.stories, result.page]
    return orjson.dumps([[record.model_dump() for record in records], result.sightings])
