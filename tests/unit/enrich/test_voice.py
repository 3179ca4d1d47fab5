"""The lists of attribution words: each entry can match."""

import tomllib
from importlib.resources import files

import pytest

from worker.enrich.lexicon import fold
from worker.enrich.words import words_of

LISTS = tomllib.loads(files("worker").joinpath("data", "attribution.toml").read_text("utf-8"))
OF_SEVERAL_WORDS = frozenset(("verbs", "phrases", "impersonal", "pronouns"))
OF_VERBS = (
    "participles",
    "with_object",
    "addressed",
    "bare",
    "half_bare",
    "relays",
    "prefixed",
    "passives",
    "postposed",
)


@pytest.mark.parametrize("language", LISTS)
def test_every_entry_can_match(language: str) -> None:
    """Lists that are compared with one word hold single words, lists of verbs name verbs, and nothing stands twice."""
    entry = LISTS[language]
    cues = [words_of(cue).keys for cue in (*entry["verbs"], *entry.get("phrases", ()))]
    for name, words in entry.items():
        if isinstance(words, list):
            keys = list(map(fold, words))
            assert len(keys) == len(set(keys)), name
            assert name in OF_SEVERAL_WORDS or all(len(word.split()) == 1 for word in words), name
    ends = {key for cue in cues for key in (cue[0], cue[-1])}
    for name in OF_VERBS:
        assert ends.issuperset(map(fold, entry.get(name, ()))), name
