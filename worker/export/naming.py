"""What both exports call things: stories and headlines, the places of a code, each name once.

In: a story's parts. Out: to `ninjs` and `schemaorg`.
"""

from collections.abc import Iterable

from schemas import Entity, Story
from schemas.story import WIRES


def story_urn(story_id: str) -> str:
    """Return the name of a story that is unique among all news objects."""
    return f"urn:newsworker:story:{story_id}"


def headline_urn(headline_id: str) -> str:
    """Return that of a related headline, whose story nobody here has seen."""
    return f"urn:newsworker:headline:{headline_id}"


def is_country(code: str) -> bool:
    """Tell ISO 3166-1 alpha-2 from a GeoNames id."""
    return code.isalpha()


def geonames_url(code: str) -> str:
    """Return the address by which GeoNames names a place in linked data."""
    return f"https://sws.geonames.org/{code}/"


def agencies_of(story: Story) -> list[str]:
    """Return the agencies that have a name: the others are no party that could be an info source."""
    return [agency for agency in story.agencies if agency != WIRES]


def each_once(entities: Iterable[Entity]) -> list[Entity]:
    """Return one entity of each kind and name, in page order: the first that prints a role, else the first."""
    found: dict[tuple[str, str], Entity] = {}
    for entity in entities:
        place = entity.kind, entity.name
        if place not in found or (found[place].role is None and entity.role is not None):
            found[place] = entity
    return list(found.values())


def language_of(story: Story) -> str | None:
    """Return the language's code; None where it could not be told."""
    return None if story.language.code == "und" else story.language.code
