"""Stories in other people's terms: IPTC ninjs and schema.org, for who reads those already.

In: a story, from `records` or a program that consumes stories. Out: the same story as a model of `schemas`; what the
other standard has no place for is left out, and nothing is added. Pure.
"""

import orjson

from schemas import Story
from schemas.foreign import Foreign
from worker.export import ninjs, schemaorg

EXPORTS = {"ninjs": ninjs.of_story, "schemaorg": schemaorg.of_story}
"""The exports by the name that topic, setting, file and option use."""


def encode(export: str, story: Story) -> bytes:
    """Return a story as JSON in the terms of an export; the same story always gives the same bytes."""
    exported: Foreign = EXPORTS[export](story)
    return orjson.dumps(exported.model_dump(by_alias=True, exclude_none=True))
