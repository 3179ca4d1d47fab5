"""Captions: told by whom their picture is from."""

import pytest

from worker.split.captions import has_credit
from worker.split.fold import fold

CREDITED = (
    "The minister at the harbour on Tuesday (Photo: Ann Reed)",
    "Der Hafen von Ostmeer im Winter. Foto: Jan Meier/dpa",
    "The harbour in winter. © Harbour Museum",
    "Residents queue for the ferry. Ann Reed/Getty Images",
    "وزير النقل في ميناء الجزيرة (رويترز)",
)
UNCREDITED = (
    "The minister told Reuters on Tuesday that the ferry would run.",
    "The ferry will run through the winter, the ministry says",
    "Photo: dpa",
    "A Reuters report on the ferry, which the ministry has never denied in public, is out",
)


@pytest.mark.parametrize("line", CREDITED)
def test_a_caption_ends_with_whom_its_picture_is_from(line: str) -> None:
    """A phrase for pictures, an agency or a picture agency stands at its end."""
    assert has_credit(line, fold(line))


@pytest.mark.parametrize("line", UNCREDITED)
def test_a_sentence_that_names_an_agency_is_no_caption(line: str) -> None:
    """Nor is a headline, a name by itself, or a line that names one at its beginning."""
    assert not has_credit(line, fold(line))
