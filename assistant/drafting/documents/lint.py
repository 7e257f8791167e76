"""What is wrong with templates, before anybody drafts with them.

``python -m assistant.drafting.documents.lint FOLDER [OVERRIDE]`` prints one problem a line, with
the document, the article and the clause, and fails if there are any.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.drafting.documents import schema
from assistant.drafting.documents.conditions import REGISTRY
from assistant.drafting.documents.derived import FORMULAS
from assistant.drafting.documents.language import tree, unsafe
from assistant.drafting.documents.logic import Rule, leaves
from assistant.drafting.documents.references import PRINTING, Reference, references
from assistant.drafting.documents.template import (
    ArticleTemplate,
    ClauseTemplate,
    DocumentTemplate,
    TemplateLibrary,
    load_templates,
)
from assistant.errors import InvalidContent


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``where`` leads to it, ``code`` names its sentence.

    ``what`` and ``other`` are names and values of the content, put in that sentence.
    """

    code: str
    what: str = ""
    other: str = ""
    where: tuple[str, ...] = ()

    def at(self, *places: str) -> "Problem":
        """The same, further in."""
        return replace(self, where=(*places, *self.where))

    def __str__(self) -> str:
        """One line for developers."""
        return ": ".join((*self.where, _FORMS[self.code].format(self.what, self.other)))


_FORMS = {
    "vocabulaire": "vocabulary of unknown slot {0}",
    "valeur": "{0}: no such value {1}",
    "clause_double": "clause id twice: {0}",
    "clause_prise": "clause id of {1}: {0}",
    "champ": "unknown slot {0}",
    "jamais_imprime": "obligatory field never printed: {0}",
    "condition": "unknown condition {0}",
    "defaut": "defaut without optionnelle",
    "illisible": "unreadable: {0}",
    "interdit": "not in the language: {0}",
    "sans_mots": "no words for the values of {0}: {1}",
    "calcul": "unknown computation {0}",
    "role": "unknown role {0}",
}


def problems(library: TemplateLibrary) -> list[str]:
    """Every problem of every template, « document: place: problem »; none when all is well."""
    return [str(problem) for problem in found(library)]


def found(library: TemplateLibrary) -> list[Problem]:
    """The same, for those who say it in their own words."""
    return [*_missing_words(library), *_shared_ids(library), *_in_documents(library)]


def _in_documents(library: TemplateLibrary) -> Iterator[Problem]:
    for name, document in library.documents.items():
        for slot, words in document.vocabulaire.items():
            yield from (p.at(name) for p in _vocabulary(slot, words))
        for article in document.articles:
            for problem in _article(library, document, article):
                yield problem.at(name, article.code)


def _missing_words(library: TemplateLibrary) -> Iterator[Problem]:
    for slot, words in library.vocabulaire.items():
        yield from (problem.at("communs") for problem in _vocabulary(slot, words))


def _vocabulary(slot: str, words: object) -> Iterator[Problem]:
    if not schema.exists(slot):
        yield Problem("vocabulaire", slot)
    elif isinstance(words, dict):
        allowed = schema.choices(slot)
        wrong = (w for w in words if allowed and w not in allowed)
        yield from (Problem("valeur", slot, str(w)) for w in wrong)


def _shared_ids(library: TemplateLibrary) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for name, document in library.documents.items():
        ids = [clause.id for article in document.articles for clause in article.clauses]
        yield from (
            Problem("clause_double", i, where=(name,))
            for i in sorted({i for i in ids if ids.count(i) > 1})
        )
        for clause in set(ids) - library.partagees:
            if owner.setdefault(clause, name) != name:
                yield Problem("clause_prise", clause, owner[clause], where=(name,))


def _article(
    library: TemplateLibrary, document: DocumentTemplate, article: ArticleTemplate
) -> Iterator[Problem]:
    yield from _rule(article.si)
    named: set[str] = set()
    for clause in article.clauses:
        for problem in _clause(library, document, clause):
            yield problem.at(clause.id)
        named |= _names(clause)
    for field in article.champs:
        for slot in (field.slot, *field.ou):
            if not schema.exists(slot):
                yield Problem("champ", slot)
        yield from _rule(field.si)
        if field.obligation != "F" and not any(_printed(s, named) for s in (field.slot, *field.ou)):
            yield Problem("jamais_imprime", field.slot)


