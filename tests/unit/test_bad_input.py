"""Bad pages, each by its name: what becomes of it and the reason, and that nothing of it is lost on the way.

One table: a bare page, and its verdict as text and as HTML. That is the reason for which it is refused, or else the
layout that it was read as, and what its stories are flagged with.
"""

import base64
import time
from collections.abc import Iterator

import pytest
from promises import check_page, check_records, check_rendering

from worker.decode import Limits, RawMessage
from worker.errors import Permanent
from worker.pipeline import Context, Processed, process
from worker.settings import Settings
from worker.split import split

DEFAULTS = Settings()
CONTEXT = Context(Limits.of(DEFAULTS))

TITLE = "Old bridge closes for two years"
LEAD = "The council approved a plan on Monday that will close the old bridge for two years, officials said."
MORE = "Drivers will be sent through the northern tunnel, which was widened last spring for this purpose."
PAGE = f"{TITLE}\n\n{LEAD}\n\n{MORE}\n"
FRENCH = (
    "Le vieux pont fermé dès lundi\n\nLe conseil a approuvé à l’unanimité la fermeture du vieux pont jusqu’à l’été.\n"
)
ARABIC = "إغلاق الجسر القديم لمدة عامين\n\nأقر مجلس المدينة يوم الاثنين إغلاق الجسر القديم أمام حركة السيارات لعامين.\n"
RUSSIAN = "Старый мост закроют на два года\n\nГорсовет решил в понедельник закрыть старый мост для машин на два года.\n"
CHINESE = (
    "公园入口关闭两年\n\n市议会周一通过六项计划，公园入口关闭两年，全部车辆其间绕行北部隧道，公共汽车共八路改道。\n"
)
QUOTING = "".join(
    f"Le maire {verb} à\u00a0«\u00a0{word}\u00a0», dit le conseil ce lundi aux voisins du vieux pont.\n\n"
    for verb, word in (("pense", "la ville"), ("tient", "la paix"), ("croit", "la mairie"))
)
"""Clean lines in which something looks like a misread character."""

BOILERPLATE = "Home\nShare\nSubscribe to our newsletter\nWe use cookies\nPrivacy policy\n© 2025 Valley Courier\n"
ISOLATED = f"\u2067{TITLE}\u2069\n\n\u202b{LEAD}\u202c\n\n\u200fRead also\u200f\n• \u2068Night buses run again\u2069\n"
ZERO_WIDTH = f"Old bri\u200bdge closes\n\u200b\n{LEAD}\n\u2060\ufeff\n{MORE}\n" + "\u200d" * 200 + "\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
EVERY_BYTE = bytes(range(256)) * 20

TEXTS = {
    "empty": ("", "empty_message", "empty"),
    "blank": ("\n \u00a0\n", "empty_content", "empty"),
    "one line of prose": (LEAD, "article", "article"),
    "one title": (TITLE, "headline_only no_body", "headline_only no_body"),
    "one line of a million characters": ("x" * 10**6, "article", "article"),
    "200,000 lines": ("a\n" * 199_999 + "a", "article", None),
    "a line more": ("a\n" * 200_000 + "a", "too_large", "too_large"),
    "all boilerplate": (BOILERPLATE, "no_story", "no_story"),
    "a rule": ("-" * 300, "no_story", "no_story"),
    "binary read as Latin-1": (
        EVERY_BYTE.decode("latin-1"),
        "article control_characters",
        "article control_characters",
    ),
    "decoded with replacements": (PAGE.replace("ci", "\ufffd"), "article mojibake", "article mojibake"),
    "Arabic as Windows-1256": (ARABIC.encode().decode("cp1256"), "article mojibake", "article mojibake"),
    "Russian as Windows-1251": (RUSSIAN.encode().decode("cp1251"), "article mojibake", "article mojibake"),
    "French as Windows-1252": (FRENCH.encode().decode("cp1252"), "article mojibake", "article mojibake"),
    "Arabic as Latin-1": (
        ARABIC.encode().decode("latin-1"),
        "article mojibake control_characters",
        "article mojibake control_characters",
    ),
    "Chinese as Latin-1": (
        CHINESE.encode().decode("latin-1"),
        "article mojibake control_characters",
        "article mojibake control_characters",
    ),
    "one misread line among clean ones": (f"{QUOTING}Ã©tÃ© fermÃ©\n", "article", "article"),
    "two misread letters": (PAGE.replace("plan", "prÃ©cÃ©dent"), "article", "article"),
    "Chinese": (CHINESE, "article", "article"),
    "French": (FRENCH, "article", "article"),
    "Russian": (RUSSIAN, "article", "article"),
    "mixed directions": (f"{ARABIC}\n{LEAD}\n\nقال المتحدث إن العنوان قديم: «{TITLE}».\n", "article", "article"),
    "bidi marks and isolates": (ISOLATED, "article_with_related", "article_with_related"),
    "bidi override": (f"\u202e{PAGE}", "article bidi_override", "article bidi_override"),
    "bidi override to the right": (f"\u202d{PAGE}", "article bidi_override", "article bidi_override"),
    "zero-width characters": (ZERO_WIDTH, "article", "article"),
    "nothing but zero-width characters": ("\u200b\u200c\n\ufeff\u2060", "no_story", "no_story"),
    # A parser of HTML leaves NUL out (HTML Living Standard, 13.2.6.4.7), so its page has none.
    "NUL": (PAGE.replace("two", "t\0wo"), "article control_characters", "article"),
    "nothing but NUL": ("\0" * 50, "no_story", "empty"),
}
"""Pages, the verdict on each as text, and as HTML with a paragraph for each line (None: not tried, it takes long)."""

