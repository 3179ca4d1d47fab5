"""How much of an article's body is found, and how much that is none, on pages that people have marked."""

from collections.abc import Callable, Iterator

import pytest
from eval.bodies import Body, aeb_html, aeb_text, fundus_html, fundus_text, score
from eval.composed import DATA
from eval.floors import hold

SETS = {"aeb_text": aeb_text, "aeb_html": aeb_html, "fundus_html": fundus_html, "fundus_text": fundus_text}


@pytest.mark.parametrize("name", SETS)
def test_body_f1(name: str) -> None:
    """The shingles of the page's own story against those of the body that was marked."""
    make: Callable[[], Iterator[Body]] = SETS[name]
    if not (DATA / "aeb.jsonl.zst").exists():
        pytest.skip("aeb and fundus_dev are not there: they hold other people's texts and stay outside the repository")
    found = score(list(make()))
    print(f"{name}: precision {found.precision:.4f}, recall {found.recall:.4f}")
    hold(f"{name}_body_f1", found.f1)
