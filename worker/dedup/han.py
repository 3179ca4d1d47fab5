"""Chinese characters in their simplified form: Taipei and Beijing write one headline in two ways.

In: text in Han characters. Out: the same, for comparing only (`worker/data/han.toml`).
"""

import tomllib
from functools import cache
from importlib.resources import files


def simplify(text: str) -> str:
    """Return the text with every traditional character that the table knows replaced."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    data = tomllib.loads(files("worker").joinpath("data", "han.toml").read_text(encoding="utf-8"))
    return dict(zip(map(ord, data["traditional"].strip()), data["simplified"].strip(), strict=True))
