"""T01 to T24 of conventions.md §3.6, each in the ways an outsider may write it."""

from typing import Any

import pytest

from tests.coaching.recommendation.given import advised, ids

MECENAT, PR = "mecenat", "pratiques_responsables"
CE, IS, HORS = "cooperation_economique", "innovation_societale", "hors_typologie"


def case(  # noqa: PLR0917 - the columns of the table, in its order
    acteur: str | None = None, objectif: str | None = None, sens: str | None = None,
    retour: str | None = None, flux: Any = None, coco: int | None = None, mat: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "acteur": acteur, "objectif": objectif, "sens": sens, "retour": retour,
        "flux": flux, "coco": coco, "mat": mat,
    }  # fmt: skip


DON, TIME, PRICE, NONE = ["don_numeraire"], ["temps_salarie"], ["prix"], ["aucun"]
SHARED, POOLED = ["partage_revenus"], ["mutualisation"]
REFERENCE: dict[str, tuple[dict[str, Any], list[dict[str, Any]], tuple[Any, Any, Any]]] = {
    "T01": (
        case("association", "modele_eco", "E_vers_A", "aucune", DON, 1, 1),
        [{"beneficiaire_eligible": "oui_reseau_ou_RUP"}, {"beneficiaire_eligible": "inconnu"},
         {"flux": "don_numeraire"}, {"objectif": None, "objectif_carre": {"modele_eco": 6, "positionnement": 4}},
         {"retour": None, "contreparties": []}, {"payeur_public": False}],
        (MECENAT, "mecenat_traditionnel", "mecenat_financier"),
    ),
    "T02": (
        case("entreprise", "positionnement", "E_vers_A", "symbolique", DON, 1, 1),
        [{"beneficiaire_eligible": "oui_rescrit"}, {"contrepartie_liste": ["logo"]},
         {"retour": None, "don": {"montant": 10000}, "contrepartie_valeur": 1000},
         {"payeur_public": False, "initiative": "association"}],
        (MECENAT, "mecenat_traditionnel", "mecenat_financier"),
    ),
    "T03": (
        case("entreprise", "positionnement", "A_vers_E", "equivalente", PRICE, 1, 1),
        [{"contrepartie_visibilite": False}, {"payeur_public": False}],
        (PR, "prestation_service", "prestation"),
    ),
    "T03 logo, VIP": (
        case("entreprise", "positionnement", "A_vers_E", "equivalente", PRICE, 1, 1)
        | {"contrepartie_liste": ["logo", "places VIP"]},
        [{"sens": "E_vers_A"}, {"sens": None}, {"contrepartie_liste": None, "contrepartie_visibilite": True},
         {"contrepartie_liste": None, "contreparties": [{"nature": "Logos sur l'affiche"}]},
         {"flux": DON, "sens": "E_vers_A"}],
        (PR, "prestation_service", "parrainage"),
    ),
    "T04": (
        case("entreprise", "processus", "E_vers_A", "aucune", TIME, 2, 2),
        [{"beneficiaire_eligible": "oui_declare"}, {"temps_travail": "travail"},
         {"forme_mc": "pret_main_oeuvre"}, {"flux": ["temps_salarie", "don_numeraire"]}],
        (MECENAT, "engagement_actif", "mecenat_competences"),
    ),
    "T05": (
        case("entreprise", "processus", "A_vers_E", None, PRICE, 1, 1),
        [{"retour": "equivalente"}, {"retour": "inconnu"}, {"payeur_public": False}, {"coco": 2}],
        (PR, "audit_pratiques", "prestation"),
    ),
    "T06": (
        case("entreprise", "processus", "A_vers_E", None, NONE, 2, 2),
        [{"changement_pratiques": True}, {"retour": "aucune"}, {"objet_arrete": True}, {"flux": []}],
        (PR, "alternative_interet_general", "partenariat"),
    ),
    "T07": (
        case("entreprise", "modele_eco", "A_vers_E", None, PRICE, 1, 2),
        [{"retour": "equivalente"}, {"flux": None, "prix": {"montant_ht": 12000}},
         {"payeur_public": False}],
        (PR, "prestation_service", "prestation"),
    ),
    "T08": (
        case("association", "processus", "réciproque", None, POOLED, 2, 2),
        [{"sens": "reciproque"}, {"sens": None, "apports_reciproques": True}, {"retour": "aucune"},
         {"flux": NONE}],
        (MECENAT, "partage_expertise", "partenariat"),
    ),
    "T09": (
        case("entreprise", "innovation", "ensemble_vers_tiers", None, POOLED, 3, 3),
        [{"experimentation": True}, {"sens": "ensemble_vers_territoire"}, {"retour": "aucune"},
         {"flux": NONE}],
        (IS, "rd_societale", "partenariat"),
    ),
    "T10": (
        case("association", "innovation", "ensemble_vers_tiers", None, POOLED, 3, 1),
        [{"experimentation": True}, {"objet_arrete": False}, {"mat": 2}],
        (IS, "rd_societale", "protocole_accord"),
    ),
    "T11": (
        case("entreprise", "modele_eco", "ensemble_vers_tiers", None, SHARED, 3, 3),
        [{"offre_commune": {"description": "Livraison solidaire"}}, {"retour": "aucune"},
         {"produit_partage": False}],
        (CE, "offre_commune", "partenariat"),
    ),
    "T12": (
        case("association", "modele_eco", "ensemble_vers_tiers", None, SHARED, 4, 3),
        [{"structure_commune": True}, {"retour": "inconnu"}],
        (CE, "modele_hybride", "protocole_accord"),
    ),
    "T13": (
        case("collectivite", "territoire", "E/A/C", None, NONE, 3, 2),
        [{"objectif": "innovation", "sens": "ensemble_vers_territoire"},
         {"objectif": "positionnement", "sens": "ensemble_vers_territoire"},
         {"payeur_public": False, "initiative": "conjointe"}],
        (IS, "rd_societale", "protocole_accord"),
    ),
    "T14": (
        case("collectivite", "besoins", None, None, ["subvention"], 1, 2)
        | {"payeur_public": True, "initiative": "association"},
        [{"payeur_public": None}, {"prestation_individualisee": False}, {"sens": "E_vers_A"},
         {"retour": "aucune", "besoin_defini_par_payeur": False}, {"objectif": "processus"}],
        (HORS, None, "subvention_cpo"),
    ),
    "T15": (
        case("collectivite", "besoins", None, "equivalente", PRICE, 1, 2) | {"payeur_public": True},
        [{"initiative": "collectivite"}, {"besoin_defini_par_payeur": True},
         {"prestation_individualisee": True}, {"sens": "A_vers_E"},
         {"payeur_public": None, "initiative": "collectivite"}],
        (HORS, None, "marche_public"),
    ),
    "T16": (
        case("entreprise", "positionnement", "E_vers_A", "significative", DON, 1, 2),
        [{"beneficiaire_eligible": "oui_declare"},
         {"don": {"montant": 10000}, "contrepartie_valeur": 4000},
         {"retour": None, "don": {"montant": 10000},
          "contreparties": [{"nature": "logo", "valeur": 1500}, {"nature": "soirée", "quantite": 5, "valeur_unitaire": 500}]},
         {"contrepartie_liste": ["logo"]}],
        (MECENAT, "mecenat_traditionnel", "scission"),
    ),
    "T17": (
        case("entreprise", "modele_eco", None, None, SHARED, 2, 2) | {"produit_partage": True},
        [{"produit_partage": None}, {"produit_partage": None, "sens": "A_vers_E"},
         {"produit_partage": None, "retour": "significative", "contrepartie_visibilite": False},
         {"produit_partage": None, "sens": "E_vers_A"}, {"flux": DON, "retour": "aucune"}],
        (PR, "prestation_service", "prestation"),
    ),
    "T17 visible": (
        case("entreprise", "modele_eco", None, None, SHARED, 2, 2)
        | {"contrepartie_liste": ["visibilité"]},
        [{"produit_partage": True}, {"sens": "A_vers_E", "retour": "equivalente"},
         {"sens": "ensemble_vers_tiers"}, {"contrepartie_liste": None, "contrepartie_visibilite": True}],
        (PR, "prestation_service", "parrainage"),
    ),
    "T18": (
        case("entreprise", "positionnement", "E_vers_A", "aucune", DON, 1, 1)
        | {"beneficiaire_eligible": "non"},
        [{"retour": "symbolique"}, {"retour": None},
         {"beneficiaire_eligible": None, "parties": [{"role": "beneficiaire", "eligible_mecenat": "non"}]},
         {"beneficiaire_eligible": None, "parties": [{"role": "beneficiaire", "forme_juridique": "SCIC SA"}]}],
        (MECENAT, None, "aucun"),
    ),
    "T19": (
        case("fondation", "innovation", "E_vers_A", "aucune", DON, 2, 3),
        [{"experimentation": True}, {"beneficiaire_eligible": "oui_rescrit"}, {"mat": 1}],
        (MECENAT, "engagement_actif", "mecenat_financier"),
    ),
    "T20": (
        case("association", "positionnement", "E_vers_A", "aucune", ["don_nature"], 1, 1),
        [{"local": {"adresse": "1 rue du Port"}}, {"beneficiaire_eligible": "oui_declare"},
         {"flux": "don_en_nature"}],
        (MECENAT, "mecenat_traditionnel", "mecenat_nature"),
    ),
    "T21": (
        case("collectivite", "positionnement", "E_vers_C", "symbolique", DON, 1, 1),
        [{"sens": "E_vers_A"}, {"payeur_public": False}, {"beneficiaire_eligible": "oui_declare"},
         {"acteur": "entreprise", "partenaire_type": "collectivite"}],
        (MECENAT, "mecenat_traditionnel", "mecenat_financier"),
    ),
    "T22": (
        case("entreprise", "processus", None, None, NONE, 2, 1),
        [{"sens": "A_vers_E"}, {"changement_pratiques": True}, {"flux": POOLED}],
        (PR, "alternative_interet_general", "partenariat"),
    ),
    "T23": (
        case(mat=4),
        [{"acteur": "association"}, {"acteur": "collectivite"}, {"relation_poursuivie": True}],
        (None, None, None),
    ),
    "T24": (
        case("association"),
        [{"retour": "inconnu", "flux": ["inconnu"]}, {"sens": "inconnu", "flux": "inconnu"},
         {"coco": "inconnu", "mat": "inconnu", "objectif": "inconnu"}],
        (None, None, None),
    ),
}  # fmt: skip
WRITTEN = [
    pytest.param(base | change, expected, id=f"{name}-{number}")
    for name, (base, changes, expected) in REFERENCE.items()
    for number, change in enumerate([{}, *changes])
]


