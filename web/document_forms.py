"""The fields of an article as inputs, by slot, and what a browser sends back as values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from assistant.casefile.display import Display
from assistant.casefile.facts import Facts, InvalidFacts, parse_facts
from assistant.casefile.paths import model_of, nested, read
from assistant.casefile.shape import columns, kind
from assistant.coaching.forms import MAX_ROWS, SPARE_ROWS, FieldView, Form, as_kind, cell, lines
from assistant.drafting.documents.document import FieldState, Obligation
from assistant.drafting.documents.obligations import KEYS

PRESENT = "champ"  # a hidden input by entry: an unticked box and an absent one look the same
PARTIES = "parties"
_LONG = 120  # characters beyond which one line is too small
_YES_NO = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Note:
    """What goes with one field: its name, why it is asked, who gave what it holds."""

    slot: str
    label: str
    obligation: Obligation
    why: str | None
    missing: bool
    who: str | None
    when: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One input of an article, or one table for all its fields in the rows of a list.

    ``titles`` name the rows; ``question`` is where the interview asks the same.
    """

    anchor: str
    label: str
    help: str | None
    field: FieldView
    notes: tuple[Note, ...]
    titles: tuple[str, ...] = ()
    question: str = ""

    @property
    def missing(self) -> bool:
        """Whether something obligatory was not given."""
        return any(note.missing for note in self.notes)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says: values by slot, and the slots that were left empty."""

    values: Mapping[str, Any]
    emptied: frozenset[str]


def head_of(slot: str) -> str:
    """The slot that is answered as a whole: ``parties[].siren`` → ``parties``."""
    return slot.partition("[]")[0].removesuffix("{}")


def anchor_of(slot: str) -> str:
    """Where a field is on its page: ``don.montant`` → ``champ-don-montant``."""
    return f"champ-{slot.replace('.', '-')}"


def entries_of(
    fields: Sequence[FieldState],
    facts: Facts,
    display: Display,
    *,
    parties: int,
    missing: frozenset[str] = frozenset(),
    typed: Form | None = None,
) -> tuple[Entry, ...]:
    """The inputs of an article, filled with ``facts`` or with what was just ``typed``."""
    groups: dict[str, list[FieldState]] = {}
    for field in fields:
        groups.setdefault(head_of(field.slot), []).append(field)
    return tuple(
        _entry(head, group, facts, display, parties=parties, missing=missing, typed=typed)
        for head, group in groups.items()
    )


def _entry(
    head: str,
    group: Sequence[FieldState],
    facts: Facts,
    display: Display,
    *,
    parties: int,
    missing: frozenset[str],
    typed: Form | None,
) -> Entry:
    field, titles = _input(head, group, facts, display, parties)
    return Entry(
        anchor=anchor_of(head),
        label=display.label(head),
        help=display.help(head),
        field=_retyped(field, typed) if typed is not None else field,
        notes=tuple(_note(one, one.slot in missing) for one in group),
        titles=titles,
    )


def _note(field: FieldState, missing: bool) -> Note:
    origin = field.origine
    return Note(
        slot=field.slot,
        label=field.libelle,
        obligation=field.obligation,
        why=field.pourquoi,
        missing=missing,
        who=origin.who if origin else None,
        when=origin.when if origin else None,
    )


def _input(
    head: str, group: Sequence[FieldState], facts: Facts, display: Display, parties: int
) -> tuple[FieldView, tuple[str, ...]]:
    label, held = display.label(head), read(facts, head)
    shape = kind(head)
    if shape == "tableau":
        asked = [rest for one in group if (rest := one.slot.partition("[].")[2])]
        wanted = asked if len(asked) == len(group) else list(columns(head))
        rows = _table(head, wanted, held, display, _count(head, held, parties))
        return FieldView(head, head, label, None, "rows", rows=rows), _titles(head, held, rows)
    if shape == "par_partie":
        rows = _by_party(head, facts, display)
        return FieldView(head, head, label, None, "by_party", rows=rows), ()
    if shape == "bloc":
        model = model_of(head)
        names = model.model_fields if model else ()
        cells = tuple(_one(f"{head}.{name}", facts, display) for name in names)
        return FieldView(head, head, label, None, "points", rows=(cells,)), ()
    return _one(head, facts, display), ()


def _one(slot: str, facts: Facts, display: Display) -> FieldView:
    made = cell("", slot, slot, facts, display)
    if made.input == "multi":
        chosen = {str(value) for value in read(facts, slot) or ()}
        options = tuple(replace(o, chosen=o.value in chosen) for o in made.options)
        return replace(made, options=options, value="")
    return replace(made, input="texte") if made.input == "ligne" else made


def _count(head: str, held: Any, parties: int) -> int:
    if head == PARTIES:
        return max(len(held or ()), parties)
    return min(MAX_ROWS, len(held or ()) + SPARE_ROWS)


def _table(
    head: str, wanted: Sequence[str], held: Any, display: Display, count: int
) -> tuple[tuple[FieldView, ...], ...]:
    simple = [name for name in wanted if kind(f"{head}.{name}") not in ("bloc", "tableau")]
    return tuple(
        tuple(
            _roomy(cell(head, f"{head}.{place}.{name}", f"{head}.{name}", held, display))
            for name in simple
        )
        for place in range(count)
    )


def _roomy(field: FieldView) -> FieldView:
    long = len(field.value) > _LONG or "\n" in field.value
    return replace(field, input="texte") if field.input == "ligne" and long else field


def _titles(head: str, held: Any, rows: Sequence[Any]) -> tuple[str, ...]:
    """The rows of the parties are named; others are counted by the page."""
    if head != PARTIES:
        return ()
    known = [_called(party) for party in held or ()]
    return tuple(known[place] if place < len(known) else "" for place in range(len(rows)))


def _called(party: Any) -> str:
    return next((name for key in KEYS if (name := getattr(party, key, None))), "")


def _by_party(head: str, facts: Facts, display: Display) -> tuple[tuple[FieldView, ...], ...]:
    held: Mapping[str, Any] = read(facts, head) or {}
    called = [name for party in facts.parties or () if (name := _called(party))]
    names = [*dict.fromkeys((*held, *called)), ""]
    value = _party_input(head)
    return tuple(
        (
            FieldView(f"{head}.{place}.partie", head, display.label("moyens.partie"), None,
                      "ligne", value=name),
            FieldView(f"{head}.{place}.valeur", head, display.label(head), None, value,
                      value=_words(held.get(name))),
        )
        for place, name in enumerate(names)
    )  # fmt: skip


@cache
def _party_input(head: str) -> str:
    """How one value of a table by party is typed: a list, yes or no, or words."""
    for drawn, example in (("liste", ["x", "y"]), ("oui_non", True)):
        try:
            found = read(parse_facts(nested({head: {"a": example}})), head)
        except InvalidFacts:
            continue
        if isinstance(found["a"], tuple | bool):
            return drawn
    return "texte"


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)


def _retyped(field: FieldView, typed: Form) -> FieldView:
    """The field as it was just sent, when it was."""
    rows = tuple(tuple(_retyped(inside, typed) for inside in row) for row in field.rows)
    if field.name not in typed or rows:
        return replace(field, rows=rows)
    sent = typed[field.name]
    options = tuple(replace(o, chosen=o.value in sent) for o in field.options)
    return replace(field, value="\n".join(sent), options=options)


# From a browser to values


def given_by(entries: Iterable[Entry], facts: Facts, form: Form) -> Given:
    """What a form says of ``entries``; rows keep the columns that the article does not show.

    ``facts`` are those that the page was drawn from.
    """
    values: dict[str, Any] = {}
    emptied = set()
    for entry in entries:
        slot = entry.field.slot
        if slot not in form.get(PRESENT, ()):
            continue
        value = _value(entry.field, facts, form)
        if value is None:
            emptied.add(slot)
        else:
            values[slot] = value
    return Given(values, frozenset(emptied))


def changed(found: Given, facts: Facts) -> dict[str, Any]:
    """The values that are not those of ``facts``; what facts refuse counts as changed."""
    return {slot: value for slot, value in found.values.items() if _differs(facts, slot, value)}


def cleared(found: Given, facts: Facts) -> frozenset[str]:
    """The slots that held something and were left empty."""
    return frozenset(slot for slot in found.emptied if read(facts, slot))


def _differs(facts: Facts, slot: str, value: Any) -> bool:
    try:
        return bool(read(parse_facts(nested({slot: value})), slot) != read(facts, slot))
    except InvalidFacts:
        return True


def _value(field: FieldView, facts: Facts, form: Form) -> Any:
    match field.input:
        case "rows":
            return _rows(field, facts, form)
        case "by_party":
            return _pairs(field, form)
        case "points":
            found = {
                inside.name.rpartition(".")[2]: as_kind(kind(inside.slot), text)
                for inside in field.rows[0]
                if (text := _text(form, inside.name))
            }
            return found or None
        case "multi":
            return [text for text in form.get(field.name, ()) if text] or None
        case _:
            text = _text(form, field.name)
            return as_kind(kind(field.slot), text) if text else None


def _text(form: Form, name: str) -> str:
    return "\n".join(form.get(name, ())).replace("\r\n", "\n").strip()


def _rows(field: FieldView, facts: Facts, form: Form) -> list[dict[str, Any]] | None:
    held = read(facts, field.slot) or ()
    found = [_json(row.model_dump(exclude_none=True)) for row in held]
    shown = re.compile(rf"{re.escape(field.slot)}\.(\d{{1,3}})\.(.+)")
    for cells in field.rows:
        for inside in cells:
            matched = shown.fullmatch(inside.name)
            assert matched is not None
            place, path = int(matched[1]), matched[2].split(".")
            while len(found) <= place:
                found.append({})
            text = _text(form, inside.name)
            _put(found[place], path, as_kind(kind(inside.slot), text) if text else None)
    return [row for row in found if row] or None


def _json(value: Any) -> Any:
    """As answers are kept: numbers stay numbers, days are written out."""
    if isinstance(value, Mapping):
        return {name: _json(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_json(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _put(row: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set, or take away, one value in a row; a block that is left empty goes."""
    first, *rest = path
    if rest:
        inner = dict(row.get(first) or {})
        _put(inner, rest, value)
        value = inner or None
    if value is None:
        row.pop(first, None)
    else:
        row[first] = value


def _pairs(field: FieldView, form: Form) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for party, value in field.rows:
        name, text = _text(form, party.name), _text(form, value.name)
        if name and text:
            found[name] = _of_party(value.input, text)
    return found or None


def _of_party(shape: str, text: str) -> Any:
    if shape == "liste":
        return lines(text)
    return _YES_NO.get(text, text) if shape == "oui_non" else text
