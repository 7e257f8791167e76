"""What a message implies is offered: never sure, and never beside what is sure."""

from datetime import date
from typing import Any

import pytest

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.paths import nested
from assistant.coaching.understanding.lexicon import load_lexicon
from assistant.coaching.understanding.model import Finding
from assistant.coaching.understanding.reader import read_message
from tests.builders import CORPUS

LEXICON = load_lexicon(CORPUS)
TODAY = date(2026, 11, 21)


def read(text: str, facts: Facts | None = None) -> tuple[Finding, ...]:
    return read_message(text, lexicon=LEXICON, today=TODAY, facts=facts).findings


def values(text: str, slot: str, facts: Facts | None = None) -> list[Any]:
    return [one.value for one in read(text, facts) if one.slot == slot]


def offered(text: str, slot: str, facts: Facts | None = None) -> list[Any]:
    return [one.value for one in read(text, facts) if one.slot == slot and not one.sure]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Bonjour, la société Brunet nous donnerait 3 000 € pour notre festival.\n\n"
            "Sophie Marchal\nPrésidente, Les Tréteaux du Lac\n06 12 34 56 78",
            "Les Tréteaux du Lac",
        ),
        (
            "Bonjour, une entreprise nous propose 40 chaises. Que faut-il signer ? "
            "Cordialement, Paul Henry, trésorier du Foyer rural de Mirecourt",
            "Foyer rural de Mirecourt",
        ),
        (
            "Nous souhaitons verser 5 000 € à une association d'insertion.\nBien à vous,\n--\n"
            "Claire DUMAS | Chargée de mission RSE | Groupe Astralys | 44000 Nantes",
            "Groupe Astralys",
        ),
        (
            "salut c Karim de la Ressourcerie du Bief, une boite nous file 12 ordinateurs",
            "Ressourcerie du Bief",
        ),
        (
            "La fondation Lumière nous aide depuis 4 ans et Mécano Services nous offre 12 vélos. "
            "Merci ! Association Roule Libre",
            "Association Roule Libre",
        ),
    ],
)
def test_the_author_is_named_where_people_say_who_they_are(text: str, name: str) -> None:
    assert name in values(text, "acteur_nom")


def test_a_name_never_runs_over_the_end_of_a_line() -> None:
    text = (
        "La société Brunet nous donne 3 000 €.\n\nSophie Marchal\nPrésidente, Les Tréteaux du Lac"
    )

    assert not any("\n" in one.words for one in read(text) if one.slot.endswith("_nom"))


@pytest.mark.parametrize(
    "text",
    [
        "J'hésite, l'entreprise nous prête un comptable le vendredi mais elle facture ses frais.",
        "Peut-on, au titre de la loi de 2021, prêter nos ingénieurs à la métropole ?",
        "Objet : demande de soutien pour notre club, 3 000 € de don attendus en juin.",
    ],
)
def test_an_opening_word_is_no_name(text: str) -> None:
    first = text.split(maxsplit=1)[0].strip(",:")

    assert first not in values(text, "acteur_nom")


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Je suis directrice de cabinet du maire de Montreuil-les-Prés, 2 000 habitants.",
         "Montreuil-les-Prés"),
        ("EHPAD public de Ruffec. La jardinerie Côté Vert nous offre les bacs de fleurs.", "Ruffec"),
        ("Nous (filature, Tourcoing) souhaitons verser 7 000 € à une asso.", "Tourcoing"),
        ("Marie Roy, asso Les Liens, 76600 Le Havre : une banque nous donne 800 €.", "Le Havre"),
    ],
)  # fmt: skip
def test_the_town_of_the_author_is_offered(text: str, town: str) -> None:
    assert town in values(text, "territoire")


@pytest.mark.parametrize(
    ("text", "months", "stage"),
    [
        ("notre mécène, Chaussures Bihan, nous verse 1 000 € depuis six ans", 72, 3),
        ("On travaille avec la mission locale, 4 ans que ça tourne, et c'est bien", 48, 3),
        ("La ville nous accorde 9 000 € chaque année depuis 2019, à notre club", 84, 3),
        ("ils nous donnent des invendus depuis 8 mois et ça se passe bien entre nous", 8, 2),
    ],
)
def test_how_long_it_lasts_tells_of_the_relation(text: str, months: int, stage: int) -> None:
    assert months in values(text, "relation_mois")
    assert stage in values(text, "maturite")


