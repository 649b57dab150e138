"""The JSON Schema of scenario files, put together from those of the models."""

from __future__ import annotations

from typing import Any

from supportsim.scenario.schema_base import REF, Entry, JsonSchema

INHERITANCE: JsonSchema = {
    "extends": {"type": "string", "description": "the file this one changes"},
    "change": {"type": "object", "description": "dotted path: new value, x 1.1, or old -> new"},
    "remove": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}


def whole(
    model: type[Entry],
    title: str = "supportsim scenario",
    description: str = "One support operation and the time over which it is played.",
    more: JsonSchema = INHERITANCE,
) -> dict[str, Any]:
    """The JSON Schema of a file whose top level is `model`; `more`: keys that the model does not see."""
    definitions: dict[str, Any] = {}
    _define(model, definitions)
    schema = definitions.pop(model.__name__)
    required = schema.pop("required")
    needed = {"anyOf": [{"required": ["extends"]}, {"required": required}]} if more else {"required": required}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description,
        **schema,
        "properties": {**more, **schema["properties"]},
        **needed,
        "$defs": definitions,
    }


def _define(model: type[Entry], definitions: dict[str, Any]) -> None:
    """Add the schema of a model, and of those it refers to."""
    definitions[model.__name__] = {}
    schema = _without_nulls(model.model_json_schema())
    short = model.short_schema()
    schema = {"anyOf": [short, schema]} if short else schema
    definitions[model.__name__] = _linked(schema, definitions)


def _linked(schema: Any, definitions: dict[str, Any]) -> Any:
    """Placeholders of other models become references, and these models are added."""
    if isinstance(schema, list):
        return [_linked(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if REF in schema:
        name = schema[REF]
        if name not in definitions:
            _define(_models()[name], definitions)
        return {"$ref": f"#/$defs/{name}", **{key: value for key, value in schema.items() if key != REF}}
    return {key: _linked(value, definitions) for key, value in schema.items()}


def _models() -> dict[str, type[Entry]]:
    return {model.__name__: model for model in _below(Entry)}


def _below(base: type[Entry]) -> list[type[Entry]]:
    """All models made from one, however often they were made more special."""
    return [model for each in base.__subclasses__() for model in (each, *_below(each))]


def _without_nulls(schema: Any) -> Any:
    """An absent key is absent, never null: pydantic's `null` branches and defaults are taken out."""
    if isinstance(schema, list):
        return [_without_nulls(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    branches = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if "anyOf" in schema and len(branches) == 1 and len(schema["anyOf"]) == 2:
        schema = {**branches[0], **{key: value for key, value in schema.items() if key != "anyOf"}}
    elif branches:
        schema = {**schema, "anyOf": branches}
    return {
        key: _without_nulls(value)
        for key, value in schema.items()
        if not (key in ("default", "title") and not isinstance(value, dict))
    }
