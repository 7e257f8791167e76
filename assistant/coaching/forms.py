"""Questions as form fields, and what a browser sends back as values of slots.

The values are checked by ``coaching.entry``; here only their shape is made: numbers as the French
write them, dates, lines of a list, rows of a table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.casefile.display import Display
from assistant.casefile.facts import Facts
from assistant.casefile.paths import read
from assistant.casefile.shape import columns, degrees, kind, literals
from assistant.coaching.method import Field, Question
from assistant.coaching.relevance import relevant_fields

Form = Mapping[str, Sequence[str]]
SPARE_ROWS = 2  # empty rows under a table: without a script there is no « add a row »
MAX_ROWS = 60
OTHER = "autre"
_THOUSANDS = re.compile(r"(?<=\d)[\s\u00a0\u202f.](?=\d{3}(?!\d))")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice."""

    value: str
    label: str
    help: str | None
    family: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input. ``input`` says how it is drawn; ``rows`` are the cells of a table."""

    name: str
    slot: str
    label: str
    help: str | None
    input: str
    options: tuple[OptionView, ...] = ()
    value: str = ""
    rows: tuple[tuple["FieldView", ...], ...] = ()
    maximum: int | None = None
    opened: bool = False

    @property
    def families(self) -> tuple[tuple[str, tuple[OptionView, ...]], ...]:
        """The choices by family, in the order of content; one nameless family for a short list."""
        names = dict.fromkeys(option.family or "" for option in self.options)
        return tuple(
            (name, tuple(o for o in self.options if (o.family or "") == name)) for name in names
        )


def fields_of(
    question: Question, facts: Facts, display: Display, *, typed: Form | None = None
) -> tuple[FieldView, ...]:
    """The inputs of a question, filled with what is known, or with what was just ``typed``."""
    actor = facts.acteur_type
    if question.champs:
        made = [
            field_of(part, part.slot, part.label(actor), facts, display)
            for part in relevant_fields(question, facts)
        ]
    else:
        made = [field_of(question, question.slots[0], question.text(actor), facts, display)]
    return tuple(_refilled(field, typed) if typed else field for field in made)


def _refilled(field: FieldView, typed: Form) -> FieldView:
    given = typed.get(field.name, ())
    other = typed.get(f"{field.name}.{OTHER}", ())
    return replace(
        field,
        value="\n".join(other if field.options else given),
        options=tuple(replace(o, chosen=o.value in given) for o in field.options),
        rows=tuple(tuple(_refilled(inside, typed) for inside in row) for row in field.rows),
    )


def field_of(
    asked: Field | Question, slot: str, label: str, facts: Facts, display: Display
) -> FieldView:
    """The input of one slot, filled with what ``facts`` hold."""
    held = read(facts, slot)
    help_ = asked.aide if isinstance(asked, Field) else None
    if asked.type in ("tableau", "formulaire") or kind(slot) == "tableau":
        wanted = asked.colonnes or columns(slot)
        return FieldView(slot, slot, label, help_, "rows", rows=_rows(slot, wanted, held, display))
    if kind(slot) == "par_partie":
        return FieldView(slot, slot, label, help_, "by_party", rows=_by_party(slot, held, display))
    if kind(slot) == "bloc":
        cells = _block(asked, slot, held, display, facts)
        return FieldView(slot, slot, label, help_, asked.type, rows=(cells,))
    options = _options(asked, held, facts)
    known = {option.value for option in options}
    return FieldView(
        name=slot,
        slot=slot,
        label=label,
        help=help_,
        input=asked.type,
        options=options,
        value=_typed(held, known),
        maximum=asked.maximum,
        opened=asked.ouvert,
    )


def _options(asked: Field | Question, held: Any, facts: Facts) -> tuple[OptionView, ...]:
    chosen = {_plain(v) for v in held} if isinstance(held, tuple) else {_plain(held)}
    return tuple(
        OptionView(
            _plain(c.valeur), c.label(facts.acteur_type), c.aide, c.famille,
            _plain(c.valeur) in chosen,
        )
        for c in asked.choix
    )  # fmt: skip


def _rows(
    slot: str, wanted: Sequence[str], held: Any, display: Display
) -> tuple[tuple[FieldView, ...], ...]:
    count = min(MAX_ROWS, len(held or ()) + SPARE_ROWS)
    return tuple(
        tuple(
            cell(slot, f"{slot}.{place}.{column}", f"{slot}.{column}", held, display)
            for column in wanted
            if kind(f"{slot}.{column}") != "bloc"
        )
        for place in range(count)
    )


def cell(slot: str, name: str, path: str, held: Any, display: Display) -> FieldView:
    """One input of a table; ``name`` holds the place, ``path`` does not."""
    value: Any = held
    for part in name.removeprefix(f"{slot}.").split("."):
        value = _inside(value, part)
    values = literals(path) or degrees(path)
    options = tuple(
        OptionView(_plain(v), display.value(path, v), None, None, value == v) for v in values
    )
    return FieldView(
        name, path, display.label(path), display.help(path), _CELL[kind(path)], options,
        _typed(value, set()),
    )  # fmt: skip


_CELL = {
    "choix": "choix", "multi": "multi", "oui_non": "oui_non", "date": "date", "montant": "montant",
    "pourcentage": "nombre", "nombre": "nombre", "texte": "ligne", "liste": "liste",
    "tableau": "liste", "par_partie": "liste", "bloc": "ligne",
}  # fmt: skip


def _inside(value: Any, part: str) -> Any:
    if value is None:
        return None
    if part.isdigit():
        return value[int(part)] if int(part) < len(value) else None
    return value.get(part) if isinstance(value, Mapping) else getattr(value, part)


def _by_party(slot: str, held: Any, display: Display) -> tuple[tuple[FieldView, ...], ...]:
    pairs = [*(held or {}).items(), *([("", "")] * SPARE_ROWS)]
    label = display.label(slot)
    return tuple(
        (
            FieldView(f"{slot}.{n}.partie", slot, display.label("moyens.partie"), None, "ligne",
                      value=party),
            FieldView(f"{slot}.{n}.valeur", slot, label, None, "texte", value=_typed(text, set())),
        )
        for n, (party, text) in enumerate(pairs)
    )  # fmt: skip


def _block(
    asked: Field | Question, slot: str, held: Any, display: Display, facts: Facts
) -> tuple[FieldView, ...]:
    named = [(str(c.valeur), c.label(facts.acteur_type), c.aide) for c in asked.choix]
    if not named:
        named = [(n, display.label(f"{slot}.{n}"), display.help(f"{slot}.{n}"))
                 for n in type(held).model_fields] if held else []  # fmt: skip
    return tuple(
        FieldView(
            f"{slot}.{name}", f"{slot}.{name}", label, help_, asked.type,
            value=_typed(getattr(held, name, None), set()),
        )
        for name, label, help_ in named
    )  # fmt: skip


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)


def _typed(value: Any, known: set[str]) -> str:
    """What stands in the input: for an open list, only what is none of the choices."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return "\n".join(_plain(v) for v in value if _plain(v) not in known)
    if isinstance(value, date):
        return value.isoformat()
    text = _plain(value)
    return "" if text in known else text


