"""Each risk: asserted by what was said, silent on the neighbouring case, under watch when unknown."""

import random
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from assistant.casefile.facts import parse_facts
from assistant.casefile.paths import nested, read
from assistant.coaching.risk_conditions import CONDITIONS
from assistant.coaching.risks import RiskContent, load_risks, risks_of
from assistant.errors import InvalidContent
from assistant.knowledge.corpus import load_corpus
from tests.builders import CORPUS

CONTENT = load_risks(CORPUS)
BOTH = {"acteur_type": "association", "partenaire_type": "entreprise"}
PUBLIC = {"acteur_type": "association", "partenaire_type": "collectivite"}

# risk, the table, what makes it certain, its neighbour that rules it out
CASES: list[tuple[str, dict[str, str], dict[str, Any], dict[str, Any]]] = [
    ("reputation", BOTH, {"criteres_eco.confiance": 2},
     {"criteres_eco": {"confiance": 3, "reflexion": 4, "valeurs": 5}}),
    ("reputation", BOTH, {"exclusions": ["alcool"], "partenaire_secteur": "vente d'alcool"},
     {"exclusions": ["alcool"], "partenaire_secteur": "mobilier",
      "criteres_eco": {"confiance": 3, "reflexion": 4, "valeurs": 5}}),
    ("independance", BOTH, {"objet_arrete": False},
     {"objet_arrete": True, "objectifs.commun": "Former"}),
    ("recuperation", BOTH, {"communication.temporalite": "immediate"},
     {"communication.temporalite": "apres_resultats"}),
    ("desaccords", BOTH, {"parties_prenantes": ["les élus"]},
     {"parties_prenantes": ["les bénévoles et les adhérents"]}),
    ("temps-argent", BOTH, {"budget_disponible": 0}, {"budget_disponible": 100}),
    ("asymetrie", BOTH, {"dependance_pct": 30}, {"dependance_pct": 29}),
    ("attaques", BOTH, {"historique_conflit": "oui"},
     {"historique_conflit": "non", "communication.temporalite": "confidentielle"}),
    ("fuites", BOTH, {"sujets_sensibles": ["confidentialite"]},
     {"sujets_sensibles": ["confidentialite"], "confidentialite.active": True}),
    ("mauvais-partenaire", BOTH, {"criteres_sig.viabilite": 2},
     {"criteres_sig": {"viabilite": 3, "fiabilite": 3, "credibilite": 3}}),
    ("porte-avion-zodiac", BOTH,
     {"parties": [{"effectif": 4}, {"effectif": 40}]}, {"parties": [{"effectif": 4}, {"effectif": 39}]}),
    ("porte-avion-zodiac", BOTH,
     {"acteur_taille": "4 salariés et 60 bénévoles", "parties": [{}, {"effectif": 1200}]},
     {"acteur_taille": "400 salariés", "parties": [{}, {"effectif": 1200}]}),
    ("effets-induits", BOTH, {"pilotage.direction_impliquee": False},
     {"pilotage.direction_impliquee": True, "articulation_interne": "Prolonge la RSE"}),
    ("dialogue-social", BOTH, {"salaries_syndicats_associes": "non"},
     {"salaries_syndicats_associes": "oui"}),
    ("gestion-publique", PUBLIC, {"experimentation": True},
     {"experimentation": True, "competence_exercee": "action sociale"}),
    ("juste-place", PUBLIC, {"coconstruction": 3}, {"coconstruction": 2, "sens_apport": "E_vers_A"}),
    ("vision-longue", PUBLIC, {"projet_territoire": "non"}, {"projet_territoire": "oui"}),
    ("mouvement-sous-estime", PUBLIC, {"parties_prenantes": ["les salariés"]},
     {"parties_prenantes": ["les habitants"]}),
    ("mecenat-ou-parrainage", BOTH,
     {"flux": ["don_numeraire"], "contrepartie_niveau": "significative"},
     {"flux": ["don_numeraire"], "contrepartie_niveau": "symbolique"}),
    ("mecenat-ou-parrainage", BOTH,
     {"flux": ["don_numeraire"], "don.montant": 1000, "contrepartie_valeur": 600},
     {"flux": ["prix"], "contrepartie_niveau": "equivalente"}),
    ("commande-publique", PUBLIC, {"payeur_public": True, "besoin_defini_par_payeur": True},
     {"payeur_public": False, "besoin_defini_par_payeur": True}),
    ("elu-interesse", PUBLIC, {"conflits_interets": ["elu"]}, {"conflits_interets": ["aucun"]}),
    ("liens-d-interet", BOTH, {"conflits_interets": ["client"]}, {"conflits_interets": ["elu"]}),
    ("frein-moyens", BOTH, {"risques": ["moyens"]}, {"moyens_disponibles": "un jour par semaine"}),
    ("frein-methode", BOTH, {"risques": ["methode"]},
     {"pilotage.referents": [{"partie": "A", "nom": "Ada"}]}),
    ("frein-connaissance", BOTH, {"attentes_verifiees": "non"},
     {"attentes_verifiees": "oui", "maturite": 2}),
    ("frein-confiance", BOTH, {"historique_conflit": "oui"}, {"historique_conflit": "non"}),
]  # fmt: skip


