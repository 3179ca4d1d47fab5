"""The golden pages: own-written pages in many layouts and languages, each with its records reviewed by eye."""

from pathlib import Path

import pytest
from golden.cases import folders, outputs

EXPECTED_FILES = 7


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