@pytest.mark.parametrize(("values", "expected"), WRITTEN)
def test_a_reference_case_leads_where_the_table_says(
    values: dict[str, Any], expected: tuple[Any, Any, Any]
) -> None:
    found = advised(**values)

    assert (found.categorie, found.modele, found.contrat) == expected


@pytest.mark.parametrize(("values", "expected"), WRITTEN)
def test_what_is_decided_has_two_reasons_and_something_set_aside(
    values: dict[str, Any], expected: tuple[Any, Any, Any]
) -> None:
    found = advised(**values)

    if found.contrat:
        assert len([reason for reason in found.reasons if reason.sources]) >= 2
        assert found.rejected
        assert found.confidence in ("haute", "moyenne")
    assert (found.confidence == "basse") is ("confiance.basse" in ids(found.alerts))


def base(name: str) -> dict[str, Any]:
    return REFERENCE[name][0]


@pytest.mark.parametrize("name", ["T01", "T02", "T04", "T19", "T20", "T21"])
def test_a_gift_without_a_word_on_eligibility_is_patronage_under_reserve(name: str) -> None:
    found = advised(**base(name))

    assert found.missing[0] == "beneficiaire_eligible"
    assert "J6" in ids(found.reasons)
    assert "MEC-02" in ids(found.alerts)
    assert "rescrit" in ids(found.next_steps)


