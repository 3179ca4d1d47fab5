"""How records of each kind are known again, and what a reader calls them.

A record is matched by its identity first. What is left is matched by what stays when ids change: ids are made of
content, so a changed body is another story to the stream, and one changed field to a reader.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from worker.diff.folder import Folder
from worker.diff.model import Record


@dataclass(frozen=True, slots=True)
class Side:
    """What matching knows of one folder: its pages, and which story ids of it belong to the other's."""

    folder: Folder
    stories: Mapping[str, str] = field(default_factory=dict)

    def page(self, record: Record) -> str:
        """Return the place of a record's page."""
        return self.folder.place_of(record.get("page_id"))

    def story(self, record: Record) -> str:
        """Return a record's story id, as the other folder has it."""
        return self._known(record.get("story_id"))

    def stories_of(self, record: Record) -> tuple[str, ...]:
        """Return the story ids of a page, as the other folder has them; of a page without any its own id."""
        stories = record.get("stories")
        return tuple(map(self._known, stories if isinstance(stories, list) else ())) or (str(record.get("page_id")),)

    def _known(self, story_id: object) -> str:
        return self.stories.get(str(story_id), str(story_id))


Likeness = Callable[[Record, Side], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file of the output: what its records are known by, at once or in the next best way, and titled by."""

    name: str
    identity: Callable[[Record], str]
    likenesses: tuple[Likeness, ...]
    title: Callable[[Record], str]
    ignored: frozenset[str] = frozenset()


def _text(name: str) -> Callable[[Record], str]:
    return lambda record: str(record.get(name) or "")


def _letter(record: Record) -> str:
    own = f"{record.get('key')}\n{record.get('value')}"
    return blake2b(own.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _headers(record: Record) -> Record:
    headers = record.get("headers")
    return headers if isinstance(headers, dict) else {}


def _origin(record: Record, _side: Side) -> tuple[object, ...]:
    headers = _headers(record)
    return tuple(headers.get(f"origin.{part}") for part in ("topic", "partition", "offset"))


def _mention(record: Record) -> str:
    return f"{record.get('headline_id')}:{record.get('page_id')}:{record.get('position')}"


STORY = Kind(
    "story",
    _text("story_id"),
    (
        lambda record, side: (side.page(record), record.get("kind"), record.get("headline")),
        lambda record, side: (side.page(record), record.get("kind"), record.get("position")),
        # A bare page has neither URL nor id: its headline has to do.
        lambda record, _: (record.get("kind"), record.get("headline")),
    ),
    _text("headline"),
)

KINDS = (
    STORY,
    Kind("headline", _text("canonical_id"), (lambda record, _: (record.get("headline"),),), _text("headline")),
    Kind("copy", _text("story_id"), (lambda record, side: (side.story(record),),), _text("url")),
    Kind(
        "mention",
        _mention,
        (
            lambda record, side: (side.page(record), record.get("headline"), record.get("position")),
            lambda record, side: (side.page(record), record.get("headline")),
            lambda record, side: (side.page(record), record.get("position")),
            lambda record, _: (record.get("headline"), record.get("position")),
        ),
        _text("headline"),
    ),
    Kind(
        "page",
        _text("page_id"),
        (lambda record, side: (side.page(record),), lambda record, side: side.stories_of(record)),
        _text("url"),
    ),
    # The version of the worker differs with every deployment, which is why one compares.
    Kind(
        "deadletter",
        _letter,
        (_origin,),
        lambda record: str(_headers(record).get("error.reason") or ""),
        frozenset({"headers.worker.version"}),
    ),
)
"""Stories first: what they match tells which copies belong together."""
