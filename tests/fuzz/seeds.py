"""What the fuzzer begins with: the golden pages, a few bad ones, and the words that its inputs are put together from.

In: the numbers of the forms, from `harness`. Out: files in a folder, and a dictionary as libFuzzer reads it.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from fuzz.harness import BARE_ARABIC, BARE_HTML, BARE_TEXT, HTML, JSON, LONG_HTML, LONG_TEXT, TEXT

from worker.split.html import ARIA_ROLES, DROPPED, MEANINGFUL, REGIONS
from worker.split.markers import KINDS, phrases_of

GOLDEN = Path(__file__).parents[1] / "golden"

LONGEST_WORD = 60
"""Bytes: libFuzzer takes no words of more than 64."""

SIGNS = (
    *(
        "\n",
        "\r\n",
        "\x85",
        "\u2028",
        "\u00a0",
        "\0",
        "\x1b",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u200f",
        "\u202e",
    ),
    *(
        "\u2067",
        "\u2069",
        "\ufffd",
        "•",
        "- ",
        "1. ",
        ": ",
        " / ",
        "。",
        "؟",
        "…",
        "©",
        "»",
        "”",
        "07:45",
        "2 March 2024",
    ),
    *("Ø£", "ط£", "Р°", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype html>", "&amp;", "&#0;", "&#xD800;", " hidden"),
    *(" style=display:none", " href=/x", " class=comments", " id=story-body", " datetime=2024-03-02", '="', "='"),
    *('"@type":"NewsArticle"', '"headline":"', '"datePublished":"2024-03-02"', '"author":[{"name":"Ida Holm"}]'),
    *('{"content":"', '","content_type":"text/html"', "\\u0000", "\\ud800", "\xff", "https://news.example/"),
    "The council approved a plan on Monday, said",
)
TAGS = (
    *("p", "br", "div", "ul", "li", "table", "td", "a", "b", "span", "h1", "h2", "pre", "article", "main", "section"),
    *("meta", "link", "html", "body", "plaintext", "frameset", "header"),
)

ELEMENTS = (*TAGS, *REGIONS, *MEANINGFUL, *(tag for tag in sorted(DROPPED) if tag.isalpha()))

PHRASES_OF_KIND = 4
"""Of each kind in the dictionary, from which libFuzzer takes all words alike: the thousand others lead nowhere else."""

BAD = {
    "empty-text": (TEXT, ""),
    "signs": (TEXT, "".join(SIGNS)),
    "signs-in-lines": (TEXT, "\n".join(SIGNS)),
    "signs-in-html": (HTML, "".join(SIGNS)),
    "elements": (HTML, "".join(f"<{tag}>Rain</{tag}>" for tag in ELEMENTS)),
    "many-titles": (LONG_TEXT, "Read also\nFerry returns\n"),
    "many-headings": (LONG_TEXT, "Most read\nBy Ines\n07:45\n"),
    "deep": (LONG_HTML, "<div>"),
    "unclosed": (LONG_HTML, "<table><a href=x><p>Latest: a"),
    "scripts": (LONG_HTML, "<script>x<b c='</script><h1>R</h1>"),
    "no-object": (JSON, "[1]"),
    "no-content": (JSON, '{"url":"https://news.example/"}'),
    "no-text": (JSON, '{"content":3}'),
    "no-type": (JSON, '{"content":"Rain","content_type":"text/csv"}'),
    "too-deep": (JSON, '{"content":"Rain","more":[[[[[[[]]]]]]]}'),
    "no-lines": (BARE_TEXT, " \u00a0\n"),
    "too-many-lines": (BARE_TEXT, "a\n" * 101),
    "json": (JSON, '{"content":"Rain\\n\\nIt rained.","content_type":"text/html","fetched_at":"2024-03-02T10:00:00Z"}'),
}


def write_seeds(folder: Path) -> None:
    """Write the inputs to begin with, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (form, text) in BAD.items():
        _write(folder / name, form, text.encode())
    for case in sorted(GOLDEN.iterdir()):
        for file, forms in (("page.txt", (TEXT, BARE_TEXT)), ("page.html", (HTML, BARE_HTML)), ("raw.json", (JSON,))):
            for form in forms if (case / file).exists() else ():
                _write(folder / f"{case.name}-{form}", form, (case / file).read_bytes())
    arabic = (GOLDEN / "ar_html_article" / "page.html").read_text("utf-8")
    _write(folder / "windows-1256", BARE_ARABIC, arabic.encode("cp1256", "xmlcharrefreplace"))


def _write(file: Path, form: int, data: bytes) -> None:
    file.write_bytes(bytes([form]) + data)


def write_dictionary(file: Path) -> None:
    """Write the words: phrases of several languages, tags and signs."""
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()[:LONGEST_WORD]) for word in _words())
    file.write_text("".join(f'"{word}"\n' for word in dict.fromkeys(quoted)), "ascii")


def _words() -> Iterator[str]:
    yield from SIGNS
    for kind in KINDS:
        yield from sorted(phrases_of(kind), key=lambda phrase: sha256(phrase.encode()).digest())[:PHRASES_OF_KIND]
    for tag in ELEMENTS:
        yield f"<{tag}>"
        yield f"</{tag}>"
    for role in ARIA_ROLES:
        yield f"<div role={role}>"
