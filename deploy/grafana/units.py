"""Numbers as Grafana prints them in a unit, for the picture.

In: a value and the unit's name in the dashboard. Out: three figures at most, and the unit.
"""

from collections.abc import Mapping, Sequence

Scale = Sequence[tuple[float, str]]

SECONDS: Scale = ((86400, " d"), (3600, " h"), (60, " min"), (1, " s"), (1e-3, " ms"), (1e-6, " µs"))
BYTES: Scale = ((2**30, " GiB"), (2**20, " MiB"), (2**10, " KiB"), (1, " B"))
COUNTS: Scale = ((1e9, " B"), (1e6, " M"), (1e3, " K"))

SCALES: Mapping[str, Scale] = {"s": SECONDS, "bytes": BYTES, "percentunit": ((0.01, " %"),), "none": ()}
"""Steps of a unit from above; of others counts, with the words of `ENDINGS`."""

ENDINGS: Mapping[str, str] = {"mps": " msg/s", "recps": " rec/s", "cps": " /s"}


def spell(value: float, unit: str) -> str:
    """Return the value in its unit."""
    scale = SCALES.get(unit, COUNTS)
    step, name = next(((step, name) for step, name in scale if abs(value) >= step), (1, ""))
    if value and scale and name == "" and unit in SCALES:
        step, name = scale[-1]
    if not value and unit == "percentunit":
        name = " %"
    return f"{figures(value / step)}{name}{ENDINGS.get(unit, '')}"


def figures(number: float) -> str:
    """Return three figures at most, without the zeros at their end."""
    return f"{float(f'{number:.3g}'):,.10g}"
