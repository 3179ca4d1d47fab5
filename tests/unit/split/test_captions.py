"""Captions: told by whom their picture is from."""

import pytest

from worker.split.captions import ends_with_credit, ends_with_link, has_credit, is_credit, names_owner

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
    "The ferry to the islands will run through the winter, the ministry said. (dpa)",
    "قالت الوزارة إن العبارة ستعمل طوال الشتاء. (رويترز)",
    "Will the ferry run through the winter at last, asks the club of rowers? (dpa)",
    "Die Fähre fährt den Winter über, teilte das Ministerium mit. (Quelle: dpa)",
    "मंत्रालय ने कहा कि नौका पूरी सर्दी भर चलेगी और किराया नहीं बढ़ेगा। (Reuters/AFP)",
    "A Reuters report on the ferry, which the ministry has never denied in public, is out",
)


@pytest.mark.parametrize("line", CREDITED)
def test_a_caption_ends_with_whom_its_picture_is_from(line: str) -> None:
    """A phrase for pictures, an agency or a picture agency stands at its end."""
    assert has_credit(line)


@pytest.mark.parametrize("line", UNCREDITED)
def test_a_sentence_that_names_an_agency_is_no_caption(line: str) -> None:
    """Nor is a headline, a name by itself, or a line that names one at its beginning."""
    assert not has_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        *("(Ann Reed / AP)", "Ann Reed/Getty Images", "Ammar Haddad / Reuters", "[Ann Reed/Reuters]", "（新華社）"),
        "AFP / Ann Reed",
    ],
)
def test_a_credit_by_itself_names_an_agency_and_is_set_apart(line: str) -> None:
    """By brackets, or by a stroke."""
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Reuters", "Ann Reed (Lowestrand)", "Reuters/AP report on the ferry is out today.", ""),
        *(
            "Reuters/Norstat poll finds support",
            "(AFP style) What the harbour means",
            "So full! pic.twitter.com/Ab3dEf9",
        ),
    ],
)
def test_a_name_or_a_sentence_is_no_credit(line: str) -> None:
    """An agency alone may be a byline."""
    assert not is_credit(line)


@pytest.mark.parametrize(
    ("line", "owned"),
    [
        ("The council meets in the harbour Ann Reed/Copyright 2026 The AP. All rights reserved.", True),
        ("Le port en hiver. Tous droits réservés.", True),
        ("The harbour in winter © Harbour Museum.", True),
        ("The singer says that the song violates her copyright.", False),
        ("قال المغني إن هذه الأغنية تنتهك حقوق النشر.", False),
        ("Zpěvačka tvrdí, že píseň porušuje její autorská práva.", False),
        ("The © sign may be left out on prints, the court decided.", False),
        ("The tune was printed as Copyright 1926 by a house in Hallig, the judge said.", False),
        (
            "All rights reserved for members were given up by the council, which had long been asked to do so by all.",
            False,
        ),
    ],
)
def test_a_notice_of_rights_stands_at_the_end(line: str, owned: bool) -> None:
    """It ends with a full stop at times, as a sentence does; the word alone is a topic of news."""
    assert names_owner(line) is owned


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("The dredger at the quay. The work begins in spring. (Ann Reed/AP Photo)", True),
        ("Der Bagger am Kai im Herbst (Foto: Jan Meier)", True),
        ("The ferry will run through the winter, the ministry said. (dpa)", False),
        ("The ferry will run through the winter, the ministry said. (dpa/AFP)", False),
        ("Ministry: the ferry will run through the winter (Source: Reuters)", False),
        ("The talks went on (see: the harbour plan)", False),
        ("(Photo: Ann Reed) The dredger at the quay", False),
    ],
)
def test_a_credit_in_brackets_ends_a_caption(line: str, ends: bool) -> None:
    """Photographer and owner stand in it, or a word for pictures."""
    assert ends_with_credit(line) is ends


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("The ferry will run all winter, says the minister pic.twitter.com/Ab3dEf9", True),
        ("The ferry (see ferry.example.org/winter) will run", False),
        ("The dredger at the quay (Ann Reed/AP)", False),
    ],
)
def test_a_post_ends_with_a_link(line: str, ends: bool) -> None:
    """The site that it is on is in the link, and lends pictures too."""
    assert ends_with_link(line) is ends
