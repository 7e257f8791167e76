"""The convention of each table of a « convention express », written as any other document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.office import NothingToDraft
from assistant.drafting.rendering.packages import write_zip
from assistant.errors import NotFound
from assistant.workshop.activities.express import ConventionExpress, facts_of_table
from assistant.workshop.agenda import Item
from assistant.workshop.exporting.minutes import Told
from assistant.workshop.exporting.sheets import file_stem

FORMATS = ("docx", "odt", "pdf")


@dataclass(frozen=True, slots=True)
class TableWork:
    """A table that an item of « convention express » has."""

    item: Item
    number: int


def tables(told: Told) -> tuple[TableWork, ...]:
    """Every table of every « convention express » that was opened."""
    return tuple(
        TableWork(item, sheet.number)
        for item in told.room.agenda.items
        if isinstance(activity := told.activities.get(item.kind), ConventionExpress)
        and told.room.stage(item.id).round
        for sheet in activity.results(activity.scene(told.room, item)).tables
    )


def convention(told: Told, item_id: str, number: int, *, today: date) -> DocumentConvention:
    """What a table wrote, as the agreement that its facts lead to, a draft whatever it holds.

    Raises ``NotFound`` for a table that is not there, ``NothingToDraft`` when no agreement fits.
    """
    work = next((w for w in tables(told) if (w.item.id, w.number) == (item_id, number)), None)
    if work is None:
        raise NotFound("table_inconnue")
    activity = told.activities[work.item.kind]
    scene = activity.scene(told.room, work.item)
    office = activity.tools.office
    facts = facts_of_table(scene, number)
    document = office.write(facts, office.convention_of(facts), today=today)
    # nobody signs what was written in twenty minutes on a fictional case
    return document if document.projet else document.model_copy(update={"projet": True})


def file_name(told: Told, work: TableWork, form: str) -> str:
    """« table-3-convention-de-mecenat.docx »."""
    several = len({one.item.id for one in tables(told)}) > 1
    stem = f"-{file_stem(work.item.title)}" if several else ""
    return f"{file_stem(told.words('convention_table', numero=work.number))}{stem}.{form}"


def package(told: Told, form: str, *, today: date) -> bytes:
    """The conventions of all tables; those that no agreement fits are left out.

    Raises ``NotFound`` when there is none at all.
    """
    parts = dict(_files(told, form, today))
    if not parts:
        raise NotFound("table_inconnue")
    return write_zip(parts)


def _files(told: Told, form: str, today: date) -> Iterator[tuple[str, bytes]]:
    for work in tables(told):
        office = told.activities[work.item.kind].tools.office
        try:
            document = convention(told, work.item.id, work.number, today=today)
        except NothingToDraft:
            continue
        yield file_name(told, work, form), office.file(document, form)