HTMLS = {
    "unclosed": (f"<html><body><div><h1>{TITLE}<p>{LEAD}<p><b>{MORE}", "article"),
    "closed only": ("</div>" * 1000, "empty"),
    "text in tables without rows": (f"<table>{TITLE}<p>{LEAD}<td>{MORE}", "article"),
    "in a comment without end": (f"<h1>{TITLE}</h1><!-- <p>{LEAD}", "headline_only no_body"),
    "in an attribute without end": (f"<h1>{TITLE}</h1><a b='<p>{LEAD}", "headline_only no_body"),
    "in a script without end": (f"<h1>{TITLE}</h1><script><p>{LEAD}", "headline_only no_body"),
    "in plaintext": (f"<plaintext></plaintext><p>{LEAD}", "article"),
    "a frameset": ("<frameset><frame src=x>", "empty"),
    "references to no character": ("&#0;&#xD800;&#x110000;" * 20, "no_story"),
    "replaced characters": (f"<h1>{TITLE}</h1><p>{LEAD}&#xD800;", "article mojibake"),
    "crossed": (f"<b><p><i><h1>{TITLE}</b></i></h1></p><a><p>{LEAD}<a>{MORE}", "article"),
    "10 MiB of div": ("<div>" * (2 * 2**20), "empty"),
}

BYTES = {
    "a picture": (PNG, "invalid_encoding"),
    "every byte": (EVERY_BYTE, "invalid_encoding"),
    "UTF-8 of half a character": (b"Rain\xed\xa0\x80", "invalid_encoding"),
}


def html(text: str) -> str:
    """Return a text page as HTML, a paragraph for each line."""
    return "".join(f"<p>{line}\n" for line in text.split("\n"))


def cases() -> Iterator[object]:
    """Yield a message, the type in its header, and its verdict."""
    for name, (text, as_text, as_html) in TEXTS.items():
        yield pytest.param(text.encode(), "text/plain", as_text, id=f"text: {name}")
        if as_html:
            yield pytest.param(html(text).encode(), "text/html", as_html, id=f"HTML: {name}")
    for name, (markup, verdict) in HTMLS.items():
        yield pytest.param(markup.encode(), "text/html", verdict, id=f"HTML: {name}")
    for name, (value, verdict) in BYTES.items():
        for content_type in ("text/plain", "text/html", "application/json"):
            yield pytest.param(value, content_type, verdict, id=f"{content_type}: {name}")
    yield pytest.param(b'{"content": "\\ud800"}', None, "malformed_json", id="JSON: a lone surrogate")


def outcome(value: bytes, content_type: str | None) -> Processed | str:
    """Return the records of a message, or the reason why there are none."""
    try:
        result = process(RawMessage(value, content_type, 0), CONTEXT)
    except Permanent as refused:
        return refused.reason
    assert isinstance(result, Processed)
    return result


@pytest.mark.parametrize(("value", "content_type", "verdict"), [*cases()])
def test_a_bad_page_has_an_outcome_with_its_reason_and_loses_nothing(
    value: bytes, content_type: str | None, verdict: str
) -> None:
    """It is refused for a reason, or read as a layout with flags; then every character is in one block."""
    result = outcome(value, content_type)
    if isinstance(result, str):
        assert result == verdict
        return
    flags = dict.fromkeys(flag for story in result.stories for flag in story.flags)
    assert " ".join((result.page.layout, *flags)) == verdict
    assert result.outcome == ("published" if result.stories else "no_story")
    check_records(value.decode(), result)


SMALL = {name: text for name, (text, *_) in TEXTS.items() if len(text) < 10**5}
HALVES = {"lone surrogates": f"{TITLE}\ud83d\n\n{LEAD}\udcff\n\ud800\n", "nothing but half a character": "\udfff"}


@pytest.mark.parametrize("text", [*SMALL.values(), *HALVES.values()], ids=[*SMALL, *HALVES])
def test_a_bad_page_is_split_without_loss_as_text_and_as_html(text: str) -> None:
    """What decoding would refuse is no danger to the splitter either."""
    page = split(text, "text/plain")
    assert page.text == text
    check_page(page)
    rendered = split(html(text), "text/html")
    check_page(rendered)
    check_rendering(html(text), rendered)


def test_half_a_character_is_flagged_in_text_and_left_out_of_html() -> None:
    """It has no bytes that a parser could be given; a text page shows that it was read wrongly."""
    content = HALVES["lone surrogates"]
    assert split(content, "text/plain").flags == ("mojibake",)
    assert split(html(content), "text/html").text == f"{TITLE}\n{LEAD}"


def test_characters_that_show_nothing_are_no_part_of_a_story() -> None:
    """Lines of zero-width characters, however long, are neither paragraphs nor crossheads; within words they stay."""
    page = split(ZERO_WIDTH, "text/plain")
    assert [block.role for block in page.blocks] == ["headline", "other", "paragraph", "other", "paragraph", "other"]
    assert page.stories[0].headline is not None
    assert page.stories[0].headline.of(page.text) == "Old bri\u200bdge closes"


@pytest.mark.parametrize("label", ["Related", "Latest: more", "Most read"])
def test_lines_below_a_headline_of_any_length_take_time_in_proportion(label: str) -> None:
    """Each is compared with the headline's beginning alone: with all of it, this page would take 25 s."""
    content = f"<h1>{label[0]}{'é' * 100_000}</h1>" + f"<div>{label}</div>" * 5_000 + f"<p>{LEAD}</p>"
    started = time.thread_time()
    check_page(split(content, "text/html"))
    assert time.thread_time() - started < 5
