"""What HTML states about itself, also where it breaks off or holds what no record can."""

import pytest

from worker.split import split

ARTICLE = '{"@type": "NewsArticle", "datePublished": "2025-02-27"}'


@pytest.mark.parametrize(
    ("script", "published"),
    [
        (ARTICLE, (("jsonld", "2025-02-27"),)),
        (f"{ARTICLE}\n{ARTICLE.replace('27', '28')}", (("jsonld", "2025-02-27"), ("jsonld", "2025-02-28"))),
        (f'{ARTICLE}, {{"@type": ', (("jsonld", "2025-02-27"),)),
        (f'{{"a": {"1" * 5000}}} {ARTICLE}', ()),
        (ARTICLE.replace("2025", "\\ud800") + " x", ()),
        ("[" * 100_000, ()),
    ],
)
def test_json_ld_is_read_as_far_as_it_is_any(script: str, published: tuple[tuple[str, str], ...]) -> None:
    """Several values behind one another are all read; what comes behind a fault is not."""
    page = split(f'<script type="application/ld+json">{script}</script><h1>Title</h1>', "text/html")
    assert page.facts.published == published


def test_microformats_state_times() -> None:
    """An hAtom entry's title, and microformats2's time."""
    page = split('<div class="hentry"><i class="published" title="2025-02-27T10:00Z"></i></div>', "text/html")
    assert page.facts.published == (("microformat", "2025-02-27T10:00Z"),)
