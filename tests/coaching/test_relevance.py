"""A question is dropped only when what is known rules it out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.casefile.facts import Facts, parse_facts
from assistant.coaching.conditions import CONDITIONS
from assistant.coaching.method import load_method
from assistant.coaching.relevance import (
    holds,
    is_for,
    relevant,
    relevant_fields,
    relevant_questions,
)
from tests.builders import ROOT

METHOD = load_method(ROOT / "corpus")
TWO = [{"type_acteur": "association"}, {"type_acteur": "entreprise"}]

# What must be said before these are asked at all.
SAID_FIRST = {
    "conflit_passe", "conflit_interets", "facilitateur_trouve", "projet_territoire_existe",
    "plusieurs_parties",
}  # fmt: skip


def test_with_nothing_known_everything_may_matter() -> None:
    asked = {name for name in CONDITIONS if holds(name, Facts())}

    assert set(CONDITIONS) - asked == SAID_FIRST


CASES: list[tuple[str, dict[str, Any], bool]] = [
    ("don_envisage", {"flux": ["prix"]}, False),
    ("don_envisage", {"flux": ["prix", "don_nature"]}, True),
    ("don_envisage", {"flux": ["inconnu"]}, True),
    ("don_numeraire", {"flux": ["don_nature"]}, False),
    ("don_nature", {"flux": ["don_nature"]}, True),
    ("temps_salarie", {"flux": ["don_numeraire"]}, False),
    ("prix", {"flux": ["prix"]}, True),
    ("partage_revenus", {"flux": ["prix"]}, False),
    ("vente_au_public", {"flux": ["don_nature"]}, False),
    ("subvention", {"flux": ["subvention"]}, True),
    ("subvention", {"flux": ["don_numeraire"], "partenaire_type": "collectivite"}, False),
    ("subvention", {"acteur_type": "entreprise"}, False),
    ("argent_verse", {"flux": ["temps_salarie"]}, False),
    ("argent_verse", {"flux": ["partage_revenus"]}, True),
    ("montant_a_dire", {"flux": ["aucun"]}, False),
    ("montant_a_dire", {"flux": ["mutualisation"]}, True),
    ("contrepartie_possible", {"flux": ["pret_ou_capital"]}, False),
    ("contrepartie_possible", {"flux": ["don_numeraire"]}, True),
    ("contrepartie_recue", {"contrepartie_niveau": "aucune"}, False),
    ("contrepartie_recue", {"contrepartie_niveau": "symbolique"}, True),
    ("beneficiaire_fiscal", {"flux": ["don_numeraire"]}, True),
    ("beneficiaire_fiscal", {"flux": ["don_numeraire"], "contrepartie_niveau": "equivalente"}, False),
    ("beneficiaire_fiscal", {"flux": ["mutualisation"]}, False),
    ("personne_publique", {"acteur_type": "entreprise"}, False),
    ("personne_publique", {"acteur_type": "entreprise", "partenaire_type": "collectivite"}, True),
    ("personne_publique", {"acteur_type": "association"}, True),
    ("personne_publique", {"acteur_type": "association", "partenaire_type": "entreprise"}, False),
    ("personne_publique", {"acteur_type": "collectivite", "partenaire_type": "entreprise"}, True),
    ("personne_publique", {"acteur_type": "association", "parties": TWO}, False),
    ("personne_publique", {"parties": [*TWO, {"type_acteur": "etablissement_public"}]}, True),
    ("personne_publique", {"acteur_type": "entreprise", "payeur_public": True}, True),
    ("public_payeur", {"acteur_type": "collectivite", "payeur_public": False}, False),
    ("public_payeur", {"acteur_type": "collectivite"}, True),
    ("partenaire_connu", {"profil_cible": "une PME"}, False),
    ("partenaire_connu", {"profil_cible": "une PME", "partenaire_nom": "Bois & Cie"}, True),
    ("partenaire_connu", {"profil_cible": "une PME", "candidats": [{"nom": "Bois"}]}, True),
    ("partenaire_inconnu", {"partenaire_nom": "Bois & Cie"}, False),
    ("partenaire_inconnu", {"parties": TWO}, False),
    ("partenaire_interet_general", {"partenaire_type": "entreprise"}, False),
    ("partenaire_interet_general", {"partenaire_type": "fondation"}, True),
    ("partenaire_entreprise", {"partenaire_type": "association"}, False),
    ("partenaire_entreprise", {"profil_cible": "une PME"}, False),
    ("plusieurs_parties", {"parties": TWO}, False),
    ("plusieurs_parties", {"parties": [*TWO, {}]}, True),
    ("plusieurs_parties", {"sens_apport": "ensemble_vers_territoire"}, True),
    ("cooperation_etroite", {"coconstruction": 2}, False),
    ("cooperation_etroite", {"coconstruction": 3}, True),
    ("apport_a_l_entreprise", {"sens_apport": "E_vers_A"}, False),
    ("echange_de_savoirs", {"sens_apport": "ensemble_vers_tiers"}, False),
    ("echange_de_savoirs", {"sens_apport": "reciproque", "coconstruction": 1}, False),
    ("echange_de_savoirs", {"sens_apport": "reciproque", "coconstruction": 2}, True),
    ("autre_montant", {"flux": ["don_numeraire"]}, False),
    ("autre_montant", {"flux": ["pret_ou_capital"]}, True),
    ("relation_existante", {"maturite": 1}, False),
    ("relation_existante", {"maturite": 2}, True),
    ("evaluation_en_cours", {"maturite": 1}, False),
    ("evaluation_en_cours", {"maturite": 2}, True),
    ("evaluation_en_cours", {"maturite": 1, "signature": {"date": "2026-01-15"}}, True),
    ("evaluation_en_cours", {"maturite": 1, "eval": {"genese": "2024"}}, True),
    ("contractualisation", {"refus_contractualiser": True}, False),
    ("contractualisation", {"refus_contractualiser": False}, True),
    ("plan_demande", {"docs_demandes": ["convention"]}, False),
    ("plan_demande", {"docs_demandes": ["convention", "plan_action"]}, True),
    ("partenariat_ecrit", {"contrat_demande": "mecenat_financier"}, False),
    ("partenariat_ecrit", {"contrat_demande": "partenariat"}, True),
    ("partenariat_ecrit", {"refus_contractualiser": True}, False),
    ("conflit_passe", {"historique_conflit": "oui"}, True),
    ("conflit_interets", {"conflits_interets": ["aucun"]}, False),
    ("conflit_interets", {"conflits_interets": ["elu"]}, True),
    ("facilitateur_trouve", {"facilitateur": "oui"}, True),
    ("projet_territoire_existe", {"projet_territoire": "oui"}, True),
    ("donnees_partagees", {"rgpd": {"donnees_personnelles": False}}, False),
    ("donnees_partagees", {"rgpd": {"donnees_personnelles": True}}, True),
    ("mediation_prevue", {"litiges": {"mediation": False}}, False),
    ("duree_determinee", {"duree": {"indeterminee": True}}, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "facts", "expected"), CASES, ids=[f"{c}-{f}" for c, f, _ in CASES]
)
def test_a_condition_reads_what_is_known(
    condition: str, facts: dict[str, Any], expected: bool
) -> None:
    assert holds(condition, parse_facts(facts)) is expected


def test_every_condition_is_tried() -> None:
    assert set(CONDITIONS) == {condition for condition, _, _ in CASES}


def test_no_condition_always_holds() -> None:
    assert holds(None, Facts())


def test_an_unknown_condition_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        holds("jamais", Facts())


@pytest.mark.parametrize(
    ("name", "actor", "asked"),
    [
        ("D3-07", "association", True),
        ("D3-07", "entreprise", False),
        ("D3-07", "fondation", True),
        ("D3-07", None, True),
        ("D3-02", "association", False),
        ("D3-03", "association", True),
        ("D6-04", "collectivite", True),
        ("D1-01", "entreprise", True),
    ],
)
def test_a_question_is_put_to_those_it_is_for(name: str, actor: str | None, asked: bool) -> None:
    facts = parse_facts({"acteur_type": actor} if actor else {})

    assert is_for(METHOD.question(name), facts) is asked
    assert relevant(METHOD.question(name), facts) is asked


def test_a_company_is_asked_about_public_money_only_with_a_public_partner() -> None:
    question = METHOD.question("D4-09")

    assert not relevant(question, parse_facts({"acteur_type": "entreprise"}))
    assert relevant(
        question, parse_facts({"acteur_type": "entreprise", "partenaire_type": "collectivite"})
    )


def test_only_the_amounts_of_what_circulates_are_asked() -> None:
    question = METHOD.question("D4-07")

    def asked(*flows: str) -> list[str]:
        facts = parse_facts({"flux": list(flows), "acteur_type": "association"})
        return [field.slot for field in relevant_fields(question, facts)]

    assert asked("don_numeraire") == ["don.montant", "don.echeancier"]
    assert asked("temps_salarie") == ["mc.volume_jours"]
    assert asked("prix", "don_nature") == ["biens", "prix.montant_ht"]


def test_some_amount_can_always_be_given() -> None:
    question = METHOD.question("D4-07")

    for flow in ("don_numeraire", "don_nature", "temps_salarie", "prix", "partage_revenus",
                 "mutualisation", "subvention", "pret_ou_capital", "aucun", "inconnu"):  # fmt: skip
        facts = parse_facts({"flux": [flow]})
        assert not relevant(question, facts) or relevant_fields(question, facts), flow


def test_relevant_questions_keep_the_order_of_the_method() -> None:
    asked = relevant_questions(METHOD, parse_facts({"acteur_type": "entreprise", "maturite": 1}))

    order = [question.id for question in METHOD.questions]
    assert [q.id for q in asked] == [name for name in order if name in {q.id for q in asked}]
    assert not [q for q in asked if q.etape == 7]


@given(
    actor=st.sampled_from(["association", "entreprise", "collectivite", "fondation", "autre"]),
    flow=st.sets(
        st.sampled_from(["don_numeraire", "prix", "mutualisation", "subvention", "temps_salarie"])
    ),
    degree=st.none() | st.integers(1, 4),
)
def test_the_orientation_can_always_be_asked_for(
    actor: str, flow: set[str], degree: int | None
) -> None:
    facts = parse_facts({"acteur_type": actor, "flux": sorted(flow), "coconstruction": degree})

    asked = {q.id for q in relevant_questions(METHOD, facts)}
    assert {"D1-01", "D1-04", "D1-07", "D1-08", "D2-01", "D4-06"} <= asked
