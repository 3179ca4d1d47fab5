"""What records of other people's standards share: their own spelling of names, and nothing where there is no value.

A field without a value is left out, for those standards know no null; a field that they do not know is refused.
"""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class Foreign(BaseModel):
    """A record, or a part of one, in another standard's terms; written by alias, without what is None."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, hide_input_in_errors=True
    )


class WithoutNull(GenerateJsonSchema):
    """The JSON Schema of a record whose empty fields are left out: they are not required, and null is no value."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Describe only what is not null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave out the default None, which is never written."""
        described = super().default_schema(schema)
        return {name: value for name, value in described.items() if (name, value) != ("default", None)}
