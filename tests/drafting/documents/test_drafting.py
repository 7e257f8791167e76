"""A document says what was said, shows what is missing, and invents nothing."""

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.provenance import Origin
from assistant.drafting.documents.document import Alert, DocumentConvention
from assistant.drafting.documents.drafting import Edits, draft
from assistant.drafting.documents.nodes import (
    Missing,
    Negotiation,
    Note,
    Position,
    Signatures,
    Table,
    Value,
    inlines,
    plain,
)
from assistant.drafting.documents.obligations import obligations
from assistant.drafting.documents.template import UnknownDocument
from tests.drafting.documents.samples import TODAY, library, patronage

FINANCIAL = "mecenat_financier"


def written(case: dict[str, Any], **options: Any) -> DocumentConvention:
    options = {"library": library(), "labels": {}, "today": TODAY} | options
    return draft(parse_facts(case), options.pop("document", FINANCIAL), **options)


def article(document: DocumentConvention, code: str) -> Any:
    return next(a for a in document.articles if a.code == code)


def nodes(document: DocumentConvention) -> list[Any]:
    return [n for a in document.articles for b in a.blocs for n in inlines(b)]


def test_a_complete_case_lacks_nothing() -> None:
    document = written(patronage())

    assert document.champs_manquants == ()
    assert {a.statut for a in document.articles} == {"complet"}
    assert "[À" not in "".join(a.texte for a in document.articles)


def test_articles_come_in_order_and_are_numbered_after_the_preamble() -> None:
    document = written({})

    assert [a.num for a in document.articles] == [None, None, *range(1, 18)]
    assert [a.code for a in document.articles][:6] == [
        "parties", "preambule", "objet", "perimetre", "don", "affectation",
    ]  # fmt: skip


def test_amounts_stand_in_figures_and_in_words() -> None:
    assert "30\u202f000\u202f€ (trente mille euros)" in article(written(patronage()), "don").texte


def test_every_value_says_its_slot_and_where_it_comes_from() -> None:
    answer = Origin(kind="answer", who="Nora", words="trente mille")
    read = Origin(kind="document", words="statuts.pdf")

    document = written(patronage(), origins={"don.montant": answer, "parties": read})

    values = [n for n in nodes(document) if isinstance(n, Value)]
    assert all(v.slot for v in values)
    assert {v.origine for v in values if v.slot == "don.montant"} == {answer}
    assert {v.origine for v in values if v.slot.startswith("parties.")} == {read}


def test_a_computed_value_names_the_slots_it_comes_from() -> None:
    ratio = next(
        n
        for n in nodes(written(patronage()))
        if n.type == "valeur" and n.slot == "contreparties.ratio"
    )

    assert (ratio.texte, ratio.derive_de) == ("6\u202f%", ("contreparties", "don.montant"))


def test_a_ratio_is_not_computed_from_a_gap() -> None:
    case = patronage()
    del case["contreparties"][0]["valeur"]

    text = article(written(case), "contreparties").texte

    assert "[À COMPLÉTER" in text
    assert "%" not in text


def test_nothing_is_printed_that_nobody_gave() -> None:
    document = written({})

    assert not any(isinstance(n, Value) for n in nodes(document))


def test_each_gap_that_is_printed_is_listed() -> None:
    document = written({})

    listed = {path for f in document.champs_manquants for path in f.chemins}
    assert {n.slot for n in nodes(document) if isinstance(n, Missing)} <= listed


def test_every_obligatory_field_is_printed_or_marked() -> None:
    for case in ({}, patronage(), {"evaluation": {"prevue": True}, "payeur_public": True}):
        facts = parse_facts(case)
        found = obligations(library().document(FINANCIAL), facts)
        marked = {n.slot for n in nodes(written(case)) if isinstance(n, Missing)}
        for need in found.needs:
            if not need.conditional:
                for gap in need.gaps:
                    assert any(m == gap or m.startswith(f"{gap}.") for m in marked), gap


def test_labels_and_questions_are_used() -> None:
    document = written(
        {}, labels={"don.montant": "Montant du don"}, questions={"don.montant": "D4-07"}
    )

    missing = next(f for f in document.champs_manquants if f.champ == "don.montant")
    assert (missing.libelle, missing.question_id) == ("Montant du don", "D4-07")
    assert "[À COMPLÉTER\u00a0: Montant du don]" in article(document, "don").texte


