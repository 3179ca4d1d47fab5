"""Spans: of traced messages alone, as children of what their trace says, to a collector that really listens."""

import socket
import time
from dataclasses import replace

import pytest
from collector import Collector, attributes, collecting
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from worker import trace
from worker.errors import Fatal
from worker.incoming import Incoming
from worker.ledger import Ledger
from worker.settings import Settings
from worker.trace import EXPORT_SECONDS, open_spans, require_extra

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
MESSAGE = Incoming("news.raw.v1", 3, 41, 0, b"key", b"text", (("traceparent", f"00-{TRACE}-{PARENT}-01".encode()),))


def closed(*messages: Incoming, outcome: str = "published", seconds: float = 2.0) -> Collector:
    """Close the books of messages; return what was collected."""
    with collecting() as collector:
        spans = open_spans("split", Settings(otlp_endpoint=collector.endpoint))
        assert spans is not None
        ledger = Ledger("split", spans)
        for message in messages:
            ledger.close(message, outcome, time.perf_counter() - seconds)
        spans.end()
    return collector


def test_a_traced_message_has_a_span() -> None:
    """In its trace, under its parent, as long as its work took, with where it stood and what became of it."""
    (span,) = closed(MESSAGE).of("newsworker-split")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert (span.name, span.kind) == ("process news.raw.v1", Span.SPAN_KIND_CONSUMER)
    assert 1.9e9 < span.end_time_unix_nano - span.start_time_unix_nano < 3e9
    assert abs(span.end_time_unix_nano / 1e9 - time.time()) < 30
    assert span.status.code == Status.STATUS_CODE_OK
    assert (
        attributes(span).items()
        >= {
            "messaging.system": "kafka",
            "messaging.destination.name": "news.raw.v1",
            "messaging.destination.partition.id": "3",
            "messaging.kafka.offset": 41,
            "newsworker.outcome": "published",
        }.items()
    )


def test_a_dead_letter_is_an_error() -> None:
    """As tracers show errors."""
    (span,) = closed(MESSAGE, outcome="dead_letter").of("newsworker-split")
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "dead_letter")


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"nonsense",
        f"00-{TRACE}-{PARENT}-00".encode(),
        f"ff-{TRACE}-{PARENT}-01".encode(),
        f"00-{'0' * 32}-{PARENT}-01".encode(),
        f"00-{TRACE}-{'0' * 16}-01".encode(),
    ],
)
def test_a_message_that_nobody_traces_has_none(header: bytes | None) -> None:
    """Without a trace, with one that cannot be read, and in one that is not sampled."""
    headers = () if header is None else (("traceparent", header),)
    assert closed(replace(MESSAGE, headers=headers)).spans == []


def test_a_message_that_is_read_again_has_the_same_span() -> None:
    """Another has another."""
    again, once, other = closed(MESSAGE, MESSAGE, replace(MESSAGE, offset=42)).of("newsworker-split")
    assert again.span_id == once.span_id != other.span_id


@pytest.mark.parametrize("answers", [False, None])
def test_a_collector_that_is_away_or_silent_delays_nothing(answers: bool | None) -> None:
    """Its spans are lost: messages go on, and the end waits for one export and no more."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if answers is None:
            server.listen(8)  # it takes connections and says nothing
        spans = open_spans("split", Settings(otlp_endpoint=f"http://127.0.0.1:{server.getsockname()[1]}/v1/traces"))
        assert spans is not None
        ledger, began = Ledger("split", spans), time.monotonic()
        for _ in range(2000):
            ledger.close(MESSAGE, "published", time.perf_counter())
        closed_after = time.monotonic() - began
        spans.end()
        assert closed_after < EXPORT_SECONDS
        assert time.monotonic() - began - closed_after < EXPORT_SECONDS + 2


def test_without_a_collector_nothing_is_loaded() -> None:
    """It is an extra."""
    assert open_spans("split", Settings()) is None
    require_extra(Settings())


def test_a_missing_extra_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is begun; it says what to install."""
    settings = Settings(otlp_endpoint="http://127.0.0.1:4318/v1/traces")
    require_extra(settings)
    monkeypatch.setattr(trace, "find_spec", lambda _name: None)
    with pytest.raises(Fatal, match=r"opentelemetry is missing: install newsworker\[otel\]"):
        require_extra(settings)
