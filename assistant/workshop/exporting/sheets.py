"""Results as a workbook or as CSV: one sheet an activity and round, what was said, the way it went.

No cell is ever a formula. In a workbook text is typed as text; a CSV file has no types, so that a
text that a spreadsheet would compute is written after an apostrophe (as is one that begins with an
apostrophe: taking one away always gives back what was typed).
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from assistant.drafting.rendering.packages import read_zip, write_zip
from assistant.workshop import events as ev
from assistant.workshop.activity import Cells
from assistant.workshop.exporting.minutes import Told, agenda_grid, asked_in, sources, spoken, who
from assistant.workshop.exporting.report import Grid, clean
from assistant.workshop.exporting.words import figure

LONGEST_TITLE = 31
LONGEST_CELL = 32_767  # UTF-16 units: the limit of Excel
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_RESERVED = frozenset({"history", "historique"})  # names that Excel keeps for itself
# full-width look-alikes compute too; an apostrophe is doubled so that it can be taken away
_ACTIVE = frozenset("=+-@\t\r\n|%'＝＋－＠−﹢﹣﹦﹫")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MOMENT = re.compile(rb"(<(dcterms:created|dcterms:modified)[^>]*>)[^<]*")
PACES: tuple[ev.Pace, ...] = ("lent", "bien", "vite", "perdu")


def grids(told: Told, *, item: str | None = None) -> Iterator[tuple[str, Grid]]:
    """The sheets of each activity, round by round, with the title of its item."""
    for moment in told.room.agenda.items:
        if item not in (None, moment.id):
            continue
        scenes = told.scenes(moment)
        for scene in scenes:
            name = moment.title
            if len(scenes) > 1:
                name = f"{told.words('tour_titre', nombre=scene.stage.round)} – {name}"
            for table in told.activities[moment.kind].tables(scene):
                yield name, Grid(table.title, table.columns, table.rows)


def raw(told: Told) -> Grid:
    """Every contribution that counts: number, moment, words; who gave it only when asked."""
    words = told.words
    heads = ["numero", "activite", "tour", "texte", "groupe_colonne", "en_avant"]
    if told.names:
        heads += ["qui", "acteur", "table", "moment"]
    rows: list[Cells] = []
    for item in told.room.agenda.items:
        activity = told.activities.get(item.kind)
        if activity is None:
            continue
        scene = activity.scene(told.room, item)
        for entry in sorted(scene.stage.entries.values(), key=lambda one: one.seq):
            if entry.hidden:
                continue
            text = words("abstention")
            if entry.value is not None:
                text = activity.told(scene, activity.value(entry))
            row: Cells = (entry.seq, item.title, entry.round, text, entry.group,
                          words("oui") if entry.pinned else None)  # fmt: skip
            if told.names:
                person = scene.person(entry.participant)
                say = activity.tools.texts.say
                actor = say("atelier", person.actor) if person and person.actor else None
                table = person.table if person else None
                row = (*row, who(person, words), actor, table, f"{entry.at:%Y-%m-%d %H:%M:%S}")
            rows.append(row)
    return Grid(words("contributions"), tuple(map(words, heads)), tuple(rows))


def pace(told: Told) -> Grid:
    """How fast people said it went, by moment: the last word of each person then."""
    words = told.words
    heads = (words("activite"), *(words(f"rythme_{name}") for name in PACES))
    rows: list[Cells] = []
    for item in told.room.agenda.items:
        said = Counter(_paces(told, item.id).values())
        if said:
            rows.append((item.title, *(said[name] for name in PACES)))
    last = Counter(told.room.paces.values())
    rows.append((words("rythme_fin"), *(last[name] for name in PACES)))
    return Grid(words("rythme"), heads, tuple(rows))


def _paces(told: Told, item: str) -> dict[str, str]:
    current: str | None = None
    said: dict[str, str] = {}
    for recorded in told.history:
        event = recorded.event
        if isinstance(event, ev.Chosen | ev.Opened):
            current = event.item
        elif isinstance(event, ev.Paced) and current == item and event.pace:
            said[recorded.by] = event.pace
    here = told.room.people
    return {p: pace for p, pace in said.items() if p in here and not here[p].removed}


def questions(told: Told) -> Grid:
    """What the room asked, and what the guide answered."""
    words = told.words
    answered, left = asked_in(told.room)
    heads = ("question_colonne", "reponse", "sources")
    rows: list[Cells] = [
        (q.text, spoken(str((q.reply or {}).get("answer", ""))),
         "\n".join(sources(q.reply or {}, words)))
        for q in answered
    ]  # fmt: skip
    rows += [(q.text, None, None) for q in left]
    return Grid(words("questions"), tuple(map(words, heads)), tuple(rows))


def every(told: Told) -> tuple[tuple[str, Grid], ...]:
    """All the sheets in order: the way first, then the activities, then what was said."""
    way, asked = agenda_grid(told), questions(told)
    rest = (raw(told), pace(told), asked)
    return ((way.title, way), *grids(told), *((grid.title, grid) for grid in rest))


# A workbook


def xlsx(told: Told) -> bytes:
    """A workbook; the same room gives the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for name, grid in every(told):
        _sheet(book.create_sheet(_title(name, taken)), grid, told.words("suite_coupee"))
    day = told.days()[-1]
    book.properties.created = book.properties.modified = datetime.combine(day, time())
    book.properties.language = "fr-FR"
    book.properties.title = clean(told.room.agenda.title)
    book.properties.creator = ""
    buffer = io.BytesIO()
    book.save(buffer)
    parts = read_zip(buffer.getvalue())
    moment = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode()
    parts["docProps/core.xml"] = _MOMENT.sub(moment, parts["docProps/core.xml"])
    return write_zip(parts)


