"""The JSON Schema of the facts, as other programs read it."""

from typing import Any

from assistant.casefile.facts import Facts
from assistant.casefile.labels import Labels

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def published_schema(labels: Labels) -> dict[str, Any]:
    """The schema of ``Facts`` with the name and the help that people see on each slot."""
    schema = Facts.model_json_schema()
    definitions = schema.get("$defs", {})
    seen: set[str] = set()

    def name(model: dict[str, Any], prefix: str) -> None:
        for slot, described in model.get("properties", {}).items():
            path = f"{prefix}{slot}"
            label = labels.fields.get(path)
            # a block shared by several slots keeps the words of the first
            if label is not None and "description" not in described:
                described["title"] = label.libelle
                if label.aide:
                    described["description"] = label.aide
            for block in _references(described):
                if block not in seen:
                    seen.add(block)
                    name(definitions[block], f"{path}.")

    name(schema, "")
    return {"$schema": DIALECT, **schema}


def _references(described: Any) -> list[str]:
    if isinstance(described, dict):
        own = [described["$ref"].rpartition("/")[2]] if "$ref" in described else []
        return own + [r for value in described.values() for r in _references(value)]
    if isinstance(described, list):
        return [r for value in described for r in _references(value)]
    return []
