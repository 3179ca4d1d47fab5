"""JSON Schema files, generated from the models: ``schemas/json/<record>.schema.json``."""

import json
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from schemas.foreign import Foreign, WithoutNull

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def generate(record: type[BaseModel], name: str) -> str:
    """Return the JSON Schema of a record as text, stable from run to run."""
    generator = WithoutNull if issubclass(record, Foreign) else GenerateJsonSchema
    schema = record.model_json_schema(by_alias=True, mode="validation", schema_generator=generator)
    document = {"$schema": DIALECT, "$id": f"urn:newsworker:schema:{name}:1", **schema}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_all(records: dict[str, type[BaseModel]], folder: Path) -> list[Path]:
    """Write one file a record and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, record in records.items():
        path = folder / f"{name}.schema.json"
        path.write_text(generate(record, name), encoding="utf-8")
        paths.append(path)
    return paths
