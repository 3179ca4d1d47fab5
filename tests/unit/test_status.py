"""The status page: what a person sees who has nothing but the worker's port."""

import re

from prometheus_client import CollectorRegistry, Counter, Gauge

from worker.complaints import Complaint
from worker.health import Answer, RoleHealth
from worker.settings import Settings
from worker.status import Rates, Samples, Status, samples_of

LETTERS = ("newsworker_dead_letters_total", (("reason", "too_deep"), ("stage", "decode")))


def samples(letters: float = 3) -> Samples:
    """Return what a worker counts."""
    registry = CollectorRegistry()
    Counter("newsworker_dead_letters", "x", ["stage", "reason"], registry=registry).labels("decode", "too_deep").inc(
        letters
    )
    for name, value in (("newsworker_lag_messages", 1234), ("newsworker_lag_seconds", 61.4)):
        gauge = Gauge(name, "x", ["topic", "partition"], registry=registry)
        for partition in ("10", "9"):
            gauge.labels("news.raw.v1", partition).set(value)
    return samples_of(registry.collect())


def page(*complaints: Complaint, **settings: object) -> str:
    """Return the page of a worker."""
    return Status(
        Settings.model_validate(settings),
        {"split": RoleHealth("publishing_retried", None, 2)},
        {"/live": Answer(healthy=True, text="split: ok\n"), "/ready": Answer(healthy=False, text="split: retried\n")},
        samples(),
        Rates(),
        complaints,
    ).render()


def cells(html: str) -> list[list[str]]:
    """Return the cells of all rows."""
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall("<tr>(.*?)</tr>", html, re.DOTALL)]


def test_it_tells_health_roles_lag_and_counts() -> None:
    """Each in a table; partitions in the order of their numbers."""
    html = page()
    assert '<a href="/ready">/ready</a> <span class="bad">split: retried</span>' in html
    rows = cells(html)
    assert ["split", "publishing_retried", "2", "0.0", "0", "-", "0 %"] in rows
    assert [row for row in rows if row[:1] == ["news.raw.v1"]] == [
        ["news.raw.v1", "9", "1,234", "61"],
        ["news.raw.v1", "10", "1,234", "61"],
    ]
    assert ["too_deep", "decode", "3", "0.00"] in rows


def test_it_tells_what_went_wrong_and_runs_nothing_of_it() -> None:
    """A stranger's text is text."""
    html = page(
        Complaint("2025-03-04T10:15:00Z", "split", "warning", "library", {"message": "<script>alert(1)</script>"})
    )
    assert "warning library" in html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html


def test_it_masks_secrets() -> None:
    """As `newsworker config` does."""
    html = page(ce_source="https://me:secret@worker.example/?token=hush")
    assert "worker.example" in html
    assert "secret" not in html
    assert "hush" not in html


def test_rates_are_those_of_the_last_minute() -> None:
    """From the counters as they were a minute ago; none before the second look."""
    now = [0.0]
    rates = Rates(lambda: now[0])
    assert rates.is_due
    for second, letters in ((0, 0), (30, 300), (60, 360), (90, 420), (120, 480)):
        now[0] = second
        rates.look(samples(letters))
    assert not rates.is_due
    assert rates.of(LETTERS) == 2
    now[0] = 125
    assert rates.is_due
    assert Rates().of(LETTERS) == 0
