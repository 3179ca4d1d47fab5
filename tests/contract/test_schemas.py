"""The contract: models, generated JSON Schemas, examples, and readers of version 1."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError, create_model

from schemas import EXPORTS, RECORDS
from schemas.json_schema import generate

HERE = Path(__file__).parent
GENERATED = HERE.parents[1] / "schemas" / "json"

MODELS = RECORDS | EXPORTS

every_record = pytest.mark.parametrize("name", sorted(RECORDS))
every_model = pytest.mark.parametrize("name", sorted(MODELS))


def example(name: str) -> dict[str, Any]:
    """Return the frozen version-1 example of a record."""
    loaded: dict[str, Any] = json.loads((HERE / "v1" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def committed_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema as committed."""
    loaded: dict[str, Any] = json.loads((GENERATED / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def read(model: type[BaseModel], document: dict[str, Any]) -> BaseModel:
    """Read a document with a model, from JSON."""
    return model.model_validate_json(json.dumps(document))


@every_model
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    """`make schemas` would change nothing."""
    assert (GENERATED / f"{name}.schema.json").read_text(encoding="utf-8") == generate(MODELS[name], name)


@every_model
def test_every_field_is_documented(name: str) -> None:
    """Each field of a record and of its parts says what it holds, and each part what it is."""
    schema = committed_schema(name)
    for part, definition in {name: schema, **schema.get("$defs", {})}.items():
        assert definition.get("description"), part
        for field, about in definition["properties"].items():
            assert about.get("description"), f"{part}.{field}"


def test_no_schema_file_is_left_over() -> None:
    """Every file under schemas/json belongs to a record."""
    assert {path.name for path in GENERATED.iterdir()} == {f"{name}.schema.json" for name in MODELS}


@every_model
def test_the_example_satisfies_the_json_schema(name: str) -> None:
    """A consumer that validates by JSON Schema accepts the example, and refuses it with a field of the wrong type."""
    validator = jsonschema.Draft202012Validator(committed_schema(name))
    validator.validate(example(name))
    first = next(iter(example(name)))
    assert not validator.is_valid({**example(name), first: {"wrong": "type"}})


@every_record
def test_a_version_1_record_is_read_whole(name: str) -> None:
    """Today's model reads the frozen version-1 record and writes every field back unchanged."""
    written = json.loads(read(RECORDS[name], example(name)).model_dump_json(by_alias=True))
    for field, value in example(name).items():
        if field != "fetched_at":
            assert written[field] == value, field


@every_record
def test_a_model_with_an_added_field_still_reads_version_1(name: str) -> None:
    """An optional addition, the only change version 1 allows, keeps old records readable."""
    extended = create_model(f"{name}Next", __base__=RECORDS[name], added_later=(str | None, None))
    read(extended, example(name))


@every_record
def test_a_version_1_reader_ignores_a_later_field(name: str) -> None:
    """A reader of today accepts the record of a worker of tomorrow."""
    read(RECORDS[name], {**example(name), "added_later": "x"})


@every_record
def test_a_model_that_requires_a_new_field_is_caught(name: str) -> None:
    """The compatibility check can fail: a required addition breaks version 1."""
    broken = create_model(f"{name}Broken", __base__=RECORDS[name], required_now=(str, ...))
    with pytest.raises(ValidationError):
        read(broken, example(name))


@pytest.mark.parametrize("name", sorted(set(RECORDS) - {"raw", "deadletter", "envelope"}))
def test_output_records_always_write_every_field(name: str) -> None:
    """Null is written, never left out, so that a consumer may rely on the key."""
    written = json.loads(read(RECORDS[name], example(name)).model_dump_json())
    assert set(written) == set(RECORDS[name].model_fields)
