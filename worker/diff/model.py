"""What a comparison finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

Record = dict[str, Json]

Status = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose value differs; a part of an object is named with a dot (`publisher.name`)."""

    field: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is not the same in both folders.

    `old_key` and `new_key` are its ids there, None where it is missing; `title` is what a reader knows it by. Only what
    changed has `fields`.
    """

    kind: str
    status: Status
    old_key: str | None
    new_key: str | None
    title: str
    place: str
    fields: Sequence[FieldChange] = ()
