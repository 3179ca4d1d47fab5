"""Which figures stand in a headline, in whatever way they are written."""

import pytest

from worker.dedup.reading import read


def figures(headline: str, language: str | None = None) -> list[tuple[str, str, str]]:
    """Return value, unit and kind of the headline's figures."""
    return [(figure.value, figure.unit, figure.kind) for figure in read(headline, language).figures]


def values(headline: str, language: str | None = None) -> list[str]:
    """Return the values of the headline's figures."""
    return [figure.value for figure in read(headline, language).figures]


@pytest.mark.parametrize(
    ("headline", "language", "expected"),
    [
        ("Fifty-two ships leave", "en", "52"),
        ("One hundred and twenty-five ships leave", "en", "125"),
        ("Two thousand five hundred ships leave", "en", "2500"),
        ("A million and a half visitors", "en", "1500000"),
        ("Two and a half million visitors", "en", "2500000"),
        ("Half a million visitors", "en", "500000"),
        ("1.5 million visitors", "en", "1500000"),
        ("14 million and 900 thousand visitors", "en", "14900000"),
        ("غادرت خمس وعشرون سفينة", "ar", "25"),
        ("غادرت مئتان وخمسون سفينة", "ar", "250"),
        ("ثمانية عشر زائرا", "ar", "18"),
        ("أحد عشر زائرا", "ar", "11"),
        ("مليونا زائر للميناء", "ar", "2000000"),
        ("ألفان وخمسمئة زائر", "ar", "2500"),
        ("14 مليونا و900 ألف زائر", "ar", "14900000"),
        ("مليون ونصف المليون زائر", "ar", "1500000"),
        ("مليونا ونصف المليون زائر", "ar", "1500000"),
        ("مئة سفينة", "ar", "100"),
        ("نصف مليون زائر", "ar", "500000"),
        ("٥ ملايين زائر", "ar", "5000000"),
        ("Zweiundfünfzig Schiffe", "de", "52"),
        ("Anderthalb Millionen Besucher", "de", "1500000"),
        ("Quatre-vingt-dix-sept navires", "fr", "97"),
        ("Soixante et onze navires", "fr", "71"),
        ("Un million et demi de visiteurs", "fr", "1500000"),
        ("Treinta y cinco barcos", "es", "35"),
        ("Medio millón de visitantes", "es", "500000"),
        ("Vinte e cinco navios", "pt", "25"),
        ("Cinquantadue navi", "it", "52"),
        ("Tweeënvijftig schepen", "nl", "52"),
        ("Двадцать пять кораблей", "ru", "25"),
        ("Полтора миллиона гостей", "ru", "1500000"),
        ("П'ятдесят два кораблі", "uk", "52"),
        ("Yirmi beş gemi", "tr", "25"),
        ("بیست و پنج کشتی", "fa", "25"),
        ("ڈیڑھ کروڑ مسافر", "ur", "15000000"),
        ("三百人", "zh", "300"),
        ("1.2亿人次", "zh", "120000000"),
        ("3億5千万円", "ja", "350000000"),
        ("3억5천만원", "ko", "350000000"),
        ("Seribu lima ratus kapal", "id", "1500"),
        ("Dwadzieścia pięć statków", "pl", "25"),
        ("साढ़े 3.5 लाख यात्री", "hi", "350000"),
    ],
)
def test_number_words_are_read(headline: str, language: str, expected: str) -> None:
    """Each language's number and scale words give the value that digits would."""
    assert values(headline, language) == [expected]


