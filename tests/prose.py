"""Prose without meaning: words drawn from a seed, so that two seeds have no run of words in common."""

import random

STEMS = (
    "har",
    "bour",
    "mor",
    "ning",
    "coun",
    "cil",
    "fer",
    "ry",
    "win",
    "ter",
    "bri",
    "dge",
    "mar",
    "ket",
    "ves",
    "sel",
)


def prose(seed: int, words: int) -> str:
    """Return so many words, the same for the same seed; a shorter one is the beginning of a longer one."""
    drawn = random.Random(seed)
    return " ".join("".join(drawn.choices(STEMS, k=3)) for _ in range(words))