@pytest.mark.parametrize(
    ("name", "alert"),
    [
        ("T10", "IS-02"), ("T13", "IS-02"), ("T15", "CP-01"), ("T16", "MEC-03"), ("T17", "MEC-16"),
        ("T18", "MEC-01"), ("T14", "SUB-03"), ("T21", "SIG-03"), ("T21", "SIG-05"),
    ],
)  # fmt: skip
def test_a_reference_case_warns(name: str, alert: str) -> None:
    assert alert in ids(advised(**base(name)).alerts)


@pytest.mark.parametrize(
    ("name", "annex"),
    [
        ("T09", "plan_action"), ("T13", "plan_action"), ("T19", "convention_experimentation"),
        ("T21", "deliberation"), ("T23", "grille_evaluation"), ("T11", "grille_evaluation"),
    ],
)  # fmt: skip
def test_a_reference_case_comes_with(name: str, annex: str) -> None:
    assert annex in advised(**base(name)).annexes


def test_a_split_gift_is_two_documents() -> None:
    assert advised(**base("T16")).documents == ("mecenat_financier", "parrainage")


def test_a_protocol_comes_before_the_agreement() -> None:
    assert advised(**base("T13")).documents == ("protocole_accord", "partenariat")


def test_who_cannot_receive_patronage_has_three_other_ways() -> None:
    ways = ids(advised(**base("T18")).next_steps)

    assert ways == {"ineligible.parrainage", "ineligible.don_simple", "ineligible.relais"}


def test_a_vague_answer_gets_the_three_questions_that_decide() -> None:
    found = advised(**base("T24"))

    assert found.missing[:3] == ("objectif_dominant", "sens_apport", "flux")
    assert found.confidence == "basse"
    assert found.reasons == ()