def _title(words: str, taken: set[str]) -> str:
    flat = " ".join(_FORBIDDEN.sub(" ", clean(unicodedata.normalize("NFC", words))).split())
    base = _units(flat, LONGEST_TITLE).strip() or "-"
    title, number = base, 2
    while title.casefold() in taken | _RESERVED:
        suffix = f" {number}"
        title, number = _units(base, LONGEST_TITLE - len(suffix)) + suffix, number + 1
    taken.add(title.casefold())
    return title


def _units(text: str, most: int) -> str:
    """The beginning of a text that holds in ``most`` UTF-16 units, no character cut in two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def _sheet(sheet: Any, grid: Grid, cut: str) -> None:
    _cell(sheet, 1, 1, grid.title, cut).font = _bold()
    for number, head in enumerate(grid.columns, 1):
        _cell(sheet, 2, number, head, cut).font = _bold()
        held = [len(figure(row[number - 1])) for row in grid.rows] + [len(head)]
        letter = sheet.cell(row=2, column=number).column_letter
        sheet.column_dimensions[letter].width = min(max(10, *held) + 2, 60)
    for line, row in enumerate(grid.rows, 3):
        for number, value in enumerate(row, 1):
            _cell(sheet, line, number, value, cut)
    sheet.freeze_panes = "A3"


def _bold() -> Any:
    from openpyxl.styles import Font

    return Font(bold=True)


def _cell(sheet: Any, row: int, column: int, value: str | float | None, cut: str) -> Any:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        text = _ESCAPED.sub("_x005F_", clean(value))
        if _units(text, LONGEST_CELL) != text:
            text = _units(text, LONGEST_CELL - len(cut)) + cut
        cell.value, cell.data_type = text, "s"
        cell.quotePrefix = text[:1] in _ACTIVE
        cell.alignment = Alignment(wrap_text=row > 1, vertical="top")
    elif value is not None:
        cell.value = value
        cell.alignment = Alignment(vertical="top")
    return cell


# CSV


def defused(text: str) -> str:
    """A text that no spreadsheet computes; ``recovered`` gives it back."""
    first = next((c for c in text if not _blank(c)), "")
    return f"'{text}" if text[:1] in _ACTIVE or first in _ACTIVE else text


def recovered(text: str) -> str:
    """What ``defused`` was given."""
    return text.removeprefix("'")


def _blank(character: str) -> bool:
    return character not in "\t\r\n" and (
        character.isspace() or unicodedata.category(character) in ("Cf", "Mn")
    )


def csv_of(found: Iterable[Grid]) -> bytes:
    """Tables one under the other: UTF-8 with its mark, semicolons, commas in numbers."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for number, grid in enumerate(found):
        if number:
            writer.writerow([])
        writer.writerow([_told(grid.title)])
        writer.writerows([[_told(cell) for cell in row] for row in (grid.columns, *grid.rows)])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def _told(value: str | float | None) -> str:
    return defused(clean(value)) if isinstance(value, str) else figure(value)


def csv_zip(told: Told) -> bytes:
    """One CSV file a sheet, in a package."""
    parts = {}
    for number, (name, grid) in enumerate(every(told), 1):
        parts[f"{number:02}-{file_stem(name)}.csv"] = csv_of([grid])
    return write_zip(parts)


def file_stem(text: str) -> str:
    """« Un mot » → ``un-mot``: a name that any disk takes."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().casefold())[:60].strip("-") or "atelier"
