"""The README's first screen is true: the page it shows gives the record it shows."""

import json
import re
from pathlib import Path
from typing import Any

from worker.decode import Limits, RawMessage
from worker.pipeline import Context, Processed, process

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def block(language: str) -> str:
    """Return the first code block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def assert_shown(shown: Any, real: Any, place: str) -> None:
    """Assert that all that is shown stands in the real record, lists whole."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_shown(value, real[name], f"{place}.{name}")
    elif isinstance(shown, list):
        assert len(shown) == len(real), place
        for number, value in enumerate(shown):
            assert_shown(value, real[number], f"{place}[{number}]")
    else:
        assert shown == real, place


def test_the_page_of_the_readme_gives_its_record() -> None:
    """Every field in the README's JSON is what the pipeline gives for the README's page."""
    message = RawMessage(block("text").encode(), "text/plain", timestamp_ms=0)
    processed = process(message, Context(Limits(max_message_bytes=10**6, max_lines=1000, max_depth=32)))
    assert isinstance(processed, Processed)
    assert [story.kind for story in processed.stories] == ["main", "embedded"]
    assert_shown(json.loads(block("json")), processed.stories[0].model_dump(), "story")
