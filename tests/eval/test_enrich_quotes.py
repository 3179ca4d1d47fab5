"""Quotations with their speakers, in passages whose rules are made from some and measured on others."""

import pytest
from eval.floors import hold
from eval.quotations import Passage, found_in, read, right_of

KINDS = {"all": ("direct", "indirect"), "direct": ("direct",), "indirect": ("indirect",)}


@pytest.mark.parametrize("name", ["unseen", "known"])
def test_quotations_of_the_passages(name: str) -> None:
    """Span, kind and speaker, of all and of each kind; no rule was made from the unseen ones."""
    for what, kinds in KINDS.items():
        hold(f"{name}_quotes_{what}_f1", _f1(name, read(name), kinds), "enrich")


def test_quotations_of_all_passages() -> None:
    """Those of both files together, which readers wrote who had not seen the rules, before there were any."""
    passages = [*read("unseen"), *read("known")]
    assert len(passages) >= 60
    assert len({passage.language for passage in passages}) >= 8
    hold("quotes_f1", _f1("both", passages, KINDS["all"]), "enrich")


def _f1(name: str, passages: list[Passage], kinds: tuple[str, ...]) -> float:
    marked = sum(one.kind in kinds for passage in passages for one in passage.quotes)
    found = sum(one.kind in kinds for passage in passages for one in found_in(passage))
    right = sum(one.kind in kinds for passage in passages for one in right_of(passage))
    print(f"{name}, {' and '.join(kinds)}: {right} right of {found} found and {marked} marked")
    return 2 * right / (found + marked)
