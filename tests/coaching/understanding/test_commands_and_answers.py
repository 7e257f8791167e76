"""Commands, whatever the question; and bare answers, against the question."""

from datetime import date
from typing import Any

import pytest

from assistant.coaching.understanding import (
    Expectation,
    Lexicon,
    Option,
    load_lexicon,
    read_message,
)
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
COMMANDS = [
    ("je passe", "skip"), ("passe", "skip"), ("question suivante svp", "skip"),
    ("je préfère ne pas répondre", "skip"), ("on verra plus tard", "skip"),
    ("je sais pas", "dont_know"), ("jsp", "dont_know"), ("aucune idée", "dont_know"),
    ("j'en sais rien", "dont_know"), ("pas la moindre idée", "dont_know"),
    ("pourquoi cette question", "why"), ("pk vous demandez ça ?", "why"), ("à quoi ça sert ?", "why"),
    ("c'est quoi le carré magique ?", "ask_guide"), ("quelle est la différence entre mécénat et parrainage ?", "ask_guide"),
    ("qu'est-ce qu'un rescrit ?", "ask_guide"), ("est-ce qu'on peut cumuler les deux ?", "ask_guide"),
    ("répète", "repeat"), ("tu peux répéter ?", "repeat"), ("c'était quoi la question ?", "repeat"),
    ("on passe à l'étape 4", "go_to"), ("aller à l'étape quatre", "go_to"), ("je veux voir la quatrième étape", None),
    ("retour", "back"), ("revenir en arrière", "back"), ("question précédente", "back"),
    ("pause", "pause"), ("je reviens demain", "pause"), ("on fait une pause", "pause"),
    ("on reprend", "resume"), ("je suis de retour", "resume"), ("on continue", "resume"),
    ("recommencer à zéro", "restart"), ("on recommence tout", "restart"),
    ("stop", "cancel"), ("laisse tomber", "cancel"), ("j'abandonne", "cancel"),
    ("non annule", "undo"), ("annule ma dernière réponse", "undo"), ("annuler", "undo"),
    ("récapitule", "summarise"), ("fais-moi un résumé", "summarise"), ("où en est-on ?", "summarise"),
    ("je ne comprends pas", "clarify"), ("c'est-à-dire ?", "clarify"), ("vous pouvez reformuler ?", "clarify"),
    ("en fait c'est 12 000", "correct"), ("je me suis trompé", "correct"), ("finalement c'est 3 ans", "correct"),
    ("sors le doc direct", "export_document"), ("donne moi le pdf", "export_document"),
    ("je veux juste le document word", "export_document"), ("génère la convention", "export_document"),
    ("ce ne sont pas 20 jours mais 30", "correct"), ("changez la date", "correct"),
    ("passer à l'étape évaluation", "go_to"), ("téléchargez-moi le contrat", "export_document"),
    ("bonjour", None), ("oui", None), ("notre asso cherche un mécène", None), ("une boite nous donne 8k", None),
    ("on est passés de 3 à 4 salariés", None), ("notre plan en 4 étapes", None),
]  # fmt: skip
ACTORS = Expectation(
    slots=("acteur_type",), kind="choix",
    options=(
        Option("association", "une association", ("asso",)), Option("entreprise", "une entreprise", ("boîte",)),
        Option("collectivite", "une collectivité territoriale", ("mairie",)),
    ),
)  # fmt: skip
SQUARE = Expectation(
    slots=("objectif_carre",), kind="repartition",
    options=tuple(
        Option(v, label) for v, label in (
            ("processus", "mobiliser"), ("modele_eco", "équilibrer"), ("innovation", "inventer"), ("positionnement", "ancrer"))
    ),
)  # fmt: skip
FLOWS = Expectation(
    slots=("flux",), kind="multi",
    options=(
        Option("don_numeraire", "de l'argent donné"), Option("don_nature", "du matériel ou un local prêté"),
        Option("temps_salarie", "du temps de salariés"),
    ),
)  # fmt: skip


def asked(slot: str, kind: Any) -> Expectation:
    return Expectation(slots=(slot,), kind=kind)


