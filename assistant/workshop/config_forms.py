"""The configuration of any activity as the fields of a form, and back: from its own schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.workshop.activity import Activity, Form
from assistant.workshop.editing import slug

AnyActivity = Activity[Any, Any, Any]
Widget = Literal["text", "number", "flag", "choice", "one", "several", "lines", "rows"]
PREFIX = "config."
SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One setting. ``one`` and ``several`` choose among ``options`` of the content.

    ``lines`` holds one text a line, ``rows`` one thing a line, its ``columns`` apart by « | ».
    ``value`` is what the form shows: text, a flag, or the chosen values.
    """

    name: str
    widget: Widget
    value: Any
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    low: int | None = None
    high: int | None = None
    columns: tuple[str, ...] = ()


def fields_of(activity: AnyActivity, config: Mapping[str, Any]) -> tuple[ConfigField, ...]:
    """What a trainer may set; what opening settles is left out. Raises ``InvalidConfig``."""
    values = activity.configured(config).model_dump(mode="json")
    schema = activity.Config.model_json_schema()
    required = set(schema.get("required", ()))
    found = []
    for name, told in schema.get("properties", {}).items():
        options = tuple(activity.choices_for(name, values).items())
        widget, shape = _widget(_resolved(told, schema), schema, options)
        if widget is None:
            continue
        value = _shown(widget, values.get(name), shape)
        if widget == "several":  # what is chosen first, in its order: that is the order sent back
            ranks = {one: rank for rank, one in enumerate(value)}
            options = tuple(sorted(options, key=lambda one: ranks.get(one[0], len(ranks))))
        found.append(ConfigField(
            name=name,
            widget=widget,
            value=value,
            required=name in required,
            options=options or tuple((str(v), str(v)) for v in shape.get("enum", ())),
            low=shape.get("minimum"),
            high=shape.get("maximum"),
            columns=tuple(shape.get("columns", ())),
        ))  # fmt: skip
    return tuple(found)


def read_config(activity: AnyActivity, form: Form, before: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration that a form says, unchecked; a field left empty takes its default.

    On another case, what was chosen for the former one is left out.
    """
    values = activity.configured(before).model_dump(mode="json")
    schema = activity.Config.model_json_schema()
    given: dict[str, Any] = {}
    for field in fields_of(activity, before):
        told = _resolved(schema["properties"][field.name], schema)
        read = _read(field, form.get(PREFIX + field.name, ()), told, values.get(field.name))
        if read not in (None, "", []):
            given[field.name] = read
    if given.get("case") != values.get("case"):
        for field in fields_of(activity, before):
            if field.widget == "several":
                given.pop(field.name, None)
    return given


def refilled(fields: Sequence[ConfigField], form: Form) -> tuple[ConfigField, ...]:
    """The fields as they were typed, when what was typed cannot be kept."""
    return tuple(_typed(field, form.get(PREFIX + field.name, ())) for field in fields)


def _typed(field: ConfigField, typed: Sequence[str]) -> ConfigField:
    value: Any = "\n".join(typed)
    if field.widget == "flag":
        value = bool(typed)
    elif field.widget == "several":
        value = tuple(typed)
    return ConfigField(
        field.name, field.widget, value, field.required, field.options, field.low, field.high,
        field.columns,
    )  # fmt: skip


def _resolved(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without its references and without « or nothing »."""
    for other in told.get("anyOf", ()):
        if other.get("type") != "null":
            return _resolved(other, schema)
    if "$ref" in told:
        found: Mapping[str, Any] = schema["$defs"][told["$ref"].rpartition("/")[2]]
        return found
    return told


def _widget(
    told: Mapping[str, Any], schema: Mapping[str, Any], options: Sequence[Any]
) -> tuple[Widget | None, Mapping[str, Any]]:
    inner = _resolved(told.get("items", {}), schema)
    found: Widget | None = _SIMPLE.get(told.get("type"))
    if found == "lines" and options:
        found = "several"
    elif found == "lines" and inner.get("type") == "object":
        columns = [name for name in inner["properties"] if name != "id"]
        return "rows", {**told, "columns": columns}
    elif options:
        found = "one"
    elif "enum" in told or "const" in told:
        return "choice", {**told, "enum": told.get("enum", [told.get("const")])}
    return found, told


_SIMPLE: Mapping[Any, Widget] = {
    "array": "lines", "integer": "number", "boolean": "flag", "string": "text",
}  # fmt: skip


def _shown(widget: Widget, value: Any, shape: Mapping[str, Any]) -> Any:
    if widget == "flag":
        return bool(value)
    if widget == "several":
        return tuple(map(str, value or ()))
    if widget == "lines":
        return "\n".join(value or ())
    if widget == "rows":
        columns = shape["columns"]
        return "\n".join(
            SEPARATOR.join(str(row.get(column) or "") for column in columns).rstrip(SEPARATOR)
            for row in value or ()
        )
    return "" if value is None else str(value)


def _read(field: ConfigField, typed: Sequence[str], told: Mapping[str, Any], before: Any) -> Any:
    if field.widget == "flag":
        return bool(typed)
    if field.widget == "several":
        known = dict(field.options)
        return [value for value in typed if value in known]
    text = "\n".join(typed).strip()
    if field.widget in ("lines", "rows"):
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        return _rows(lines, field.columns, before or ()) if field.widget == "rows" else lines
    if field.widget == "choice":
        values = told.get("enum", [told.get("const")])
        return next((value for value in values if str(value) == text), text)
    if field.widget == "number":
        return int(text) if text.isascii() and text.isdigit() else text
    return text


def _rows(lines: Sequence[str], columns: Sequence[str], before: Sequence[Any]) -> list[Any]:
    """Each line as a thing; one that keeps its first column keeps its id."""
    known = {str(row[columns[0]]): row["id"] for row in before if "id" in row}
    taken: set[str] = set()
    rows = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("|", len(columns) - 1)]
        identifier = known.get(cells[0]) or slug(cells[0])
        root, number = identifier, 2
        while identifier in taken:
            identifier, number = f"{root}-{number}", number + 1
        taken.add(identifier)
        row = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
        rows.append({"id": identifier, **row})
    return rows