# From a browser to values


def values_of(question: Question, facts: Facts, form: Form) -> dict[str, Any]:
    """What a form says of the slots of ``question``; empty inputs say nothing."""
    found: dict[str, Any] = {}
    parts: Sequence[Field | Question] = relevant_fields(question, facts) or (question,)
    for part in parts:
        slot = part.slot if isinstance(part, Field) else question.slots[0]
        value = value_of(part, slot, form)
        if value is not None:
            found[slot] = value
    return found


def value_of(asked: Field | Question, slot: str, form: Form) -> Any:
    """What a form says of one slot, unchecked; None when it says nothing."""
    if asked.type in ("tableau", "formulaire") or kind(slot) == "tableau":
        return rows_of(slot, form)
    if kind(slot) == "par_partie":
        return _pairs(slot, form)
    if kind(slot) == "bloc":
        inside = {
            name.removeprefix(f"{slot}."): number(given)
            for name, given in _texts(form)
            if name.startswith(f"{slot}.") and given
        }
        return inside or None
    given = [text for text in (t.strip() for t in form.get(slot, ())) if text]
    given += [t for t in lines(" ".join(form.get(f"{slot}.{OTHER}", ()))) if t]
    if not given:
        return None
    choices = {_plain(c.valeur): c.valeur for c in asked.choix}
    if asked.type == "multi" or kind(slot) in ("multi", "liste"):
        split = given if asked.choix else [line for text in given for line in lines(text)]
        return [choices.get(text, text) for text in split] or None
    return choices.get(given[0], as_kind(kind(slot), given[0]))


