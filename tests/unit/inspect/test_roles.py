"""The colours of roles."""

from typing import get_args

import pytest

from schemas.page import Role
from worker.inspect.roles import LOOKS


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2.2 has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_has_a_colour_that_can_be_read(role: Role) -> None:
    """Ink on paper, and the text's own colour on it, have at least the contrast that WCAG 2.2 asks for (AA)."""
    look = LOOKS[role]
    for ink in (look.ink, "#1b1b1b"):
        assert (luminance(look.paper) + 0.05) / (luminance(ink) + 0.05) >= 4.5
    assert len({other.ink for other in LOOKS.values()}) == len(LOOKS)
