"""The comparison: records of two folders matched, and what differs between the matched ones.

In: two opened folders. Out: a `Change` for each record that is not the same, kind by kind in the order of the files,
and the counts. Pure but for reading the folders.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from worker.diff.folder import Entry, Folder
from worker.diff.kinds import KINDS, STORY, Kind, Likeness, Side
from worker.diff.model import Change, FieldChange, Json, Record, Status

Pair = tuple[Entry | None, Entry | None]


@dataclass(slots=True)
class Comparison:
    """A comparison; `counts`, by kind and status, are whole once `changes` has come to its end."""

    old: Folder
    new: Folder
    counts: dict[str, Counter[Status]] = field(default_factory=lambda: {kind.name: Counter() for kind in KINDS})
    stories: dict[str, str] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not any(count for counts in self.counts.values() for status, count in counts.items() if status != "same")

    def changes(self) -> Iterator[Change]:
        """Yield every change; once."""
        for kind in KINDS:
            for pair in self._match(kind):
                change = self._compare(kind, *pair)
                self.counts[kind.name][change.status if change else "same"] += 1
                if change is not None:
                    yield change

    def _match(self, kind: Kind) -> Iterator[Pair]:
        old = self.old.entries(kind.name, kind.identity)
        new = self.new.entries(kind.name, kind.identity)
        pairs: dict[str, Pair] = {key: (entry, new.get(key)) for key, entry in old.items()}
        added = {key: entry for key, entry in new.items() if key not in old}
        for likeness in kind.likenesses:
            removed = {key: entry for key, (entry, other) in pairs.items() if entry and other is None}
            for key, entry in self._pair(kind, likeness, removed, added):
                pairs[key] = (old[key], entry)
                if kind is STORY:
                    self.stories[entry.key] = key
                del added[entry.key]
        yield from pairs.values()
        yield from ((None, entry) for entry in added.values())

    def _pair(
        self, kind: Kind, likeness: Likeness, removed: Mapping[str, Entry], added: Mapping[str, Entry]
    ) -> list[tuple[str, Entry]]:
        """Return the identities of old records with the new ones that are like them, each once, in file order."""
        old, new = Side(self.old), Side(self.new, self.stories)
        waiting: dict[tuple[object, ...], deque[Entry]] = defaultdict(deque)
        for entry in added.values():
            waiting[likeness(self.new.load(kind.name, entry), new)].append(entry)
        found = []
        for key, entry in removed.items():
            alike = waiting.get(likeness(self.old.load(kind.name, entry), old))
            if alike:
                found.append((key, alike.popleft()))
        return found

    def _compare(self, kind: Kind, old: Entry | None, new: Entry | None) -> Change | None:
        if old and new and old.digest == new.digest:
            return None
        before = self.old.load(kind.name, old) if old else None
        after = self.new.load(kind.name, new) if new else None
        fields = tuple(_fields(before, after, kind.ignored)) if before and after else ()
        if before and after and not fields:
            return None
        status: Status = "changed" if fields else "removed" if before else "added"
        record, folder = (after, self.new) if after else (before or {}, self.old)
        place = folder.place_of(record["page_id"]) if "page_id" in record else ""
        return Change(
            kind.name, status, old.key if old else None, new.key if new else None, kind.title(record), place, fields
        )


def _fields(old: Record, new: Record, ignored: frozenset[str]) -> Iterator[FieldChange]:
    before, after = _flat(old), _flat(new)
    for name in dict.fromkeys([*before, *after]):
        if name not in ignored and before.get(name) != after.get(name):
            yield FieldChange(name, before.get(name), after.get(name))


def _flat(record: Record) -> dict[str, Json]:
    """Return a record's fields, the parts of its objects as fields of their own."""
    flat: dict[str, Json] = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            flat.update({f"{name}.{part}": inner for part, inner in value.items()})
        else:
            flat[name] = value
    return flat
