"""``make corpus-check``: what a machine can say of the content.

Schema, unique ids, resolvable links, pages within their section, coverage of every source
section, questions not shared by two cards, copies of a source. Exit code 1 on any finding.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidContent
from assistant.knowledge.analysis import fold, words
from assistant.knowledge.content import (
    Card,
    Example,
    SourceDocument,
    SourceReference,
    parse_front_matter,
    validate,
)
from assistant.knowledge.corpus import load_documents, load_terms
from assistant.knowledge.unit import BlockKind

MAX_BODY = 1_150  # characters: a whole card must fit in one answer (1,200)
MIN_BODY = 80
MAX_COMMON_WORDS = 12
SOURCE_FILES = {
    "guide": "guide-cooperer-efficacement-2023.txt",
    "enjeux": "comprendre-les-enjeux-2022.txt",
    "outils": "quels-outils-2020.txt",
    "typologie": "typologie-des-partenariats-2020.txt",
    "etat": "etat-des-lieux-2020.txt",
}

Sheet = Card | Example


@dataclass(frozen=True)
class Finding:
    """One thing to mend, in one file."""

    file: str
    problem: str


def read_sheets(directory: Path) -> tuple[list[tuple[Path, Sheet]], list[Finding]]:
    """Every card and example sheet that parses, and a finding for each that does not."""
    sheets: list[tuple[Path, Sheet]] = []
    findings: list[Finding] = []
    models: tuple[tuple[str, type[Card | Example]], ...] = (
        ("fiches/**/*.md", Card),
        ("exemples/*.md", Example),
    )
    for pattern, model in models:
        for path in sorted(directory.glob(pattern)):
            try:
                sheet: Sheet = validate(model, parse_front_matter(path), name=path.name)
                sheet.blocks()
            except InvalidContent as error:
                findings.append(Finding(str(path), f"{error.name}: {error.details}"))
            else:
                sheets.append((path, sheet))
    return sheets, findings


def check_sheets(
    sheets: list[tuple[Path, Sheet]], documents: tuple[SourceDocument, ...]
) -> Iterator[Finding]:
    """Ids, links, references, lengths, questions."""
    ids = Counter((type(sheet), sheet.id) for _, sheet in sheets)
    cards = {sheet.id for _, sheet in sheets if isinstance(sheet, Card)}
    by_document = {document.id: document for document in documents}
    owners: dict[str, set[str]] = defaultdict(set)
    for _, sheet in sheets:
        for question in sheet.questions:
            owners[_normal(question)].add(sheet.id)
    for path, sheet in sheets:
        file = str(path)
        if path.stem != sheet.id:
            yield Finding(file, f"the file name differs from the id {sheet.id}")
        if ids[type(sheet), sheet.id] > 1:
            yield Finding(file, f"the id {sheet.id} is used twice")
        for reference in sheet.sources:
            yield from _check_reference(file, reference, by_document)
        yield from _check_body(file, sheet)
        for link in sheet.voir_aussi if isinstance(sheet, Card) else ():
            if link not in cards or link == sheet.id:
                yield Finding(file, f"voir_aussi: no card {link}")
        yield from _check_questions(file, sheet, owners)


def _check_body(file: str, sheet: Sheet) -> Iterator[Finding]:
    if isinstance(sheet, Card) and not MIN_BODY <= len(sheet.body) <= MAX_BODY:
        yield Finding(file, f"body of {len(sheet.body)} characters")
    if sheet.blocks()[0].kind is not BlockKind.PARAGRAPH:
        yield Finding(file, "the body must begin with a sentence, not a list")
    if any(sign in sheet.body for sign in ("<", "](", "\n#", "\n|")):
        yield Finding(file, "HTML, link, heading or table in the body")


def _check_questions(file: str, sheet: Sheet, owners: dict[str, set[str]]) -> Iterator[Finding]:
    for question, count in Counter(map(_normal, sheet.questions)).items():
        if count > 1:
            yield Finding(file, f"question twice: {question}")
        elif len(owners[question]) > 1:
            others = ", ".join(sorted(owners[question] - {sheet.id}))
            yield Finding(file, f"question shared with {others}: {question}")


def _normal(question: str) -> str:
    return " ".join(words(question))


def _check_reference(
    file: str, reference: SourceReference, documents: dict[str, SourceDocument]
) -> Iterator[Finding]:
    document = documents.get(reference.document)
    if document is None:
        yield Finding(file, f"unknown document {reference.document}")
        return
    section = next((s for s in document.sections if s.titre == reference.section), None)
    if section is None:
        yield Finding(file, f"unknown section « {reference.section} » of {document.id}")
        return
    if document.pages is None:
        if reference.page is not None:
            yield Finding(file, f"{document.id} is not paged")
        return
    first, last = section.pages or (1, document.pages)
    if reference.page is None or not first <= reference.page <= last:
        yield Finding(file, f"page {reference.page} outside « {section.titre} » ({first}-{last})")


def coverage(
    sheets: list[tuple[Path, Sheet]], documents: tuple[SourceDocument, ...]
) -> list[tuple[str, str, int]]:
    """(document, section, number of cards) for every section of every document."""
    counts = Counter(
        (reference.document, reference.section)
        for _, sheet in sheets
        if isinstance(sheet, Card)
        for reference in sheet.sources
    )
    return [
        (document.id, section.titre, counts[(document.id, section.titre)])
        for document in documents
        for section in document.sections
    ]


def check_copies(sheets: list[tuple[Path, Sheet]], sources: Path) -> Iterator[Finding]:
    """Runs of more than ``MAX_COMMON_WORDS`` words that stand in a source too.

    Runs made mostly of names and titles (capitalised words) are allowed.
    """
    known = known_runs(sources)
    for path, sheet in sheets:
        run = copied_run(sheet.body, known)
        if run:
            yield Finding(str(path), f"copied from a source: {run}")


def known_runs(sources: Path) -> set[tuple[str, ...]]:
    """Every run of ``MAX_COMMON_WORDS`` + 1 words of the source texts."""
    size = MAX_COMMON_WORDS + 1
    known: set[tuple[str, ...]] = set()
    for name in SOURCE_FILES.values():
        text = words((sources / name).read_text(encoding="utf-8"))
        known.update(tuple(text[i : i + size]) for i in range(len(text) - size + 1))
    return known


def copied_run(body: str, known: set[tuple[str, ...]]) -> str | None:
    """The first run of ``body`` that is in ``known`` and is not mostly names."""
    size = MAX_COMMON_WORDS + 1
    original = body.replace("*", "")
    text = words(original)
    names = _capitalised(original)
    for i in range(len(text) - size + 1):
        run = tuple(text[i : i + size])
        if run in known and sum(word in names for word in run) < size // 2:
            return " ".join(run)
    return None


def _capitalised(text: str) -> set[str]:
    names = set()
    inside = False
    for raw in text.replace("«", " « ").replace("»", " » ").split():
        inside = (inside or raw == "«") and raw != "»"
        if inside or raw[:1].isupper():
            names.update(words(fold(raw)))
    return names


def print_coverage(rows: list[tuple[str, str, int]]) -> None:
    """The coverage table, one line a section."""
    for document, section, count in rows:
        print(f"{document:10} {count:4}  {section}")


def main(argv: list[str] | None = None) -> int:
    """Print the findings and the coverage table; 1 when anything is to be mended."""
    parser = argparse.ArgumentParser(prog="python -m assistant.knowledge.check")
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parents[2] / "corpus")
    parser.add_argument("--sources", type=Path, help="directory of the source texts, if present")
    parser.add_argument("--only", help="report only files whose path holds this")
    options = parser.parse_args(argv)
    documents = load_documents(options.corpus)
    sheets, findings = read_sheets(options.corpus)
    findings.extend(check_sheets(sheets, documents))
    sources = options.sources or options.corpus.parents[1] / "shared" / "sources"
    if sources.is_dir():
        findings.extend(check_copies(sheets, sources))
    rows = coverage(sheets, documents)
    if not options.only:
        print_coverage(rows)
        findings.extend(
            Finding("corpus/fiches", f"no card covers {document} « {section} »")
            for document, section, count in rows
            if count == 0
        )
        load_terms(options.corpus)
    shown = [f for f in findings if not options.only or options.only in f.file]
    for finding in shown:
        print(f"{finding.file}: {finding.problem}", file=sys.stderr)
    cards = sum(isinstance(sheet, Card) for _, sheet in sheets)
    questions = sum(len(sheet.questions) for _, sheet in sheets)
    print(f"{cards} cards, {len(sheets) - cards} examples, {questions} questions, ", end="")
    print(f"{len(shown)} findings")
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())
