"""Splitting text pages: roles, stories and related headlines in the layouts that news pages come in."""

import pytest

from worker.split import split
from worker.split.model import SplitPage

LEAD = "The council approved a plan on Monday that will close the old bridge for two years, officials said."
MORE = "Drivers will be sent through the northern tunnel, which was widened last spring for this purpose."
END = "The work is expected to cost four million euros and to end before the winter of next year."


def page_of(*lines: str) -> SplitPage:
    """Split a page of these lines, a blank one between each two."""
    return split("\n\n".join(lines), "text/plain")


def roles(page: SplitPage) -> list[str]:
    """Return the roles in page order."""
    return [block.role for block in page.blocks]


def headlines(page: SplitPage) -> list[str | None]:
    """Return the headline of each story."""
    return [story.headline.of(page.text) if story.headline else None for story in page.stories]


def paragraphs(page: SplitPage, story: int = 0) -> list[str]:
    """Return the paragraphs of a story."""
    return [span.of(page.text) for span in page.stories[story].paragraphs]


def related(page: SplitPage) -> list[str]:
    """Return the related headlines."""
    return [item.headline for item in page.related]


def test_a_headline_and_paragraphs_are_an_article() -> None:
    """The first short line is the headline, the prose below it the body."""
    page = page_of("Old bridge closes for two years", LEAD, MORE)
    assert page.layout == "article"
    assert headlines(page) == ["Old bridge closes for two years"]
    assert paragraphs(page) == [LEAD, MORE]


def test_the_head_of_an_aggregator_page_is_told_apart() -> None:
    """Source, crawl stamp, headline printed twice, date, dateline and body each have their role."""
    page = page_of(
        "صدى الوادي:\n2024-03-02@10:15:00 GMT",
        "إغلاق الجسر القديم لمدة عامين",
        "تاريخ النشر: 2nd, March 2024 GMT",
        "إغلاق الجسر القديم لمدة عامين",
        "صدى الوادي / المدينة / وكالات",
        "أقر مجلس المدينة يوم الاثنين خطة لإغلاق الجسر القديم أمام حركة السيارات لمدة عامين.",
        "\u00a0",
        "المصدر: صدى الوادي",
    )
    expected = [
        *("source_line", "timestamp", "headline", "timestamp", "headline"),
        *("dateline", "paragraph", "credit"),
    ]
    assert roles(page) == expected
    assert page.blocks[4].rule == "headline_repeated"
    assert headlines(page) == ["إغلاق الجسر القديم لمدة عامين"]


def test_a_title_and_prose_below_read_also_are_an_embedded_story() -> None:
    """After the credit has closed the article, a title with prose of its own is another story."""
    page = page_of(
        "إغلاق الجسر القديم لمدة عامين",
        "أقر مجلس المدينة يوم الاثنين خطة لإغلاق الجسر القديم أمام حركة السيارات لمدة عامين.",
        "المصدر: صدى الوادي",
        "إقرأ أيضاً:",
        "نفق الشمال يستقبل ضعف عدد السيارات",
        "تابع أحدث الأخبار عبر تطبيق",
        "استقبل نفق الشمال خلال الأسبوع الماضي ضعف عدد السيارات المعتاد، بحسب إدارة المرور.",
        "مقالات مشابهة",
        "  • نفق الشمال يستقبل ضعف عدد السيارات\n  • رصيف جديد للعبارات..! ",
    )
    assert page.layout == "aggregator"
    assert [story.kind for story in page.stories] == ["main", "embedded"]
    assert headlines(page)[1] == "نفق الشمال يستقبل ضعف عدد السيارات"
    assert len(paragraphs(page, 1)) == 1
    assert "promo" in roles(page)
    assert related(page) == ["نفق الشمال يستقبل ضعف عدد السيارات", "رصيف جديد للعبارات..!"]


def test_a_bullet_belongs_to_the_block_and_not_to_the_headline() -> None:
    """The block covers the whole line; the item is what the bullet stands before."""
    page = page_of("Old bridge closes", LEAD, "Related articles", "• Tunnel traffic doubles in a week")
    block, item = page.blocks[-1], page.related[0]
    assert page.text[block.start : block.end] == "• Tunnel traffic doubles in a week"
    assert page.text[item.start : item.end] == item.headline == "Tunnel traffic doubles in a week"


@pytest.mark.parametrize("mark", ["• ", "- ", "* ", "+ ", "– ", "1. ", "2) ", "١- ", "■", "» ", ""])
def test_related_lists_are_read_with_any_bullet_or_none(mark: str) -> None:
    """Dots, dashes, numbers, or plain lines below a related heading."""
    titles = ["Tunnel traffic doubles in a week", "Ferry returns to the old harbour"]
    page = page_of("Old bridge closes", LEAD, "Related stories", *(mark + title for title in titles))
    assert related(page) == titles
    assert page.layout == "article_with_related"