@pytest.mark.parametrize(
    ("printed", "language", "value"),
    [
        ("1,500", "en", "1500"),
        ("1.500", "de", "1500"),
        ("1 500", "fr", "1500"),
        ("1\u00a0500", "ru", "1500"),
        ("١٬٥٠٠", "ar", "1500"),
        ("۱٬۵۰۰", "fa", "1500"),
        ("1'500", "de", "1500"),
        ("1,234.56", "en", "1234.56"),
        ("1.234,56", "de", "1234.56"),
        ("3,5", "fr", "3.5"),
        ("٣٫٥", "ar", "3.5"),
        ("3.50", "en", "3.5"),
        ("007", "en", "7"),
        ("1,500,000", "en", "1500000"),
        ("0.125", "en", "0.125"),
        ("-5", "en", "-5"),
        ("−5", "en", "-5"),
        ("1½", "en", "1.5"),
    ],
)
def test_digits_are_read_as_their_language_groups_them(printed: str, language: str, value: str) -> None:
    """Digits of all scripts, grouping and decimal marks give one canonical decimal string."""
    assert values(printed, language) == [value]


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("$5m for the bridge", ("5000000", "usd", "count")),
        ("$ 5 million for the bridge", ("5000000", "usd", "count")),
        ("5 million dollars for the bridge", ("5000000", "usd", "count")),
        ("£1.5bn for the bridge", ("1500000000", "gbp", "count")),
        ("200k visitors at the bridge", ("200000", "", "count")),
        ("Trade up 3.5% at the port", ("3.5", "%", "count")),
        ("Trade up 3.5 per cent at the port", ("3.5", "%", "count")),
        ("Bridge of 1.375 percent steel for the port", ("1.375", "%", "count")),
        ("Port wins 3-1 at home", ("3-1", "", "score")),
        ("Port wins 3 – 1 at home", ("3-1", "", "score")),
        ("Trade to grow 5-7% at the port", ("5-7", "%", "range")),
        ("The port in 2024 and the bridge", ("2024", "", "year")),
        ("The bridge opens May 12", ("05-12", "", "date")),
        ("The bridge opens 12 May 2024", ("2024-05-12", "", "date")),
        ("The bridge opens on 12/05/2024", ("2024-05-12", "", "date")),
        ("The bridge opens on the first of May", ("05-01", "", "date")),
        ("The bridge opens in May", ("05", "", "month")),
        ("The bridge opens at 10:30", ("10:30", "", "time")),
        ("The bridge opens at 5pm", ("17:00", "", "time")),
        ("The 2nd bridge of the port", ("2", "", "ordinal")),
        ("The second bridge of the port", ("2", "", "ordinal")),
        ("The port of the 1990s", ("1990", "", "decade")),
        ("A 50-year-old bridge", ("50", "year", "count")),
    ],
)
def test_units_and_kinds_are_told(headline: str, expected: tuple[str, str, str]) -> None:
    """Currencies, percent, scores, dates, times and ordinals are known, however they are written."""
    assert figures(headline, "en") == [expected]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("الجسر يفتح في 12 مايو", "الجسر يفتح في ١٢ من أيار", "ar"),
        ("El puente abre el 12 de mayo de 2024", "El puente abre el 12/05/2024", "es"),
        ("الجسر يفتح في 12 تشرين الثاني", "الجسر يفتح في 12 نوفمبر", "ar"),
        ("الجسر يفتح في تشرين الثاني", "الجسر يفتح في نوفمبر", "ar"),
        ("El puente abre el 1 de mayo", "El puente abre el primero de mayo", "es"),
        ("5月12日に開通", "５月１２日に開通", "ja"),
        ("다리 5월 12일 개통", "다리 5월12일 개통", "ko"),
        ("مقتل 900 شخص", "مقتل تسعمئة شخص", "ar"),
        ("غادر ب3 قوارب", "غادر بـ3 قوارب", "ar"),
    ],
)
def test_two_ways_to_write_a_figure_give_the_same_words(one: str, other: str, language: str) -> None:
    """A figure is one word by its value, so headlines that differ in its spelling share their words."""
    assert read(one, language).words == read(other, language).words


@pytest.mark.parametrize(
    ("headline", "word"),
    [
        ("F-16 lands at the port", "f16"),
        ("Covid-19 closes the port", "covid19"),
        ("Covid 19 closes the port", "covid19"),
        ("G7 meets at the port", "g7"),
        ("The 5G network of the port", "5g"),
        ("H5N1 found at the port", "h5n1"),
        ("Boeing 737 lands at the port", "boeing737"),
        ("مجموعة G20 في الميناء", "g20"),
        ("No. 5 of the port", "no5"),
    ],
)
def test_a_name_with_digits_is_a_word(headline: str, word: str) -> None:
    """Names of roads, planes, viruses and groups are no figures."""
    reading = read(headline)
    assert word in reading.words
    assert reading.figures == ()


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Thousands at the port", "en"),
        ("آلاف الزوار في الميناء", "ar"),
        ("الفريق في نصف النهائي", "ar"),
        ("Tausende am Hafen", "de"),
        ("Half of the port is closed", "en"),
        ("The port may open", "en"),
        ("Sailors march to the port", "en"),
        ("一个港口", "zh"),
    ],
)
def test_vague_amounts_are_no_figures(headline: str, language: str) -> None:
    """Thousands, halves of what is no number, and articles have no value."""
    assert figures(headline, language) == []


def test_a_join_does_not_add_what_is_counted_apart() -> None:
    """Two counts with "and" between them stay two."""
    assert values("Two million and five ships", "en") == ["2000000", "5"]
    assert values("Five and six ships", "en") == ["5", "6"]
    assert values("25 dead and 30 hurt", "en") == ["25", "30"]


def test_place_is_that_of_the_figures_word() -> None:
    """`words[place]` is the figure, also behind words that were joined into one."""
    reading = read("Two hundred ships and 3.5 million visitors on May 12", "en")
    assert reading.words == ("200", "ships", "and", "3500000", "visitors", "on", "05-12")
    assert [reading.words[figure.place] for figure in reading.figures] == ["200", "3500000", "05-12"]


def test_a_number_of_thousands_of_digits_is_read() -> None:
    """Python refuses to convert such a string, and conversion would take quadratic time."""
    assert values("1" * 50_000 + " ships", "en") == ["1" * 50_000]
    assert values("1" * 50_000 + " million ships", "en") == ["1" * 50_000 + "000000"]
    assert values("1," * 20_000 + "1", "en") == ["1" * 20_001]
