"""Quotations with their speakers, in passages that are measured on and never tuned to."""

from eval.floors import hold
from eval.quotations import found_in, read, right_of


def test_quotations_of_the_frozen_passages() -> None:
    """Span, kind and speaker, of all and of the direct ones."""
    passages = read("unseen")
    assert len(passages) >= 30
    for name, kinds in (("all", ("direct", "indirect")), ("direct", ("direct",))):
        marked = sum(one.kind in kinds for passage in passages for one in passage.quotes)
        found = sum(one.kind in kinds for passage in passages for one in found_in(passage))
        right = sum(one.kind in kinds for passage in passages for one in right_of(passage))
        print(f"{name}: {right} right of {found} found and {marked} marked")
        hold(f"unseen_quotes_{name}_f1", 2 * right / (found + marked), "enrich")
