"""Facts take what can be, name what cannot, and come back the same through JSON."""

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.casefile.facts import Facts, InvalidFacts, parse_facts
from assistant.casefile.paths import given as was_given
from assistant.casefile.paths import model_of, nested, read, slots
from assistant.casefile.shape import kind, literals


def refused(value: Any) -> InvalidFacts:
    with pytest.raises(InvalidFacts) as caught:
        parse_facts(value)
    return caught.value


@pytest.mark.parametrize(
    ("facts", "slot", "said"),
    [
        ({"montant": 8000}, "montant", "inconnu"),
        ({"don": {"montants": 8000}}, "don.montants", "inconnu"),
        ({"parties": [{}, {"sirenne": "1"}]}, "parties.1.sirenne", "inconnu"),
        ({"duree": {"date_debut": "2026-02-30"}}, "duree.date_debut", "date"),
        ({"duree": {"date_debut": "demain"}}, "duree.date_debut", "date"),
        ({"duree": {"date_debut": "1800-01-01"}}, "duree.date_debut", "date"),
        ({"duree": {"date_fin": "2300-01-01"}}, "duree.date_fin", "date"),
        ({"don": {"montant": -1}}, "don.montant", "nombre"),
        ({"don": {"montant": 0}}, "don.montant", "nombre"),
        ({"don": {"montant": 10**14}}, "don.montant", "nombre"),
        ({"don": {"montant": "NaN"}}, "don.montant", "nombre"),
        ({"don": {"montant": "beaucoup"}}, "don.montant", "nombre"),
        ({"dependance_pct": 101}, "dependance_pct", "nombre"),
        ({"maturite": 5}, "maturite", "nombre"),
        ({"criteres_eco": {"confiance": 0}}, "criteres_eco.confiance", "nombre"),
        ({"acteur_type": "syndicat"}, "acteur_type", "choix"),
        ({"flux": ["don_numeraire", "troc"]}, "flux.1", "choix"),
        ({"payeur_public": "peut-être"}, "payeur_public", "choix"),
        ({"objectif_carre": {"innovation": 9}}, "objectif_carre", "dix_points"),
        ({"objectif_carre": {"innovation": 6, "processus": 5}}, "objectif_carre", "dix_points"),
        ({"acteur_nom": "x" * 501}, "acteur_nom", "long"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_named(facts: dict[str, Any], slot: str, said: str) -> None:
    (problem,) = refused(facts).problems

    assert (problem.slot, problem.kind) == (slot, said)


def test_every_unknown_slot_is_named_at_once() -> None:
    error = refused({"montant": 1, "don": {"sommes": 2}, "acteur_nom": "Les Jardins"})

    assert error.name == "slot_inconnu"
    assert set(error.details["slot"].split(", ")) == {"montant", "don.sommes"}
    assert error.exit_code == 2


@pytest.mark.parametrize("value", [None, [], "flux", 3])
def test_facts_are_one_object(value: Any) -> None:
    assert refused(value).name == "slot_objet"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Collectivité territoriale", "collectivite"), ("asso", "association"),
     ("ASSOCIATION", "association")],
)  # fmt: skip
def test_other_spellings_are_folded(value: str, expected: str) -> None:
    assert parse_facts({"acteur_type": value}).acteur_type == expected


def test_one_value_alone_is_a_list_of_one() -> None:
    facts = parse_facts({"flux": "don", "attentes": "vingt stages"})

    assert facts.flux == ("don_numeraire",)
    assert facts.attentes == ("vingt stages",)


def test_an_empty_list_says_none_and_nothing_says_nothing() -> None:
    assert was_given(parse_facts({"contreparties": []}).contreparties)
    assert not was_given(Facts().contreparties)
    assert not was_given("inconnu")
    assert not was_given(("inconnu",))
    assert was_given(False)
    assert was_given(0)


def test_ten_points_make_a_square() -> None:
    square = parse_facts({"objectif_carre": {"innovation": 7.5, "processus": 2.5}}).objectif_carre

    assert square is not None
    assert (square.innovation, square.positionnement) == (Decimal("7.5"), 0)


def test_facts_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse_facts({"acteur_nom": "x"}).acteur_nom = "y"


def test_a_slot_is_read_by_its_name() -> None:
    facts = parse_facts({
        "don": {"montant": 8000}, "parties": [{"siren": "000001016"}],
        "objectifs": {"propres": {"l'Association": "tenir"}},
    })  # fmt: skip

    assert read(facts, "don.montant") == 8000
    assert read(facts, "don.echeancier") is None
    assert read(facts, "duree.date_debut") is None
    assert read(facts, "parties.0.siren") == "000001016"
    assert read(facts, "parties.4.siren") is None
    assert read(facts, "objectifs.propres.l'Association") == "tenir"
    for wrong in ("don.montants", "dons", "don.montant.cents", "parties.un.siren"):
        with pytest.raises(KeyError):
            read(facts, wrong)


def test_names_nest_and_the_longer_wins() -> None:
    assert nested({"don.montant": 1, "flux": ["don"]}) == {"don": {"montant": 1}, "flux": ["don"]}
    assert nested({"don.montant": 2, "don": {"montant": 1, "conditions": "x"}}) == {
        "don": {"montant": 2, "conditions": "x"}
    }


def test_nesting_leaves_what_it_was_given_alone() -> None:
    given_first = {"don": {"montant": 1}}

    nested({**given_first, "don.montant": 2})

    assert given_first == {"don": {"montant": 1}}


def test_slots_are_named_once_and_can_be_read() -> None:
    assert len(slots()) == len(set(slots()))
    assert all(read(Facts(), slot) is None for slot in slots())
    assert {"don.montant", "parties", "plan.actions", "litiges.mediation.presence"} <= set(slots())
    assert "parties.siren" not in slots()


def test_a_row_has_a_model_and_a_text_has_none() -> None:
    party = model_of("parties")

    assert party is not None
    assert "siren" in party.model_fields
    assert model_of("parties.representant") is not None
    assert model_of("prestation.jalons") is not None
    assert model_of("acteur_nom") is None
    with pytest.raises(KeyError):
        model_of("parties.sirenne")


VALUES = {
    "texte": st.text("abcé'- ", min_size=1).map(str.strip).filter(bool),
    "montant": st.decimals(1, 10**9, places=2).map(float),
    "pourcentage": st.integers(0, 100),
    "date": st.dates().filter(lambda d: 1902 < d.year < 2200).map(str),
    "oui_non": st.booleans(),
}
PLAIN = [s for s in slots() if kind(s) in VALUES and not s.startswith("objectif_carre")]


def a_value(slot: str) -> st.SearchStrategy[Any]:
    if literals(slot):
        return st.sampled_from(literals(slot))
    return VALUES[kind(slot)]


@st.composite
def some_facts(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(PLAIN), max_size=8, unique=True))
    return nested({name: draw(a_value(name)) for name in names})


@given(some_facts())
def test_facts_come_back_the_same_through_json(value: dict[str, Any]) -> None:
    facts = parse_facts(value)

    text = facts.model_dump_json(exclude_none=True)
    assert parse_facts(json.loads(text)) == facts


@pytest.mark.parametrize("slot", [s for s in slots() if kind(s) == "choix"])
def test_every_allowed_value_is_taken_as_it_is_written(slot: str) -> None:
    for value in literals(slot):
        assert read(parse_facts(nested({slot: value})), slot) == value


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(slots()) | st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
))  # fmt: skip
def test_any_json_is_facts_or_an_error_that_says_why(value: Any) -> None:
    with contextlib.suppress(InvalidFacts):
        assert parse_facts(value) == parse_facts(value)
