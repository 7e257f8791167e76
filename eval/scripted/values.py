"""A value of a JSON Schema, as a model that reads the schema would give one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
DEEP = 6


@dataclass(frozen=True, slots=True)
class Filler:
    """``words`` gives the strings, ``number`` the numbers; nested values are None if asked."""

    root: Schema
    words: Callable[[], str]
    number: Callable[[Schema], int]
    nested_are_none: bool = False

    def value(self, schema: Schema | None = None, depth: int = 0) -> Any:
        """An instance of ``schema`` (the root when not given)."""
        schema = self._resolved(self.root if schema is None else schema)
        kind = _kind(schema)
        if self.nested_are_none and depth and kind in {"object", "array"}:
            return None
        fixed = [schema["const"]] if "const" in schema else schema.get("enum", ())
        return fixed[0] if fixed else self._made(kind, schema, depth)

    def _made(self, kind: str, schema: Schema, depth: int) -> Any:
        match kind:
            case "object":
                named = schema.get("properties", {}) if depth < DEEP else {}
                return {name: self.value(one, depth + 1) for name, one in named.items()}
            case "array":
                return self._items(schema, depth)
            case "string":
                return self.words()[: schema.get("maxLength")]
            case "integer" | "number":
                return self.number(schema)
        return False if kind == "boolean" else None

    def _items(self, schema: Schema, depth: int) -> list[Any]:
        count = min(max(1, schema.get("minItems", 0)), schema.get("maxItems", DEEP))
        if depth >= DEEP:
            count = schema.get("minItems", 0)
        fixed = schema.get("prefixItems", [])
        after = [schema.get("items", {"type": "string"})] * max(0, count - len(fixed))
        return [self.value(one, depth + 1) for one in [*fixed, *after]]

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(DEEP):
            if "$ref" in schema:
                found: Any = self.root
                for part in schema["$ref"].lstrip("#/").split("/"):
                    found = found[part]
                schema = found
            elif several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                schema = next((one for one in several if one.get("type") != "null"), several[0])
        return schema


def _kind(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    return kind or ("object" if "properties" in schema else "")


def least(schema: Schema) -> int:
    """The smallest number that the schema accepts, 1 when it says nothing."""
    if "minimum" in schema:
        return int(schema["minimum"])
    if "exclusiveMinimum" in schema:
        return int(schema["exclusiveMinimum"]) + 1
    return int(min(1, schema.get("maximum", 1)))
