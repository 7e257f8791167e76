"""One example of each type of document, out of invented cases, into ``docs/examples``.

``python -m eval examples`` writes them again. The day is fixed, so that the same templates and
the same cases give the same files.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from assistant.bootstrap import build_activities, build_coach, build_office
from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.office import Office
from assistant.drafting.rendering.render import formats
from assistant.settings import Settings, load_settings
from assistant.texts import load_texts
from assistant.workshop.exporting import files, sheets
from assistant.workshop.exporting.minutes import Told, minutes
from assistant.workshop.exporting.words import load_words
from eval.workshop_example import played

ROOT = Path(__file__).parent.parent
CASES = ROOT / "eval" / "datasets" / "cases"
EXAMPLES = ROOT / "docs" / "examples"
DAY = date(2026, 11, 21)
FORMATS = ("docx", "pdf", "md", "xlsx")
WORKSHOP = "compte_rendu_atelier"


def examples(office: Office, cases: Path = CASES) -> Iterator[DocumentConvention]:
    """Each document that has a template and a case of its name, in alphabetical order."""
    for name in sorted(office.library.documents):
        path = cases / f"{name}.json"
        if path.is_file():
            facts = parse_facts(json.loads(path.read_text(encoding="utf-8")))
            yield office.write(facts, name, today=DAY)


def workshop(office: Office, settings: Settings) -> Told:
    """A workshop that a script has played, with every kind of activity."""
    coach = build_coach(settings, load_texts(settings.corpus))
    activities = build_activities(settings, coach, office)
    play = played(activities, settings.corpus)
    return Told(
        room=play.room,
        history=play.history,
        activities=activities,
        words=load_words(settings.corpus),
        now=play.now,
    )


def workshop_file(told: Told, form: str) -> bytes:
    """Its minutes, or its results as a workbook."""
    return sheets.xlsx(told) if form == "xlsx" else files.render(minutes(told), form)


def write(
    office: Office,
    folder: Path = EXAMPLES,
    *,
    forms: Sequence[str] = FORMATS,
    told: Told | None = None,
) -> list[Path]:
    """Every example in these formats; gives the files, and takes away those of no document."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in examples(office):
        for form in formats(document.type_document):
            if form in forms:
                path = folder / f"{document.type_document}.{form}"
                path.write_bytes(office.file(document, form))
                written.append(path)
    for form in forms:
        if told is None:
            break
        path = folder / f"{WORKSHOP}.{form}"
        path.write_bytes(workshop_file(told, form))
        written.append(path)
    kept = {*written, folder / "LISEZMOI.md"}
    for path in folder.iterdir():
        if path.suffix.removeprefix(".") in forms and path not in kept:
            path.unlink()
    return written


def main() -> int:
    """Write the examples again; 1 when a document has no case."""
    settings = load_settings()
    office = build_office(settings)
    written = write(office, told=workshop(office, settings))
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size / 1_000_000:.1f} MB: {EXAMPLES}")
    without = sorted(set(office.library.documents) - {path.stem for path in written})
    for name in without:
        print(f"no case: {CASES / name}.json")
    return 1 if without else 0
