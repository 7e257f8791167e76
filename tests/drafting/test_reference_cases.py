"""The drafting half of T01 to T24 (conventions.md §3.6): the right document, and nothing made up."""

from functools import cache

import pytest

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.provenance import Origin
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.logic import View, shown
from assistant.drafting.documents.nodes import Missing, Value
from assistant.drafting.documents.obligations import obligations
from assistant.drafting.documents.template import ClauseTemplate
from assistant.drafting.office import NothingToDraft
from assistant.texts import load_texts
from tests.builders import CORPUS
from tests.coaching.recommendation.given import facts_of
from tests.coaching.recommendation.test_reference_cases import REFERENCE
from tests.drafting.clean_cases import a_case
from tests.drafting.documents.drafts import nodes, office
from tests.drafting.documents.samples import TODAY

DOCUMENTS: dict[str, tuple[str, ...]] = {
    "T01": ("mecenat_financier",),
    "T02": ("mecenat_financier",),
    "T03": ("prestation",),
    "T03 logo, VIP": ("parrainage",),
    "T04": ("mecenat_competences",),
    "T05": ("prestation",),
    "T06": ("partenariat",),
    "T07": ("prestation",),
    "T08": ("partenariat",),
    "T09": ("partenariat",),
    "T10": ("protocole_accord",),
    "T11": ("partenariat",),
    "T12": ("protocole_accord",),
    "T13": ("protocole_accord",),
    "T14": ("fiche_besoin",),
    "T15": ("fiche_besoin",),
    "T16": ("mecenat_financier", "parrainage"),
    "T17": ("prestation",),
    "T17 visible": ("parrainage",),
    "T18": (),
    "T19": ("mecenat_financier",),
    "T20": ("mecenat_nature",),
    "T21": ("mecenat_financier",),
    "T22": ("partenariat",),
    "T23": ("grille_evaluation",),
    "T24": (),
}
WRITTEN = [(case, name) for case, names in DOCUMENTS.items() for name in names]
# what the table says of a case that is more than the type of its document
VARIANTS = {
    "T06": "pratiques_responsables",
    "T09": "innovation_societale",
    "T11": "cooperation_economique",
    "T22": "pratiques_responsables",
}
# the clean case that fills the same document
FILLED = {"mecenat_competences": "mecenat_competences_pret", "fiche_besoin": "subvention_cpo"}
PARTNERSHIPS = [case for case, names in DOCUMENTS.items() if names == ("partenariat",)]


def facts(case: str) -> Facts:
    return parse_facts(facts_of(REFERENCE[case][0]))


@cache
def drafted(case: str, name: str) -> DocumentConvention:
    return office().write(facts(case), name, today=TODAY)


def values(document: DocumentConvention) -> list[Value]:
    return [node for node in nodes(document) if isinstance(node, Value)]


def sources(value: Value) -> set[str]:
    """The slots at the top of the case that a value comes from."""
    return {slot.partition(".")[0] for slot in value.derive_de or (value.slot,)}


def touch(mark: str, gap: str) -> bool:
    """A list that is marked marks its rows, and a row that is marked marks its list."""
    return f"{mark}.".startswith(f"{gap}.") or f"{gap}.".startswith(f"{mark}.")


def is_due(clause: ClauseTemplate, case: Facts) -> bool:
    return not clause.optionnelle and shown(clause.si, View(case))


def test_every_case_of_the_table_is_here() -> None:
    assert DOCUMENTS.keys() == REFERENCE.keys()


@pytest.mark.parametrize(("case", "expected"), DOCUMENTS.items())
def test_a_reference_case_gives_the_right_documents(case: str, expected: tuple[str, ...]) -> None:
    assert office().documents_of(facts(case)) == expected


@pytest.mark.parametrize("case", [case for case, names in DOCUMENTS.items() if names])
def test_the_first_document_is_the_one_that_is_written(case: str) -> None:
    assert office().convention_of(facts(case)) == DOCUMENTS[case][0]


@pytest.mark.parametrize(
    ("case", "words"),
    [("T24", ("ne permettent pas de choisir", "ce qui manque")), ("T18", ("Aucun contrat", "voies"))],
)  # fmt: skip
def test_where_nothing_is_written_a_sentence_says_why(case: str, words: tuple[str, ...]) -> None:
    with pytest.raises(NothingToDraft) as refused:
        office().convention_of(facts(case))

    said = load_texts(CORPUS).explain(refused.value)
    assert all(word in said for word in words)


@pytest.mark.parametrize(("case", "name"), WRITTEN)
def test_every_obligatory_clause_is_printed(case: str, name: str) -> None:
    document = drafted(case, name)
    there = facts(case)

    printed = {clause.id for article in document.articles for clause in article.clauses}
    due = {
        clause.id
        for article in office().library.document(name).articles
        if shown(article.si, View(there)) and not article.optionnel
        for clause in article.clauses
        if is_due(clause, there)
    }
    assert due
    assert due <= printed
    said = {block.clause for article in document.articles for block in article.blocs}
    assert {clause for clause in due if clause not in said} == set()


@pytest.mark.parametrize(("case", "name"), WRITTEN)
def test_every_obligatory_field_is_given_or_marked(case: str, name: str) -> None:
    document = drafted(case, name)
    marked = {n.slot for n in nodes(document) if isinstance(n, Missing)}
    listed = {gap.champ for gap in document.champs_manquants}

    needs = obligations(office().library.document(name), facts(case)).needs
    for need in needs:
        assert need.filled or need.slot in listed
        for gap in () if need.conditional else need.gaps:
            assert any(touch(mark, gap) for mark in marked), gap


@pytest.mark.parametrize(("case", "name"), WRITTEN)
def test_nothing_is_printed_that_the_case_does_not_say(case: str, name: str) -> None:
    told = {slot for slot, value in facts(case) if value is not None}

    assert [value.slot for value in values(drafted(case, name)) if not sources(value) <= told] == []


@pytest.mark.parametrize(("case", "name"), WRITTEN)
def test_no_value_is_printed_without_its_own_origin(case: str, name: str) -> None:
    told = a_case(FILLED.get(name, name))[1] | facts_of(REFERENCE[case][0])
    origins = {slot: Origin(who="Nora", words=slot) for slot in told}

    document = office().write(parse_facts(told), name, today=TODAY, origins=origins)

    found = values(document)
    assert found
    assert [v.slot for v in found if v.origine is None or v.origine.words not in sources(v)] == []


@pytest.mark.parametrize(("case", "name"), WRITTEN)
def test_a_draft_says_that_it_is_one(case: str, name: str) -> None:
    document = drafted(case, name)

    assert document.projet
    assert document.avertissement
    assert document.titre


@pytest.mark.parametrize("case", PARTNERSHIPS)
def test_a_partnership_has_the_variant_that_its_category_asks_for(case: str) -> None:
    assert drafted(case, "partenariat").variante == VARIANTS.get(case)


@pytest.mark.parametrize("case", ["T10", "T12", "T13"])
def test_a_memorandum_asks_first_what_it_is_for(case: str) -> None:
    document = drafted(case, "protocole_accord")

    asked = {gap.champ for gap in document.champs_manquants if not gap.conditionnel}
    assert {"usage", "portee.clauses_engageantes", "portee.clauses_intention"} <= asked
