"""Decoding holds for anything at all: an article, or a reason."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from promises import decoded

from worker.decode import Decoded, Limits, RawMessage

LIMITS = Limits(max_message_bytes=4096, max_lines=100, max_depth=6)
headers = st.none() | st.text(max_size=40) | st.sampled_from(["text/plain", "text/html", "text/html; charset=big5"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
fields = st.sampled_from(["content", "content_type", "url", "id", "source", "fetched_at", "title", "language", "meta"])
articles = st.dictionaries(fields | st.text(max_size=8), json_values, max_size=8)


def outcome(value: bytes, content_type: str | None) -> Decoded | str:
    """Return what decoding gives: an article, or the reason of the refusal."""
    return decoded(RawMessage(value, content_type, 0), LIMITS)


@settings(max_examples=300, deadline=None)
@given(value=st.binary(max_size=200), content_type=headers)
def test_any_bytes_give_an_article_or_a_reason(value: bytes, content_type: str | None) -> None:
    """Nothing on the topic gets past decoding in another way; the same bytes give the same."""
    outcome(value, content_type)


@settings(max_examples=300, deadline=None)
@given(article=articles)
def test_any_json_object_gives_an_article_or_a_reason(article: dict[str, object]) -> None:
    """Wrong types in any field are reasons, not accidents."""
    try:
        value = orjson.dumps(article)
    except TypeError:  # an integer beyond 64 bits
        return
    result = outcome(value, None)
    if isinstance(result, Decoded):
        assert result.article.content == article["content"]
