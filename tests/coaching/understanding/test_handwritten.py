"""Messages written by hand: their markup is checked when read, and they are told again."""

import random

import pytest

from assistant.coaching.understanding.learning.handwritten import (
    FEWEST,
    InvalidMessage,
    Reteller,
    Told,
    frequent,
    load_written,
    told,
)
from assistant.coaching.understanding.learning.noise import retyped
from tests.builders import CORPUS

LINE = (
    "association| [notre club]{acteur_type=association} reçoit (enfin !) [1 500 €]{don.montant} "
    "de [Pons]{partenaire_nom}, [leur idée]{initiative=entreprise}, avant [samedi]{date_cible}"
)


def labels(one: Told) -> dict[str, str]:
    return {label: segment.text for segment in one.segments for label in segment.labels}


def test_marks_become_labels_and_the_text_stays() -> None:
    one = told(LINE)

    assert one.text().startswith("notre club reçoit (enfin !) 1 500 € de Pons, leur idée")
    assert labels(one) == {
        "acteur_type=association": "notre club",
        "nombre=don.montant": "1 500 €",
        "partenaire_nom": "Pons",
        "initiative=P": "leur idée",
        "date=date_cible": "samedi",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bonjour", "unknown author"),
        ("notaire| bonjour", "unknown author"),
        ("association| [Pons", "bracket"),
        ("association| [Pons] donne", "bracket"),
        ("association| Pons]{partenaire_nom} donne", "bracket"),
        ("association| Pons{partenaire_nom}", "bracket"),
        ("association| [Pons]{partenaire_surnom}", "unknown slot 'partenaire_surnom'"),
        ("association| [un don]{flux=donation}", "flux takes no 'donation'"),
        ("association| [vieux]{maturite=9}", "maturite takes no '9'"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place_and_why(line: str, reason: str) -> None:
    with pytest.raises(InvalidMessage) as error:
        told(line, place="a.txt:7")

    assert str(error.value).startswith("a.txt:7: ")
    assert reason in str(error.value)


def test_marks_inside_marks_say_both() -> None:
    one = told("autre| [la société [Orfeuil]{partenaire_nom}]{partenaire_type=entreprise} donne")

    assert one.segments[1].labels == {"partenaire_type=entreprise", "partenaire_nom"}


def test_every_message_written_by_hand_can_be_read() -> None:
    assert len(load_written(CORPUS / "apprentissage" / "ecrits")) > 1_000


def test_a_label_is_learned_from_enough_messages() -> None:
    line = "association| [Pons]{partenaire_nom} [paie]{flux=prix}"

    assert frequent([told(line)] * FEWEST) == ("flux=prix", "partenaire_nom")
    assert frequent([told(line)] * (FEWEST - 1)) == ()


def reteller() -> Reteller:
    lines = [LINE, "autre| [Durand]{partenaire_nom} paie. Rien d'autre. Merci."]
    return Reteller([told(line) for line in lines], {"partenaire_nom": ["Voltis"]}, {})


def test_the_first_telling_is_the_message_as_it_was_written() -> None:
    first, second = reteller().retellings(1, seed=1)

    assert first.text == told(LINE).text()
    assert (second.text[:6], second.spans) == ("Durand", ((0, 6, "partenaire_nom"),))


def test_one_seed_tells_again_the_same_and_other_names_come_in() -> None:
    made = reteller().retellings(30, seed=4)

    assert made == reteller().retellings(30, seed=4)
    assert made != reteller().retellings(30, seed=5)
    assert any("voltis" in one.text.lower() for one in made)


def test_what_a_telling_says_stands_on_words_of_its_own() -> None:
    known = {x for line in (LINE,) for x in labels(told(line))} | {"partenaire_nom"}

    for one in reteller().retellings(40, seed=2):
        for start, end, label in one.spans:
            assert label in known
            assert 0 <= start < end <= len(one.text)


def test_typing_otherwise_keeps_every_piece_in_its_place() -> None:
    pieces = ["Notre club", " reçoit ", "1 500 €"]

    for seed in range(30):
        typed = retyped(pieces, random.Random(seed), {"notre": ["not"]})
        assert len(typed) == len(pieces)
        assert typed[2] == pieces[2]
