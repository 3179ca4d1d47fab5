"""Traces: the context that a message brings, and a span of each traced message for whoever collects them.

In: the message's `traceparent`, and its outcome, from the ledger. Out: the same `traceparent` on every record of the
message, whether spans are sent or not; and spans over OTLP, where `otlp_endpoint` names a collector. Whoever began the
trace has decided what is sampled: a message without a trace, or in one that is not, has no span. Spans never delay a
message: what the collector does not take in time is dropped.
"""

import re
import threading
import time
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING

from worker import __version__
from worker.errors import Fatal
from worker.incoming import Incoming
from worker.settings import Role, Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

HEADER = "traceparent"

TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})(?P<parent>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
)
"""Version, trace, parent and flags, as W3C Trace Context 1 writes them. Anything else would be copied onto every record
of the page, however long, and means nothing to a tracer."""

SAMPLED = 1

EXPORT_SECONDS = 5.0
"""Longest wait for the collector: by an attempt, and by the end of the process."""

NANOSECONDS = 1_000_000_000


def traceparent_of(message: Incoming) -> str | None:
    """Return the message's trace context; None where it has none, or one that nobody can read."""
    text = message.header(HEADER)
    return text if text is not None and TRACEPARENT.fullmatch(text) else None


def require_extra(settings: Settings) -> None:
    """See, before anything is begun, that spans can be sent where a collector is named.

    Raises:
        Fatal: `bad_settings`, where the libraries of the extra `otel` are not installed.
    """
    if settings.otlp_endpoint is not None and find_spec("opentelemetry") is None:
        needed = "NEWSWORKER_OTLP_ENDPOINT: opentelemetry is missing: install newsworker[otel]"
        raise Fatal("bad_settings", "start", needed)


def open_spans(role: Role, settings: Settings) -> "Spans | None":
    """Return what sends a role's spans; None where no collector is named."""
    if settings.otlp_endpoint is None:
        return None
    # Only who traces has them, and waits for their import.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    exporter = OTLPSpanExporter(settings.otlp_endpoint, timeout=EXPORT_SECONDS)
    return Spans(role, BatchSpanProcessor(exporter))


class Spans:
    """Sends a span for each message that belongs to a sampled trace."""

    def __init__(self, role: Role, processor: "SpanProcessor") -> None:
        """Hand spans to `processor`."""
        from opentelemetry import trace  # noqa: PLC0415 - as above
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415

        self._otel, self._new_span = trace, ReadableSpan
        self._role = role
        self._processor = processor
        self._resource = Resource.create({"service.name": f"newsworker-{role}", "service.version": __version__})

    def close(self, message: Incoming, outcome: str, seconds: float) -> None:
        """Send the span of a message that took so long until now."""
        found = TRACEPARENT.fullmatch(message.header(HEADER) or "")
        if found is None or not int(found["flags"], 16) & SAMPLED:
            return
        otel, trace = self._otel, int(found["trace"], 16)
        flags = otel.TraceFlags(otel.TraceFlags.SAMPLED)
        end = time.time_ns()
        failed = outcome == "dead_letter"
        span = self._new_span(
            f"process {message.topic}",
            context=otel.SpanContext(trace, self._span_id(message), is_remote=False, trace_flags=flags),
            parent=otel.SpanContext(trace, int(found["parent"], 16), is_remote=True, trace_flags=flags),
            resource=self._resource,
            kind=otel.SpanKind.CONSUMER,
            attributes=self._attributes(message, outcome),
            status=otel.Status(otel.StatusCode.ERROR, outcome) if failed else otel.Status(otel.StatusCode.OK),
            start_time=end - round(seconds * NANOSECONDS),
            end_time=end,
        )
        self._processor.on_end(span)

    def end(self) -> None:
        """Send what is left, for at most `EXPORT_SECONDS`: the library would wait so long for each batch."""
        ending = threading.Thread(target=self._processor.shutdown, daemon=True)
        ending.start()
        ending.join(EXPORT_SECONDS)

    def _span_id(self, message: Incoming) -> int:
        # Of the place, so that a message that is read again after a crash has the span that it had.
        place = f"{self._role}/{message.topic}/{message.partition}/{message.offset}"
        return int.from_bytes(blake2b(place.encode(), digest_size=8).digest(), "big")

    def _attributes(self, message: Incoming, outcome: str) -> dict[str, str | int]:
        # Names are those of OpenTelemetry's semantic conventions for messaging.
        return {
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.destination.name": message.topic,
            "messaging.destination.partition.id": str(message.partition),
            "messaging.kafka.offset": message.offset,
            "newsworker.outcome": outcome,
        }
