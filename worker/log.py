"""Logs: one line a message and one for each change of the worker's state, on standard error.

In: structlog events of ours, and what libraries log through `logging`. Out: JSON lines, or a console rendering. A line
holds slugs, ids, counts and seconds; never the text of an article, and nothing that commands a terminal.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from worker.printable import escape_controls, escape_json

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

LIBRARY_LEVELS = {"debug": logging.INFO, "info": logging.WARNING, "warning": logging.WARNING, "error": logging.ERROR}
"""What libraries may say at our level: faust and aiokafka report every rebalance step at INFO."""

REPEAT_SECONDS = 10.0
"""A library's line of the same template is logged once in this time; an outage of 14 s gave 1,500 lines without it."""


def configure(log_format: str, log_level: str, hearer: Processor | None = None, **context: str) -> None:
    """Send all logs to standard error; `context` (such as the role) is part of every line.

    Args:
        log_format: `json`, `console`, or `auto`: console on a terminal, JSON elsewhere.
        log_level: `debug`, `info`, `warning` or `error`.
        hearer: Is told of every line too.
        context: Fields of every line.
    """
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console)
    shared: list[Processor] = [structlog.processors.add_log_level, stamp, _adding(context)]
    if hearer is not None:
        shared.append(hearer)
    renderer, factory = _console() if console else _json()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[log_level]),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )
    _route_libraries(LIBRARY_LEVELS[log_level])


def get() -> structlog.typing.FilteringBoundLogger:
    """Return the logger; events are slugs, everything else goes into fields."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger


def flush() -> None:
    """Write out what is buffered: the process is about to end without clean-up."""
    sys.stderr.flush()


LAST_WORD_SECONDS = 2.0


def last_word(level: int, event: str, **fields: object) -> None:
    """Log a line, and return soon even where nobody reads standard error: the process must end all the same.

    Where not even a thread can be started the line is lost.
    """

    def say() -> None:
        get().log(level, event, **fields)
        flush()

    with suppress(RuntimeError, MemoryError):
        speaking = threading.Thread(target=say, daemon=True)
        speaking.start()
        speaking.join(LAST_WORD_SECONDS)


MOST_TEMPLATES = 1000
"""Templates remembered; beyond them all are forgotten, and a line may come once too often."""


class RateLimit(logging.Filter):
    """Lets a template through once in `seconds`, then with `suppressed`, the number of lines left out since."""

    def __init__(self, seconds: float = REPEAT_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._last: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is to be logged."""
        key = (record.name, record.levelno, str(record.msg))
        now = self._clock()
        if len(self._last) >= MOST_TEMPLATES:
            # Some libraries build their text first: every line is a template of its own.
            self._last.clear()
        last, suppressed = self._last.get(key, (float("-inf"), 0))
        if now - last < self._seconds:
            self._last[key] = (last, suppressed + 1)
            return False
        self._last[key] = (now, 0)
        record.suppressed = suppressed
        return True


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "message": record.getMessage()}
        if suppressed := getattr(record, "suppressed", 0):
            fields["suppressed"] = suppressed
        if record.exc_info:
            fields["exception"] = structlog.processors.format_exc_info(None, "", {"exc_info": record.exc_info})[
                "exception"
            ]
        get().log(record.levelno, "library", **fields)


def _route_libraries(level: int) -> None:
    handler = _ToStructlog()
    handler.addFilter(RateLimit())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _adding(context: dict[str, str]) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.update(context)
        return event

    return add


def _json() -> tuple[Processor, Callable[..., WrappedLogger]]:
    return structlog.processors.JSONRenderer(serializer=_dump), structlog.BytesLoggerFactory(sys.stderr.buffer)


def _dump(event: object, **options: Any) -> bytes:  # noqa: ANN401 - structlog's
    return escape_json(orjson.dumps(event, **options))


def _console() -> tuple[Processor, Callable[..., WrappedLogger]]:
    render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return lambda logger, method, event: render(logger, method, _harmless(event)), structlog.PrintLoggerFactory(
        sys.stderr
    )


def _harmless(event: EventDict) -> EventDict:
    return {
        name: escape_controls(value, keep="\n" if name == "exception" else "") if isinstance(value, str) else value
        for name, value in event.items()
    }