def found(values: dict[str, Any]) -> dict[str, str]:
    return {a.risk.id: a.status for a in risks_of(parse_facts(nested(values)), CONTENT)}


@pytest.mark.parametrize(("risk", "table", "sure", "neighbour"), CASES)
def test_a_risk_is_asserted_or_ruled_out_by_what_was_said(
    risk: str, table: dict[str, str], sure: dict[str, Any], neighbour: dict[str, Any]
) -> None:
    assert found(table | sure)[risk] == "present"
    assert risk not in found(table | neighbour)
    assert found(table).get(risk) == "watch"


def test_every_risk_has_a_case() -> None:
    assert {case[0] for case in CASES} == {risk.id for risk in CONTENT.risques}


def test_with_nothing_said_everything_is_watched_and_nothing_asserted() -> None:
    assert set(found({}).values()) == {"watch"}
    assert len(found({})) == len(CONTENT.risques)


def test_a_risk_of_somebody_who_is_not_there_is_not_listed() -> None:
    assert "gestion-publique" not in found(BOTH | {"experimentation": True})
    assert found(BOTH | {"experimentation": True, "payeur_public": True})["gestion-publique"]


def test_a_condition_that_holds_stays_under_watch_while_its_actor_may_be_absent() -> None:
    (risk,) = (
        a
        for a in risks_of(parse_facts({"salaries_syndicats_associes": "non"}), CONTENT)
        if a.risk.id == "dialogue-social"
    )
    assert risk.status == "watch"
    assert risk.slots == ("acteur_type", "partenaire_type")


def test_a_foundation_runs_the_risks_of_general_interest() -> None:
    facts = parse_facts({"acteur_type": "fondation", "partenaire_type": "entreprise",
                         "dependance_pct": 80})  # fmt: skip
    first = risks_of(facts, CONTENT)[0]
    assert (first.risk.id, first.status, first.own) == ("asymetrie", "present", True)


@any_of(st.lists(st.sampled_from(CASES), min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter_and_every_asserted_risk_rests_on_answers(
    cases: list[Any], shuffled: random.Random
) -> None:
    values = {k: v for case in cases for k, v in (case[1] | case[2]).items()}
    items = list(values.items())
    shuffled.shuffle(items)
    tree = nested(dict(items))
    facts = parse_facts(tree)
    made = risks_of(facts, CONTENT)
    assert made == risks_of(parse_facts(nested(values)), CONTENT)
    assert [a.status for a in made] == sorted((a.status for a in made), key="present watch".index)
    for applied in made:
        if applied.status == "present":
            assert applied.slots
            assert all(read(facts, slot) is not None for slot in applied.slots)


def test_every_risk_opens_a_card_that_exists_and_cites_the_guide_or_the_law() -> None:
    cards = {card.id for card in load_corpus(CORPUS).cards}
    for risk in CONTENT.risques:
        assert risk.fiche in cards
        pages = [s.page for s in risk.sources if s.document == "guide"]
        if risk.nature != "droit":
            assert pages
            assert all(page in (35, 36, 37) for page in pages)


def test_the_guide_s_own_count_is_there() -> None:
    """Five for general interest plus the asymmetry, four for companies, four freins."""
    at_35 = [r for r in CONTENT.risques if any(s.page == 35 for s in r.sources)]
    assert len([r for r in at_35 if "association" in r.acteurs]) == 6
    assert len([r for r in at_35 if "entreprise" in r.acteurs]) == 4
    assert len([r for r in CONTENT.risques if r.nature == "frein"]) == 4


@pytest.mark.parametrize("broken", ["conditions", "risques"])
def test_content_that_the_code_does_not_know_is_refused(broken: str) -> None:
    raw = CONTENT.model_dump()
    if broken == "conditions":
        raw["conditions"]["autre"] = "Autre."
    else:
        raw["risques"] = raw["risques"][:-1]
    with pytest.raises(ValueError, match="autre" if broken == "conditions" else "confiance"):
        RiskContent.model_validate(raw)


def test_a_missing_file_is_said(tmp_path) -> None:
    with pytest.raises(InvalidContent):
        load_risks(tmp_path)


def test_conditions_and_content_name_the_same() -> None:
    assert set(CONDITIONS) == set(CONTENT.conditions)