@pytest.mark.parametrize(
    ("heading", "headline", "prose", "title"),
    [
        ("Mehr zum Thema", "Brücke bleibt gesperrt", "Die alte Brücke bleibt bis zum Winter gesperrt.", "Neuer Tunnel"),
        ("À lire aussi :", "Le pont reste fermé", "Le vieux pont restera fermé jusqu’à l’hiver prochain.", "Le tunnel"),
        (
            "Te puede interesar",
            "El puente cierra",
            "El viejo puente permanecerá cerrado hasta el invierno.",
            "El túnel",
        ),
        ("Veja também", "A ponte fecha", "A velha ponte ficará fechada até o próximo inverno, disse ele.", "O túnel"),
        ("Leggi anche", "Il ponte chiude", "Il vecchio ponte resterà chiuso fino al prossimo inverno.", "Il tunnel"),
        ("Читайте также:", "Мост закрыт", "Старый мост останется закрытым до следующей зимы, сообщили.", "Туннель"),
        ("İlgili Haberler", "Köprü kapandı", "Eski köprü gelecek kışa kadar kapalı kalacak, denildi.", "Tünel doldu"),
        (
            "Zobacz także",
            "Most zamknięty",
            "Stary most pozostanie zamknięty do następnej zimy w mieście.",
            "Tunel pełny",
        ),
        ("Mohlo by vás zajímat", "Most uzavřen", "Starý most zůstane uzavřen až do příští zimy, uvedli.", "Tunel plný"),
        ("Διαβάστε επίσης", "Η γέφυρα κλείνει", "Η παλιά γέφυρα θα μείνει κλειστή ως τον χειμώνα.", "Το τούνελ"),
        ("اخبار مرتبط", "پل بسته ماند", "پل قدیمی شهر تا زمستان آینده به روی خودروها بسته می‌ماند.", "تونل شلوغ"),
        ("یہ بھی پڑھیں", "پل بند رہے گا", "پرانا پل اگلے موسم سرما تک گاڑیوں کے لیے بند رہے گا۔", "سرنگ مصروف"),
        (
            "相关阅读",
            "老桥关闭两年",
            "市议会周一批准了一项计划，老桥将对车辆关闭两年，官员说。",
            "北隧道车流量翻倍创新高",
        ),
        (
            "関連記事",
            "古い橋が閉鎖",
            "市議会は月曜日、古い橋を二年間閉鎖する計画を承認した。",
            "北トンネルの交通量が倍増",
        ),
        (
            "관련 기사",
            "다리 폐쇄",
            "시의회는 월요일 오래된 다리를 2년 동안 폐쇄하는 계획을 승인했다고 밝혔다.",
            "터널 교통량",
        ),
        ("यह भी पढ़ें", "पुल बंद रहेगा", "पुराना पुल अगली सर्दियों तक वाहनों के लिए बंद रहेगा, अधिकारियों ने कहा।", "सुरंग में भीड़"),
    ],
)
def test_related_headings_are_known_in_many_languages(heading: str, headline: str, prose: str, title: str) -> None:
    """The same shape is read in every language of the lexicon."""
    entry = f"{title} {title} {title}"
    page = page_of(headline, prose, heading, f"• {entry}")
    assert headlines(page) == [headline]
    assert paragraphs(page) == [prose]
    assert related(page) == [entry]


def test_a_link_in_the_text_leaves_the_body_and_the_body_goes_on() -> None:
    """The phrase is a marker, the title behind it a related item, and the story is still one."""
    page = page_of("Old bridge closes", LEAD, "Read also: Tunnel traffic doubles in a week", MORE)
    assert paragraphs(page) == [LEAD, MORE]
    assert related(page) == ["Tunnel traffic doubles in a week"]
    assert roles(page) == ["headline", "paragraph", "marker", "related_item", "paragraph"]


def test_a_link_on_its_own_line_does_not_open_a_story() -> None:
    """A title that the prose below is not about is a link, and the article goes on."""
    page = page_of("Old bridge closes", LEAD, "Read also:", "Choir wins a national prize", MORE, END)
    assert len(page.stories) == 1
    assert paragraphs(page) == [LEAD, MORE, END]
    assert related(page) == ["Choir wins a national prize"]


def test_a_story_is_embedded_even_without_a_credit_above_it() -> None:
    """A title whose words come back in the prose below, and not above, is that prose's headline."""
    body = "The youth choir won the national prize in the capital on Sunday, its first prize in ten years."
    page = page_of("Old bridge closes", LEAD, MORE, "Read also:", "Youth choir wins the national prize", body)
    assert headlines(page) == ["Old bridge closes", "Youth choir wins the national prize"]
    assert paragraphs(page, 1) == [body]


def test_a_paragraph_that_begins_with_the_words_stays_a_paragraph() -> None:
    """A phrase alone never decides: a sentence is prose whatever it begins with."""
    opening = "Read also the council's own report, which explains at length why the bridge has to be closed."
    page = page_of("Old bridge closes", LEAD, opening, END)
    assert paragraphs(page) == [LEAD, opening, END]
    assert page.related == ()


def test_the_topics_under_see_also_are_no_headlines() -> None:
    """An encyclopaedia's list of terms is not a list of other stories."""
    page = page_of("Lighthouse", LEAD, MORE, "See also", "- Lightvessel\n- Fog signal\n- Fresnel lens", END)
    assert page.related == ()
    assert len(page.stories) == 1