ANSWERS: list[tuple[Expectation, str, dict[str, Any]]] = [
    (ACTORS, "2", {"acteur_type": "entreprise"}),
    (ACTORS, "la deuxième", {"acteur_type": "entreprise"}),
    (ACTORS, "le 3", {"acteur_type": "collectivite"}),
    (ACTORS, "la dernière", {"acteur_type": "collectivite"}),
    (ACTORS, "plutôt l'asso", {"acteur_type": "association"}),
    (ACTORS, "une boîte", {"acteur_type": "entreprise"}),
    (ACTORS, "mairie", {"acteur_type": "collectivite"}),
    (ACTORS, "7", {}),
    (ACTORS, "je sais pas", {}),
    (ACTORS, "pourquoi cette question ?", {}),
    (FLOWS, "1 et 3", {"flux": ["don_numeraire", "temps_salarie"]}),
    (FLOWS, "2", {"flux": ["don_nature"]}),
    (FLOWS, "du temps et du matériel", {"flux": ["temps_salarie", "don_nature"]}),
    (SQUARE, "4 3 2 1", {"objectif_carre": {"processus": 4, "modele_eco": 3, "innovation": 2, "positionnement": 1}}),
    (SQUARE, "inventer 5, mobiliser 3, ancrer 2, équilibrer 0", {"objectif_carre": {"innovation": 5, "processus": 3, "positionnement": 2, "modele_eco": 0}}),
    (SQUARE, "6 4 2 1", {}),
    (asked("payeur_public", "oui_non"), "oui", {"payeur_public": True}),
    (asked("payeur_public", "oui_non"), "ouais", {"payeur_public": True}),
    (asked("payeur_public", "oui_non"), "non pas du tout", {"payeur_public": False}),
    (asked("payeur_public", "oui_non"), "nn", {"payeur_public": False}),
    (asked("don.montant", "montant"), "15000", {"don.montant": 15000}),
    (asked("don.montant", "montant"), "8k", {"don.montant": 8000}),
    (asked("don.montant", "montant"), "quinze mille", {"don.montant": 15000}),
    (asked("don.montant", "montant"), "entre 5 et 8k", {}),
    (asked("prix.montant_ht", "montant"), "environ 3 200 euros", {"prix.montant_ht": 3200}),
    (asked("date_cible", "date"), "fin août", {"date_cible": "2027-08-31"}),
    (asked("date_cible", "date"), "le 12", {"date_cible": "2026-12-12"}),
    (asked("date_cible", "date"), "avant samedi", {"date_cible": "2026-11-28"}),
    (asked("date_cible", "date"), "1er janvier 2027", {"date_cible": "2027-01-01"}),
    (asked("date_cible", "date"), "le 31 février 2027", {}),
    (asked("date_cible", "date"), "à la rentrée", {}),
    (asked("duree.mois", "duree"), "18 mois", {"duree.mois": 18}),
    (asked("duree.mois", "duree"), "un an", {"duree.mois": 12}),
    (asked("duree.mois", "duree"), "24", {"duree.mois": 24}),
    (asked("perimetre.effectif_cible", "nombre"), "120", {"perimetre.effectif_cible": 120}),
    (asked("objectifs.commun", "libre"), "réduire l'isolement", {"objectifs.commun": "réduire l'isolement"}),
    (asked("attentes", "libre"), "des emplois stables", {"attentes": ["des emplois stables"]}),
    (asked("coconstruction", "echelle"), "3", {"coconstruction": 3}),
    (asked("coconstruction", "echelle"), "9", {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(CORPUS)


@pytest.mark.parametrize(("text", "name"), COMMANDS, ids=[t for t, _ in COMMANDS])
def test_a_command_is_recognised(text: str, name: str | None, lexicon: Lexicon) -> None:
    command = read_message(text, lexicon=lexicon, today=TODAY).command

    assert (command.name if command else None) == name


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("on passe à l'étape 4", 4),
        ("étape 7", 7),
        ("aller à l'étape trois", 3),
        ("passer à la deuxième étape", 2),
    ],
)
def test_a_step_is_named_by_its_number(text: str, step: int, lexicon: Lexicon) -> None:
    command = read_message(text, lexicon=lexicon, today=TODAY).command

    assert command is not None
    assert (command.name, command.step) == ("go_to", step)


@pytest.mark.parametrize(("expecting", "text", "values"), ANSWERS, ids=[t for _, t, _ in ANSWERS])
def test_a_bare_answer_is_read_against_the_question(
    expecting: Expectation, text: str, values: dict[str, Any], lexicon: Lexicon
) -> None:
    reading = read_message(text, lexicon=lexicon, today=TODAY, expecting=expecting)

    assert {s: v for s, v in reading.values().items() if s in expecting.slots} == values


def test_an_answer_may_say_more_than_was_asked(lexicon: Lexicon) -> None:
    reading = read_message(
        "une asso, et une entreprise nous donne 5 000 €",
        lexicon=lexicon,
        today=TODAY,
        expecting=ACTORS,
    )

    assert reading.values()["don.montant"] == 5000


def test_an_unlikely_date_is_left_to_confirm(lexicon: Lexicon) -> None:
    expecting = asked("date_cible", "date")
    reading = read_message("12 mars ou 14 mars", lexicon=lexicon, today=TODAY, expecting=expecting)

    assert [(f.value, f.sure) for f in reading.findings] == [
        ("2027-03-12", False),
        ("2027-03-14", False),
    ]


@pytest.mark.parametrize(
    ("text", "actor", "partner"),
    [
        ("une association", "association", None),
        ("plutôt la boîte", "entreprise", None),
        ("une entreprise nous donne 8000 euros", None, "entreprise"),
        ("bonjour, on est une petite asso de quartier à Roubaix (Les Jardins du Canal), "
         "l'entreprise Verdier veut nous donner 8k contre son logo", "association", "entreprise"),
    ],
)  # fmt: skip
def test_a_label_inside_a_long_message_is_no_answer(
    text: str, actor: str | None, partner: str | None, lexicon: Lexicon
) -> None:
    values = read_message(text, lexicon=lexicon, today=TODAY, expecting=ACTORS).values()

    assert (values.get("acteur_type"), values.get("partenaire_type")) == (actor, partner)
