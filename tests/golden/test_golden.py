"""The golden pages: own-written pages in many layouts and languages, each with its records reviewed by eye."""

import json
from pathlib import Path

import pytest
from golden.cases import folders, outputs

from schemas.story import Story

EXPECTED_FILES = 7
LANGUAGES = 6
"""In which each field of a story has a case, and each kind of what is found in it."""

KINDS = {"quotes": ("direct", "indirect"), "entities": ("person", "organisation", "place")}
NOT_OF_A_LANGUAGE = frozenset(("schema_version", "flags"))
"""The version is a constant, and flags are told by characters and times, not by words."""


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_the_page_gives_the_reviewed_records(folder: Path) -> None:
    """Every record of the page is the committed one; `make golden-update` shows a wanted change."""
    actual = outputs(folder)
    assert len(actual) == EXPECTED_FILES
    for name, content in actual.items():
        assert content == (folder / "expected" / name).read_text("utf-8"), name


def test_there_are_at_least_a_dozen_pages_in_eight_languages() -> None:
    """The collection stays broad: at least 12 pages in at least 8 languages (the folder's first word)."""
    assert len(folders()) >= 12
    assert len({folder.name.split("_")[0] for folder in folders()}) >= 8


@pytest.mark.parametrize("field", sorted(set(Story.model_fields) - NOT_OF_A_LANGUAGE))
def test_each_field_has_cases_in_six_languages(field: str) -> None:
    """Every field of a story is filled in pages of six languages, and so is each kind of quotation and of entity."""
    filled: dict[str, set[str]] = {field: set()} | {kind: set() for kind in KINDS.get(field, ())}
    for folder in folders():
        for story in json.loads((folder / "expected" / "story.json").read_text("utf-8")):
            kinds = [one["kind"] for one in story[field]] if field in KINDS else []
            for name in (field, *kinds) if story[field] not in (None, [], "") else ():
                filled[name].add(story["language"]["code"])
    assert {name: len(languages) >= LANGUAGES for name, languages in filled.items()} == dict.fromkeys(filled, True)