def _printed(slot: str, named: set[str]) -> bool:
    wanted = slot.removesuffix("{}")
    return any(
        n == wanted or wanted.startswith(f"{n}.") or n.startswith(f"{wanted}[]") for n in named
    )


def _texts(clause: ClauseTemplate) -> Iterator[tuple[str, str | None]]:
    yield clause.texte, None
    if clause.table is not None:
        yield from ((column.texte, clause.table.liste) for column in clause.table.colonnes)
        yield from ((cell, None) for cell in clause.table.total)
        yield from ((cell, None) for row in clause.table.lignes for cell in row)


def _names(clause: ClauseTemplate) -> set[str]:
    """The slots that a clause prints, or decides on."""
    named = {leaf.name for leaf in leaves(clause.si) if leaf.kind != "nom"}
    if clause.table is not None and clause.table.liste:
        named.add(clause.table.liste)
    try:
        calls = [ref for text, rows in _texts(clause) for ref in references(text, rows)]
    except InvalidContent:
        return named
    return named | {ref.name for ref in calls if ref.helper in PRINTING}


def _rule(rule: Rule | None) -> Iterator[Problem]:
    for leaf in leaves(rule):
        if leaf.kind == "nom":
            if leaf.name not in REGISTRY:
                yield Problem("condition", leaf.name)
        elif not leaf.name.startswith("."):
            yield from _slot(leaf.name, leaf.values)


def _slot(name: str, values: tuple[object, ...] = ()) -> Iterator[Problem]:
    if not schema.exists(name):
        yield Problem("champ", name)
        return
    allowed = schema.choices(name)
    wrong = (v for v in values if allowed and v not in allowed)
    yield from (Problem("valeur", name, str(v)) for v in wrong)


def _clause(
    library: TemplateLibrary, document: DocumentTemplate, clause: ClauseTemplate
) -> Iterator[Problem]:
    yield from _rule(clause.si)
    if clause.defaut is False and not clause.optionnelle:
        yield Problem("defaut")
    if clause.table is not None and clause.table.liste:
        yield from _slot(clause.table.liste)
        crossing = clause.table.croise
        for name in (crossing.lignes, crossing.colonnes, crossing.valeur) if crossing else ():
            yield from _slot(f"{clause.table.liste}[].{name}")
    for text, rows in _texts(clause):
        try:
            parsed = tree(text)
        except InvalidContent as error:
            yield Problem("illisible", str(error.details.get("raison")))
            continue
        yield from (Problem("interdit", construct) for construct in unsafe(parsed))
        for ref in references(text, rows):
            yield from _reference(library, document, ref)


def _reference(
    library: TemplateLibrary, document: DocumentTemplate, ref: Reference
) -> Iterator[Problem]:
    if ref.is_slot:
        yield from _slot(ref.name)
        listed = schema.choices(ref.name) if schema.exists(ref.name) else ()
        words = library.roles if ref.name == "parties[].role" else library.words(document, ref.name)
        if ref.helper in ("v", "liste") and listed and set(listed) - set(words):
            unworded = sorted(set(listed) - set(words))
            yield Problem("sans_mots", ref.name, str(unworded))
    elif ref.helper == "calcul" and ref.name not in FORMULAS:
        yield Problem("calcul", ref.name)
    elif ref.helper == "condition" and ref.name not in REGISTRY:
        yield Problem("condition", ref.name)
    elif ref.helper == "nom" and ref.name not in library.roles:
        yield Problem("role", ref.name)


def main(arguments: list[str]) -> int:
    """Lint a folder, and an organisation's folder over it; 0 when nothing is wrong."""
    folders = [Path(a) for a in arguments]
    try:
        lines = problems(load_templates(folders[0], folders[1] if len(folders) > 1 else None))
    except InvalidContent as error:
        lines = [str(error)]
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