def rows_of(slot: str, form: Form) -> list[dict[str, Any]] | None:
    """The rows of a table, without those left empty; None when the form has no such table."""
    rows: dict[int, dict[str, Any]] = {}
    present = False
    for name, text in _texts(form):
        matched = re.fullmatch(rf"{re.escape(slot)}\.(\d{{1,3}})\.([\w.]+)", name)
        if matched is None or int(matched[1]) >= MAX_ROWS:
            continue
        present = True
        if not text:
            continue
        row = rows.setdefault(int(matched[1]), {})
        *parents, last = matched[2].split(".")
        for parent in parents:
            row = row.setdefault(parent, {})
        row[last] = as_kind(kind(f"{slot}.{matched[2]}"), text)
    return [rows[place] for place in sorted(rows)] if present and rows else None


def _pairs(slot: str, form: Form) -> dict[str, Any] | None:
    given = dict(_texts(form))
    many = kind(slot) == "par_partie" and slot == "engagements"
    found = {}
    for place in range(MAX_ROWS):
        party, value = given.get(f"{slot}.{place}.partie"), given.get(f"{slot}.{place}.valeur")
        if party and value:
            found[party] = lines(value) if many else _yes_no(value)
    return found or None


def _yes_no(text: str) -> Any:
    return {"oui": True, "non": False}.get(text.strip().casefold(), text)


def _texts(form: Form) -> Iterator[tuple[str, str]]:
    for name, given in form.items():
        yield name, "\n".join(given).strip()


def as_kind(held: str, text: str) -> Any:
    """One input's text as JSON of that kind; what does not fit is left for the check to refuse."""
    if held == "oui_non":
        return {"oui": True, "non": False}.get(text, text)
    if held in ("montant", "nombre", "pourcentage"):
        return number(text)
    if held == "date":
        return day(text)
    if held in ("liste", "multi"):
        return lines(text)
    return text


def number(text: str) -> Any:
    """« 15 000,50 € » → 15000.5; anything else is given back."""
    bare = _THOUSANDS.sub("", text.strip().rstrip("€%").strip()).replace(",", ".")
    if re.fullmatch(r"-?\d{1,15}", bare):
        return int(bare)
    return float(bare) if re.fullmatch(r"-?\d{1,15}\.\d{1,6}", bare) else text


def day(text: str) -> str:
    """« 31/03/2027 » → « 2027-03-31 »; anything else is given back."""
    matched = _FRENCH_DAY.fullmatch(text.strip())
    return f"{matched[3]}-{int(matched[2]):02}-{int(matched[1]):02}" if matched else text.strip()


def lines(text: str) -> list[str]:
    """One item a line, bullets taken off."""
    return [
        line for line in (raw.strip().lstrip("-•*").strip() for raw in text.splitlines()) if line
    ]