def test_a_list_said_to_be_empty_is_not_missing() -> None:
    case = patronage() | {"contreparties": []}

    document = written(case)

    assert "aucune autre contrepartie" in article(document, "contreparties").texte
    assert document.champs_manquants == ()


def test_a_point_under_negotiation_shows_each_side_and_no_value() -> None:
    positions = (Position(partie="Mécène", texte="20 000"), Position(partie="Asso", texte="30 000"))

    document = written(patronage(), negotiations={"don.montant": positions})

    don = article(document, "don")
    assert "[À NÉGOCIER" in don.texte
    assert "30\u202f000\u202f€ (" not in don.texte
    assert [b.positions for b in don.blocs if isinstance(b, Negotiation)] == [positions]


def test_an_optional_clause_can_be_taken_out_put_elsewhere_and_rewritten() -> None:
    pilotage = article(written(patronage()), "pilotage")
    assert "pilotage.copil" in [c.id for c in pilotage.clauses]

    edits = Edits(
        removed=frozenset({"pilotage.copil", "pilotage.referents"}),
        rewritten={"pilotage.rythme": "{{ 7*7 }} **chaque mois**"},
        order=("pilotage.outils", "pilotage.referents"),
    )
    changed = article(written(patronage(), edits=edits), "pilotage")

    ids = [c.id for c in changed.clauses]
    assert "pilotage.copil" not in ids
    assert ids[:2] == ["pilotage.outils", "pilotage.referents"]  # obligatory: moved, not removed
    assert "{{ 7*7 }} **chaque mois**" in changed.texte
    assert "pilotage.copil" in changed.proposees


def test_an_alert_marks_its_article() -> None:
    alert = Alert(regle="MEC-02", severite="alerte", message="…", article="fiscal")

    document = written(patronage(), issues=[alert])

    assert article(document, "fiscal").statut == "a_verifier"
    assert document.alertes == (alert,)


def test_the_notice_is_not_optional() -> None:
    assert written(patronage(), ready=True).avertissement.startswith("Projet à faire relire")
    with pytest.raises(ValueError, match="avertissement"):
        DocumentConvention.model_validate(written({}).model_dump() | {"avertissement": ""})


def test_a_third_party_changes_the_title() -> None:
    case = patronage()
    case["parties"].append({"role": "tiers_facilitateur", "denomination": "La Ville"})

    assert written(case).variante == "plusieurs_parties"


def test_expected_parties_come_first_whatever_the_order_given() -> None:
    case = patronage()
    case["parties"].reverse()

    assert [p.role for p in written(case).parties] == ["mecene", "beneficiaire"]
    assert plain(written(case).parties[0].designation) == "Menuiseries du Val"


def test_the_signature_block_has_a_box_for_each_party() -> None:
    block = next(b for b in article(written({}), "signatures").blocs if isinstance(b, Signatures))

    assert len(block.cases) == 2


def test_an_optional_column_vanishes_when_nobody_fills_it() -> None:
    case = patronage()
    for line in case["contreparties"]:
        line.pop("methode")

    table = next(b for b in article(written(case), "contreparties").blocs if isinstance(b, Table))

    assert "Méthode" not in [c.titre for c in table.colonnes]
    assert plain(table.lignes[-1][-1]) == "1\u202f800\u202f€"


def test_an_unknown_document_is_refused_by_name() -> None:
    with pytest.raises(UnknownDocument):
        written({}, document="bail")


class Figures:
    def shown(self, path: str, today: date) -> str:
        return {"a": "16216 (à vérifier)", "b": "30 jours"}[path]

    def mention(self, path: str, today: date) -> str:
        return {"a": "à vérifier", "b": ""}[path]