@pytest.mark.parametrize(
    "text",
    [
        "Notre asso existe depuis 2004 et une entreprise veut nous donner 500 €",
        "je suis trésorier depuis trois ans et on nous propose un don de 500 €",
        "Un chantier de six mois avec eux, à partir de janvier",
    ],
)
def test_the_age_of_something_else_is_not_that_of_the_relation(text: str) -> None:
    assert values(text, "relation_mois") == []


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("J'ai en vue Cafés Mokador mais je ne les ai pas encore appelés pour notre club", 1),
        ("On recommence avec Kiosque, comme l'an passé, pour 2 300 € de don à leur asso", 2),
        ("Avec eux on en est à la quatrième année, don de 16 000 € à leur association", 3),
    ],
)
def test_stories_tell_of_the_relation_in_passing(text: str, stage: int) -> None:
    assert stage in values(text, "maturite")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Notre club de foot : la boîte Verdier, ils nous ont contactés pour 800 €", "entreprise"),
        ("Notre association cherche 900 €, on les a démarchés, la société Verdier dit oui",
         "association"),
        ("Notre association et une entreprise locale : on a tout imaginé à deux, avec 900 € de don",
         "conjointe"),
    ],
)  # fmt: skip
def test_who_had_the_idea_is_told_by_us_and_them(text: str, who: str) -> None:
    assert who in values(text, "initiative")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Notre association reçoit un don de 500 € d'une entreprise du quartier", "E_vers_A"),
        ("Notre entreprise : c'est l'association qui nous aide, elle forme nos équipes",
         "A_vers_E"),
        ("Notre société paie 2 400 € HT une prestation de formation à une association",
         "A_vers_E"),
        ("Notre association et une entreprise : ni don ni vente, un échange de services",
         "reciproque"),
    ],
)  # fmt: skip
def test_the_way_of_the_help_follows_from_what_circulates(text: str, way: str) -> None:
    assert way in values(text, "sens_apport")


def test_what_is_known_of_the_sides_tells_whose_idea_it_is() -> None:
    facts = parse_facts(nested({"acteur_type": "collectivite", "partenaire_type": "association"}))

    assert "collectivite" in offered(
        "C'est nous qui avons eu cette idée, et nous payons le projet", "initiative", facts
    )


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Une entreprise nous propose en don 40 chaises, valeur 1 200 €, pour notre club",
         {"designation": "chaises", "quantite": 40, "valeur": 1200}),
        ("une papeterie nous remet 400 cahiers estimés 600 € pour notre association",
         {"designation": "cahiers", "quantite": 400, "valeur": 600}),
        ("don de 30 ordi reconditionnes val stock 4 500e par lentreprise Octave Info",
         {"quantite": 30, "valeur": 4500}),
    ],
)  # fmt: skip
def test_goods_are_offered_with_their_number_and_worth(text: str, row: dict[str, Any]) -> None:
    found = [one[0] for one in offered(text, "biens")]

    assert any(row.items() <= one.items() for one in found), found


def test_premises_money_and_the_words_for_a_partner_are_no_goods() -> None:
    assert offered("notre commune prête un local municipal de 120 m2 à une asso", "biens") == []
    assert offered("un gros garage donne 300 € à notre club de sport", "biens") == []


def test_fields_refused_are_read_one_by_one() -> None:
    text = (
        "le CA a fixé trois règles : pas d'alcool, pas de paris en ligne, pas de crédit à la conso"
    )

    found = [one for items in values(text, "exclusions") for one in items]
    assert found == ["alcool", "paris en ligne", "crédit à la conso"]


def test_a_fight_against_something_is_no_refusal() -> None:
    assert values("Notre club a reçu un don d'un fabricant de sodas", "exclusions") == []


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("On vend un atelier à la ville, c'est elle qui a tout fixé, les dates et le contenu",
         "besoin_defini_par_payeur", True),
        ("La mairie et nous voulons signer mais rien n'est encore arrêté sur le contenu",
         "objet_arrete", False),
        ("Le projet est bien calé avec la banque, elle verse 900 € à notre club",
         "objet_arrete", True),
        ("Avec la brasserie : décisions à deux, risques à deux, recettes à deux, notre asso y tient",
         "coconstruction", 4),
    ],
)  # fmt: skip
def test_a_story_says_how_things_are_decided(text: str, slot: str, value: object) -> None:
    assert value in values(text, slot)


def test_the_kind_that_faces_the_other_is_offered_when_nothing_names_it() -> None:
    text = "Notre association : deltamont envoie 4 consultants nous aider 3 jours, gratuitement"

    assert "entreprise" in offered(text, "partenaire_type")


def test_nothing_implied_is_ever_sure() -> None:
    text = (
        "Bonjour, la boîte Verdier nous offre 12 vélos, valeur 900 €, ils nous ont contactés.\n"
        "Léa Roy\nPrésidente, Roule Libre"
    )
    slots = {"biens", "initiative", "acteur_nom", "relation_mois"}

    assert [one for one in read(text) if one.slot in slots and one.sure] == []
