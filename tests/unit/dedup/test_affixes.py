"""What a newspaper puts around a headline, and what is the headline's own."""

import pytest

from worker.dedup.affixes import take_core

CORE = "Harbour bridge opens early"
ARABIC = "افتتاح جسر الميناء قبل موعده"


@pytest.mark.parametrize(
    "headline",
    [
        f"BREAKING: {CORE}",
        f"Watch: {CORE}",
        f"[Update] {CORE}",
        f"UPDATE 2-{CORE}",
        f"LIVE | Breaking – {CORE}",
        f"{CORE} - video",
        f"{CORE} (VIDEO)",
        f"{CORE} | Live updates",
        f"{CORE} | Reuters",
        f"{CORE} — BBC News",
        f"{CORE} - The Hillsboro Gazette",
        f"{CORE} - alarabiya.net",
        f"{CORE} (Reuters)",
        f"Reuters: {CORE}",
        f"CNN - {CORE}",
        f"BREAKING: {CORE} (photos) - Hillsboro Times",
        f"🔴 Exclusive!! {CORE}",
    ],
)
def test_tags_and_sources_are_taken_off(headline: str) -> None:
    """English tags and names go, before and behind, one or several."""
    assert take_core(headline).text == CORE


@pytest.mark.parametrize(
    "headline",
    [
        f"عاجل | {ARABIC}",
        f"عاجل {ARABIC}",
        f"عـــاجل {ARABIC}",
        f"#عاجل: {ARABIC}",
        f"بالفيديو.. {ARABIC}",
        f"شاهد .. {ARABIC}",
        f"عاجل - بالصور | {ARABIC}",
        f"{ARABIC} (صور)",
        f"{ARABIC}.. فيديو",
        f"{ARABIC} - بوابة الأهرام",
        f"{ARABIC} | صحيفة الميناء",
        f"{ARABIC} - الميناء نيوز",
        f"{ARABIC}/ رويترز",
        f"رويترز: {ARABIC}",
    ],
)
def test_arabic_tags_and_sources_are_taken_off(headline: str) -> None:
    """Arabic tags need no mark, the other affixes do."""
    assert take_core(headline).text == ARABIC


@pytest.mark.parametrize(
    ("headline", "core"),
    [
        ("Eilmeldung: Hafenbrücke öffnet früher - tagesschau.de", "Hafenbrücke öffnet früher"),
        ("VIDÉO. En direct : le pont du port ouvre", "VIDÉO. En direct : le pont du port ouvre"),
        ("En direct : le pont du port ouvre - Le Monde", "le pont du port ouvre"),
        ("Última hora: abre el puente del puerto | EL PAÍS", "abre el puente del puerto"),
        ("AO VIVO: ponte do porto abre mais cedo - G1", "ponte do porto abre mais cedo"),
        ("Il ponte del porto apre prima - ANSA.it", "Il ponte del porto apre prima"),
        ("Net binnen: havenbrug eerder open - NU.nl", "havenbrug eerder open"),
        ("Срочно: мост в порту открыт - РИА Новости", "мост в порту открыт"),
        ("Міст у порту відкрито (ВІДЕО)", "Міст у порту відкрито"),
        ("Son dakika: Liman köprüsü açıldı - NTV", "Liman köprüsü açıldı"),
        ("پل بندر زودتر باز شد/ فیلم", "پل بندر زودتر باز شد"),
        ("بریکنگ نیوز: بندرگاہ کا پل کھل گیا", "بندرگاہ کا پل کھل گیا"),
        ("快讯：港口大桥提前开通 - 新华社", "港口大桥提前开通"),
        ("【速報】港の橋が開通しました", "港の橋が開通しました"),
        ("[속보] 항구 다리 조기 개통 - 연합뉴스", "항구 다리 조기 개통"),
        ("Breaking news: Jembatan pelabuhan dibuka - Kompas.com", "Jembatan pelabuhan dibuka"),
        ("Pilne: most w porcie otwarty - Onet", "most w porcie otwarty"),
        ("ब्रेकिंग न्यूज़: बंदरगाह का पुल खुला", "बंदरगाह का पुल खुला"),
    ],
)
def test_every_language_has_its_tags_and_sources(headline: str, core: str) -> None:
    """Each of the lexicons' languages tags its headlines; a tag without its mark is left."""
    assert take_core(headline).text == core


@pytest.mark.parametrize(
    "headline",
    [
        "Mayor: harbour bridge opens early",
        "رئيس البلدية: الجسر يفتح غدا",
        "Bridge opens early - and closes again",
        "Bridge opens early - mayor",
        "افتتاح الجسر - خبراء يحذرون",
        "Bridge opens early - good news",
        "Ferries stop, bridge opens - bad times, new hopes",
        "Trade through the strait grows - قناة السويس",
        "Study: bridges are old",
        "Live music returns to the harbour",
        "عاجلا أم آجلا يفتح الجسر",
        "Hafen - Brücke",
    ],
)
def test_the_headlines_own_words_stay(headline: str) -> None:
    """A speaker before a colon, words behind a stroke that are no name, and words that only begin like a tag."""
    core = take_core(headline)
    assert (core.text, core.affixes) == (headline, ())


@pytest.mark.parametrize(
    "headline", ["Reuters", "Breaking: news", "Video", "عاجل", "Home | BBC News", "...", "!!!", ""]
)
def test_a_headline_is_never_taken_whole(headline: str) -> None:
    """Too little would be left, so all stays."""
    assert take_core(headline).text == headline


@pytest.mark.parametrize(
    ("headline", "core", "cut"),
    [
        ("Harbour bridge opens ear...", "Harbour bridge opens ear", "end"),
        ("Harbour bridge opens… - BBC News", "Harbour bridge opens", "end"),
        ("…harbour bridge opens early", "harbour bridge opens early", "start"),
        ("افتتاح جسر الميناء ..", "افتتاح جسر الميناء", "end"),
        ("Harbour bridge opens.", "Harbour bridge opens.", ""),
        ("Harbour.. bridge opens", "Harbour.. bridge opens", ""),
    ],
)
def test_marks_tell_where_a_headline_is_cut(headline: str, core: str, cut: str) -> None:
    """Two full stops or more at an end are a cut; one is none, nor are those between words."""
    found = take_core(headline)
    assert (found.text, found.cut) == (core, cut)


def test_affixes_are_told_as_shown_in_their_order() -> None:
    """What was taken off can be shown to an analyst."""
    headline = "BREAKING | Watch: Harbour bridge opens early (Video) - The Hillsboro Times"
    assert take_core(headline).affixes == ("BREAKING", "Watch", "Video", "The Hillsboro Times")
