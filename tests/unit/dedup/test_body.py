"""What a sketch of a body tells, and what it costs."""

import pytest
from prose import prose

from worker.dedup import body
from worker.dedup.body import (
    MOST_CHARACTERS,
    MOST_HASHES,
    MOST_KNOWN,
    NOTHING,
    RUN_WORDS,
    Likeness,
    as_text,
    compare,
    find_words,
    read,
    read_bytes,
    sketch,
)

FERRY = "The harbour council voted on Monday for a second ferry line, which will open in the spring."
LARGEST_BYTES = 5 + 8 * MOST_HASHES


def test_a_sketch_is_the_same_on_every_machine() -> None:
    """Its bytes follow from the text alone, so that workers of one version can compare."""
    assert sketch("One two three four.").hex() == "01" + "00000001" + "0141f9bb2266c58c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FERRY, FERRY.upper().replace(" voted", "\n\nvoted")),
        ("صوّت مجلس الميناء أمس على خطّ عبّارات جديد", "صوت مجلس الميناء امس علي خط عبارات جديد"),
        ("Am Montag stimmte der Hafenrat zu", "am montag, stimmte der HAFENRAT zu!"),
        ("The council's plan: a ferry-line in spring", "The council s plan:a ferry line - in spring"),
        (f"{'Hafen' * 9}: ja, {'Hafen' * 9}", f"{'HAFEN' * 9} ja {'hafen' * 9}."),
    ],
)
def test_spelling_and_paragraphs_do_not_count(one: str, other: str) -> None:
    """Bodies that read the same have the same sketch."""
    assert sketch(one) == sketch(other)


def test_short_bodies_are_compared_exactly() -> None:
    """Up to so many runs a sketch holds them all: 97 runs of 100 words, 60 of them the other's."""
    whole, other = prose(1, 100), f"{prose(1, 63)} {prose(2, 37)}"
    assert compare(sketch(whole), sketch(other)) == Likeness(60 / 134, 60 / 97, 60 / 97, 60)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8])
def test_of_long_bodies_shares_are_estimated(kept: float) -> None:
    """Within .1 of what they are, for a body of 2,000 words of which the other has only a part."""
    part = prose(1, round(2000 * kept))
    found = compare(sketch(prose(1, 2000)), sketch(part))
    assert found.of_one == pytest.approx(kept, abs=0.1)
    assert found.of_other == 1
    assert found.jaccard == pytest.approx(kept, abs=0.1)


def test_likeness_is_the_same_from_both_sides() -> None:
    """Only the two shares change places."""
    one, other = sketch(prose(1, 900)), sketch(f"{prose(1, 500)} {prose(2, 900)}")
    here, there = compare(one, other), compare(other, one)
    assert (here.jaccard, here.of_one, here.of_other) == (there.jaccard, there.of_other, there.of_one)
    assert here.containment == there.containment == here.of_one > here.jaccard > 0


def test_unrelated_bodies_have_nothing_in_common() -> None:
    """No run of words, no likeness."""
    assert compare(sketch(prose(1, 3000)), sketch(prose(2, 3000))) == NOTHING


@pytest.mark.parametrize(
    ("whole", "changed", "other"),
    [
        (
            "港口委员会星期一投票决定开设第二条渡轮航线,明年春天开航。居民对此表示欢迎。",
            "港口委员会星期一投票决定开设第二条渡轮航线,明年春天开航。",
            "图书馆本周重新开放,读者可以借阅三千本新书,周末延长开放时间。",
        ),
        (
            "สภาท่าเรือลงมติเมื่อวันจันทร์ให้เปิดเส้นทางเรือข้ามฟากสายที่สอง ชาวบ้านยินดี",
            "สภาท่าเรือลงมติเมื่อวันจันทร์ให้เปิดเส้นทางเรือข้ามฟากสายที่สอง",
            "ห้องสมุดกลับมาเปิดอีกครั้งในสัปดาห์นี้พร้อมหนังสือใหม่สามพันเล่ม",
        ),
    ],
)
def test_scripts_without_blanks_are_read_in_windows(whole: str, changed: str, other: str) -> None:
    """A sentence more leaves bodies alike, and other news in the same letters is not."""
    assert compare(sketch(whole), sketch(changed)).of_other > 0.9
    assert compare(sketch(whole), sketch(other)).containment < 0.1


def test_a_text_may_mix_scripts() -> None:
    """Words with blanks stay words beside windows."""
    assert find_words("gdp增长百 fast") == ["gdp", "增长", "长百", "fast"]


def test_a_body_of_fewer_words_than_a_run_is_one_run() -> None:
    """It equals itself and nothing longer."""
    assert compare(sketch("Ferry returns"), sketch("ferry returns!")).jaccard == 1
    assert compare(sketch("Ferry returns"), sketch("Ferry returns to the harbour")) == NOTHING


@pytest.mark.parametrize("text", ["", " \n", "\u200f", "*** - ***"])
def test_a_body_without_words_is_like_nothing(text: str) -> None:
    """Two empty bodies are no copies of one another."""
    assert compare(sketch(text), sketch(text)) == NOTHING


@pytest.mark.parametrize(
    "unit", ["x", "Ab ", "\U0001f30a", "\ud800", "中", "ก", "a\u0301\u0323", "\ufdfa", "\n", "中a"]
)
def test_hostile_bodies_have_small_sketches(unit: str) -> None:
    """A hundred thousand of anything; each can be read, and is like itself."""
    found = sketch(unit * 100_000)
    assert len(found) <= LARGEST_BYTES
    assert read(as_text(found)) is not None
    assert compare(found, found).jaccard in (0, 1)


def test_what_a_body_can_cost_is_bounded() -> None:
    """Past the bound nothing is read."""
    long = prose(1, MOST_CHARACTERS // 8)[:MOST_CHARACTERS]
    assert sketch(long) == sketch(long + prose(2, 50))


def test_what_is_remembered_of_words_is_bounded_and_changes_nothing() -> None:
    """After more words than are remembered a body has the sketch that it had."""
    before = sketch(FERRY)
    for start in range(0, MOST_KNOWN + 20_000, 10_000):
        sketch(" ".join(f"w{number}" for number in range(start, start + 10_000)))
    assert sketch(FERRY) == before
    assert len(body._KNOWN) <= MOST_KNOWN


def test_a_sketch_tells_its_bodys_length() -> None:
    """In runs of words, however few it holds."""
    found = read_bytes(sketch(prose(1, 1000)))
    assert found is not None
    assert (found.runs, len(found.hashes)) == (1000 - RUN_WORDS + 1, MOST_HASHES)


GOOD = sketch(FERRY)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        GOOD[:3],
        GOOD[:-1],
        b"\x02" + GOOD[1:],  # another version
        GOOD + GOOD[5:13],  # not ascending
        sketch(prose(1, 500)) + b"\xff" * 8,  # more than there can be
    ],
)
def test_what_cannot_be_compared_is_like_nothing(value: bytes) -> None:
    """Damaged sketches, and those of other versions, are no sketches: never an exception."""
    assert read_bytes(value) is None
    assert read(as_text(value)) is None
    assert compare(value, GOOD) == compare(GOOD, value) == NOTHING


@pytest.mark.parametrize("text", [None, "", "=", "A", "AAA", "no base64", "ü"])
def test_text_that_is_no_sketch_reads_as_none(text: str | None) -> None:
    """As an old sighting, which has none."""
    assert read(text) is None
