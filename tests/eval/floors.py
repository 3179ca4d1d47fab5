"""The committed floors: a figure may rise above its own and never fall below it."""

import tomllib
from pathlib import Path

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))


def hold(name: str, value: float, room: str = "split") -> None:
    """Print a figure and assert that it has not fallen below its floor."""
    print(f"{name}: {value:.4f} (floor {FLOORS[room][name]})")
    assert value >= FLOORS[room][name]
