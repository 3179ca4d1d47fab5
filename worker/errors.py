"""The failures of the worker.

::

    NewsworkerError
    |-- Permanent   never retried: the message becomes a dead letter
    |-- Transient   retried with back-off: infrastructure
    `-- Fatal       stops the process: settings, broken state

Each carries a slug (`reason`) and the `stage` it came from; the message never holds the article's text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_MESSAGE_LENGTH = 200
"""Characters of an error message, as the contract limits the header `error.message`."""


class NewsworkerError(Exception):
    """A failure with a `reason` slug, the `stage` it came from and a sentence for the operator."""

    def __init__(self, reason: str, stage: str, message: str) -> None:
        super().__init__(message[:MAX_MESSAGE_LENGTH])
        self.reason = reason
        self.stage = stage


class Permanent(NewsworkerError):  # noqa: N818 - the kind of failure is the name
    """The message can never be processed: it becomes a dead letter."""


class Transient(NewsworkerError):  # noqa: N818 - the kind of failure is the name
    """Infrastructure failed: the same step may succeed later."""


class Fatal(NewsworkerError):  # noqa: N818 - the kind of failure is the name
    """The process cannot go on; the message says what to do about it."""


@contextmanager
def writing_into(path: Path, stage: str) -> Iterator[None]:
    """Turn a failure of the file system in the block into `bad_output`, which names the folder or file.

    Raises:
        Fatal: `bad_output`.
    """
    try:
        yield
    except OSError as error:
        raise Fatal("bad_output", stage, f"{path}: cannot be written to: {error.strerror}") from error