def test_most_read_and_latest_lists_are_not_related() -> None:
    """They are items with rules of their own, and not in the page's related headlines."""
    page = page_of(
        "Old bridge closes",
        LEAD,
        "Related",
        "Tunnel traffic doubles in a week",
        "Most read",
        "1. Storm brings down the old oak",
        "Latest news",
        "- Library extends its opening hours",
    )
    assert related(page) == ["Tunnel traffic doubles in a week"]
    assert [block.rule for block in page.blocks if block.role == "related_item"] == [
        "related_item",
        "most_read_item",
        "latest_item",
    ]


def test_a_list_in_the_body_is_body() -> None:
    """Bullets make no related list without a heading for one."""
    page = page_of("Old bridge closes", LEAD, "- Buses will run every ten minutes\n- Bicycles may pass", END)
    assert [block.role for block in page.blocks[1:]] == ["paragraph"] * 4


def test_a_single_paragraph_has_no_headline() -> None:
    """Nothing is invented where no line can be a headline."""
    page = page_of(LEAD)
    assert (headlines(page), paragraphs(page)) == ([None], [LEAD])


def test_a_headline_alone_is_a_story_without_body() -> None:
    """The layout says so."""
    page = page_of("Old bridge closes for two years")
    assert page.layout == "headline_only"
    assert headlines(page) == ["Old bridge closes for two years"]


@pytest.mark.parametrize("content", ["", " \n\u00a0\n\t"])
def test_an_empty_page_is_empty(content: str) -> None:
    """No block, no story, no error."""
    page = split(content, "text/plain")
    assert (page.layout, page.blocks, page.stories) == ("empty", (), ())


def test_a_digest_is_as_many_stories_as_it_has_entries() -> None:
    """Under a digest's phrase, each title with prose below it is an item."""
    page = page_of("News in brief", "Old bridge closes", LEAD, "Choir wins prize", MORE, END)
    assert page.layout == "digest"
    assert [story.kind for story in page.stories] == ["item", "item"]
    assert paragraphs(page, 1) == [MORE, END]


def test_the_lines_of_a_head_have_their_roles() -> None:
    """Byline, subhead, caption and time are no paragraphs."""
    page = page_of(
        "Old bridge closes", "Two years of work begin in May", "By Ines Barrow", "27 February 2025", LEAD, MORE
    )
    assert roles(page)[:4] == ["headline", "subhead", "byline", "timestamp"]
    assert page.stories[0].subhead is not None


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Photo: The old bridge in March", "caption"),
        ("Share this article", "navigation"),
        ("© 2025 Valley Courier", "other"),
        ("Tags: bridge, traffic, council", "tags"),
        ("Follow us on Instagram", "promo"),
        ("We use cookies to improve your experience on this site.", "other"),
        ("Updated: 28 February 2025, 10:00", "timestamp"),
        ("Source: Valley Courier", "credit"),
        ("Leave a comment", "navigation"),
    ],
)
def test_lines_around_the_body_are_known_by_their_phrase(line: str, role: str) -> None:
    """What surrounds an article does not become part of its body."""
    page = page_of("Old bridge closes", LEAD, MORE, line)
    assert roles(page)[-1] == role


def test_a_crosshead_is_a_subhead_of_its_story() -> None:
    """A short line between paragraphs parts the body without ending it."""
    page = page_of("Old bridge closes", LEAD, "Buses take another way", MORE)
    assert [(block.role, block.rule) for block in page.blocks][2] == ("subhead", "crosshead")
    assert page.stories[0].subhead is None


def test_what_stands_below_the_lists_is_no_paragraph() -> None:
    """Short lines after the last list are the page's, not the story's."""
    page = page_of("Old bridge closes", LEAD, "Related", "- Tunnel traffic doubles in a week", "Valley Courier Media")
    assert paragraphs(page) == [LEAD]


@pytest.mark.parametrize("content", ["-", "* * *", "•", "-\n\n***\n", "👍"])
def test_a_page_without_a_letter_or_digit_is_no_story(content: str) -> None:
    """A rule or an ornament is nobody's headline."""
    page = split(content, "text/plain")
    assert page.layout == "no_story"
    assert set(roles(page)) == {"other"}
    assert not page.stories


def test_an_ornament_above_the_headline_is_not_it() -> None:
    """The headline is the first line with words."""
    assert headlines(page_of("* * *", "Old bridge closes", LEAD, MORE)) == ["Old bridge closes"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_of_unicode_parts_lines(end: str) -> None:
    """Offsets count in the page as it came, whatever its lines end with."""
    page = split(f"Old bridge closes{end} {LEAD}{end}{MORE}", "text/plain")
    assert headlines(page) == ["Old bridge closes"]
    assert paragraphs(page) == [LEAD, MORE]


@pytest.mark.parametrize("sign", ["\x1c", "\x1d", "\x1e", "\x1f", "\u00a0"])
def test_white_space_within_a_line_parts_no_lines(sign: str) -> None:
    """The information separators are white space, no line ends."""
    assert headlines(page_of(f"Old bridge{sign}closes", LEAD)) == [f"Old bridge{sign}closes"]
