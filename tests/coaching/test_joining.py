"""Two readings of one message joined: small hand-made readings, no model."""

from typing import Any

import pytest

from assistant.coaching import events as ev
from assistant.coaching.joining import joined
from assistant.coaching.understanding.model import Finding, Reading
from assistant.coaching.understanding.modelled import Heard, ModelReading
from tests.coaching.understanding.test_modelled import (
    COACH,
    LEXICON,
    SLOTS,
    TODAY,
    claims,
    read_by_model,
    reader,
    recorded,
    said,
    set_by,
    turn,
)

TEXT = "une association du coin, 8 000 euros, les amis du canal"


def found(slot: str, value: Any, start: int = 0, end: int = 5, *, sure: bool = True) -> Finding:
    return Finding(slot, value, TEXT[start:end], start, end, sure)


def join(
    ours: Reading, *theirs: Finding, asked: Any = None, text: str = TEXT, **more: Any
) -> Reading:
    return joined(ours, ModelReading("m", "d", theirs, **more), text, asked, LEXICON)


def test_agreement_is_of_the_same_words() -> None:
    ours = Reading((found("don.montant", 8000, 0, 5, sure=False),))

    assert join(ours, found("don.montant", 8000, 3, 9)).values() == {"don.montant": 8000}
    assert join(ours, found("don.montant", 8000, 6, 9)).values() == {}
    assert join(ours, found("don.montant", 8000, 3, 9, sure=False)).values() == {}


def test_of_free_words_one_reading_may_hold_the_other() -> None:
    ours = Reading((found("acteur_nom", "Les Amis du Canal"),))

    for value in ("les amis du canal", "association Les Amis du Canal", "Canal"):
        read = join(ours, found("acteur_nom", value))
        assert (read.findings, read.contested) == (ours.findings, ())
    assert len(join(ours, found("acteur_nom", "Durand")).contested) == 1


def test_the_slots_of_a_question_in_free_words_are_the_message() -> None:
    asked = next(q for q in COACH.method.questions if q.type == "texte")
    read = join(Reading(), found(asked.slots[0], "le coin"), asked=asked)

    assert (read.offered, read.contested) == ((), ())
    assert join(Reading(), asked=asked, command="pause").command is None


@pytest.mark.parametrize(
    "text",
    ["non, souffler un peu", "oui, souffler", "bonjour", "où est-ce que je souffle ?", "a " * 150],
)
def test_an_order_is_not_taken_from_a_yes_a_no_a_greeting_a_question_or_a_story(text: str) -> None:
    assert join(Reading(), text=text, command="pause").command is None


def test_an_order_is_not_taken_from_a_pasted_document() -> None:
    assert join(Reading(pasted=True), command="pause").command is None
    assert join(Reading(), command="pause").command is not None


def test_what_facts_refuse_is_left_to_be_refused() -> None:
    ours = Reading((found("date_cible", "2027-02-31", sure=False),))
    read = join(ours, found("date_cible", "2027-03-01"))

    assert (read.findings, read.contested) == (ours.findings, ())


def test_none_and_items_contradict_each_other() -> None:
    read = join(Reading((found("lignes_rouges", []),)), found("lignes_rouges", ["le tabac"]))

    assert read.values() == {}
    assert len(read.contested) == 1


def test_what_is_known_already_is_not_offered_again() -> None:
    history = recorded((), [ev.Answered(values={"maturite": 3})])
    text = "on les voit au village, tout de même"
    known, _ = turn(text, claims(said("maturite", "3", "on les voit au village")), history)
    new, _ = turn(text, claims(said("maturite", "4", "on les voit au village")), history)

    assert read_by_model(known) is None
    assert read_by_model(new) is not None
    assert "maturite" not in set_by(new)


def test_what_a_question_to_the_guide_mentions_is_not_said_of_the_case() -> None:
    text = "Merci pour tout ça. Qu’est-ce qu’une alliance stratégique au juste ?"
    made, _ = turn(text, claims(said("maturite", "4", "une alliance stratégique")))

    assert read_by_model(made) is None


def test_i_do_not_know_is_no_value_for_a_model() -> None:
    assert all(value != "inconnu" for one in SLOTS for value, _ in one.options)


def test_names_of_the_case_are_masked() -> None:
    names = {"Quenouille": "organisation"}
    ready = reader(masked=True).prepared(Heard("avec quenouille en vue", TODAY, SLOTS, names=names))

    assert ready is not None
    assert "quenouille" not in ready.prompt.user.lower()