def test_a_dated_figure_says_when_it_is_unsure() -> None:
    template = library().document(FINANCIAL)
    clause = (
        template.articles[2]
        .clauses[0]
        .model_copy(
            update={
                "texte": "Modèle {{ parametre('a') }}, {{ parametre('b') }}, {{ parametre('c') }}."
            }
        )
    )
    changed = template.articles[2].model_copy(update={"clauses": (clause,)})
    shelf = library().model_copy(
        update={"documents": {FINANCIAL: template.model_copy(update={"articles": (changed,)})}}
    )

    document = written(patronage(), library=shelf, parameters=Figures())

    assert "16216 (à vérifier)" in document.articles[0].texte
    notes = [n for n in nodes(document) if isinstance(n, Note)]
    assert [n.a_verifier for n in notes] == [True, False, True]


def test_drafting_is_the_same_every_time() -> None:
    assert written(patronage()) == written(copy.deepcopy(patronage()))


def paths_of(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in paths_of(item, (*prefix, key))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [p for n, item in enumerate(value) for p in paths_of(item, (*prefix, n))]
    return [prefix]


ROWS_NEED = ("nature", "titulaire", "partie")  # a row cannot be without these
ALL = [p for p in paths_of(patronage()) if p[-1] not in ROWS_NEED]


def without(case: dict[str, Any], taken: set[tuple[Any, ...]]) -> Facts:
    kept = copy.deepcopy(case)
    for path in taken:
        inner: Any = kept
        for part in path[:-1]:
            inner = inner[part]
        inner.pop(path[-1])
    return parse_facts(kept)


VARIATIONS = [
    {},
    {"payeur_public": True},
    {"evaluation": {"prevue": False}},
    {"exclusivite": {"mode": "secteur"}},
    {"rgpd": {"donnees_personnelles": True, "roles": "conjoints_art26"}},
    {"duree": {"indeterminee": True, "date_debut": "2027-01-01"}},
    {"conflits_interets": ["client"], "don": {"montant": 500}},
    {"annexes": []},
]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(VARIATIONS),
    st.sets(st.sampled_from(ALL), max_size=len(ALL)),
    st.sets(st.sampled_from(ALL), max_size=40),
)
def test_adding_information_never_adds_a_missing_field(
    change: dict[str, Any], gaps: set[tuple[Any, ...]], filled: set[tuple[Any, ...]]
) -> None:
    case = patronage() | change
    possible = set(paths_of(case)) & set(ALL)
    less = without(case, gaps & possible)
    more = without(case, (gaps - filled) & possible)
    for template in library().documents.values():
        before, after = obligations(template, less), obligations(template, more)

        assert set(after.missing) <= set(before.missing)
        assert set(after.required) <= set(before.required)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(VARIATIONS),
    st.sets(st.sampled_from(ALL), max_size=len(ALL)),
    st.sets(st.sampled_from(ALL), max_size=40),
)
def test_adding_information_never_adds_to_what_a_document_lists_as_missing(
    change: dict[str, Any], gaps: set[tuple[Any, ...]], filled: set[tuple[Any, ...]]
) -> None:
    case = patronage() | change
    possible = set(paths_of(case)) & set(ALL)
    before, after = (
        draft(facts, FINANCIAL, library=library(), labels={}, today=TODAY)
        for facts in (
            without(case, gaps & possible), without(case, (gaps - filled) & possible),
        )
    )  # fmt: skip

    assert {f.champ for f in after.champs_manquants} <= {f.champ for f in before.champs_manquants}


def test_a_conditional_field_counts_until_its_condition_is_surely_false() -> None:
    template = library().document(FINANCIAL)
    rhythm = "evaluation.frequence"

    unknown = obligations(template, parse_facts({}))
    yes = obligations(template, parse_facts({"evaluation": {"prevue": True}}))
    no = obligations(template, parse_facts({"evaluation": {"prevue": False}}))

    assert (rhythm in unknown.missing, rhythm in unknown.certain) == (True, False)
    assert (rhythm in yes.missing, rhythm in yes.certain) == (True, True)
    assert rhythm not in no.required


def test_a_field_asked_of_each_party_names_those_that_lack_it() -> None:
    case = patronage()
    del case["parties"][1]["siege"]

    need = next(
        n
        for n in obligations(library().document(FINANCIAL), parse_facts(case)).needs
        if n.slot == "parties[].siege"
    )

    assert need.gaps == ("parties.1.siege",)
