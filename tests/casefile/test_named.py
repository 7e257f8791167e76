"""What is masked of a case: every name it holds, once, with its kind."""

from assistant.casefile.facts import parse_facts
from assistant.casefile.named import names


def test_every_name_of_a_case_is_known_with_its_kind() -> None:
    facts = parse_facts({
        "acteur_nom": "Les Jardins",
        "partenaire_nom": "Verdier SA",
        "facilitateur_nom": "Ana Morel",
        "parties": [{
            "denomination": "Verdier SA", "designation_courte": "Verdier", "groupe": "Groupe V",
            "siege": "Angers", "representant": {"nom": "Paul Verdier"},
        }],
    })  # fmt: skip

    assert names(facts) == {
        "Verdier SA": "organisation", "Verdier": "organisation", "Groupe V": "organisation",
        "Angers": "lieu", "Paul Verdier": "personne", "Les Jardins": "organisation",
        "Ana Morel": "personne",
    }  # fmt: skip


def test_a_case_that_names_nobody_has_no_names() -> None:
    assert names(parse_facts({})) == {}
