"""The fold of events: what is known, what is in doubt, what an undo brings back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.coaching import events as ev
from assistant.coaching.commands import last_batch
from assistant.coaching.method import Method, load_method
from assistant.coaching.sides import PRIVATE, Side
from assistant.coaching.state import State, apply, fold, merged, undone
from tests.builders import CORPUS

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def method() -> Method:
    return load_method(CORPUS)


def recorded(*events: ev.Event | tuple[Side, ev.Event]) -> list[ev.Recorded]:
    found = []
    for seq, item in enumerate(events, 1):
        side, event = item if isinstance(item, tuple) else ("porteur", item)
        at = START + timedelta(minutes=seq)
        found.append(ev.Recorded(seq=seq, at=at, side=side, author="", event=event))
    return found


def answered(sure: bool = True, **values: Any) -> ev.Answered:
    dotted = {slot.replace("__", "."): value for slot, value in values.items()}
    return ev.Answered(values=dotted, sure=sure)


def values(method: Method, *events: ev.Event) -> dict[str, Any]:
    return fold(method, recorded(*events)).of("porteur").values()


def status(method: Method, slot: str, events: Sequence[ev.Event]) -> tuple[str, str | None]:
    answer = fold(method, recorded(*events)).of("porteur").answers[slot]
    return answer.status, answer.because


def test_the_last_answer_counts(method: Method) -> None:
    assert values(method, answered(maturite=1), answered(maturite=3)) == {"maturite": 3}


def test_what_was_read_in_a_message_is_to_confirm_until_it_is_confirmed(method: Method) -> None:
    read = answered(sure=False, maturite=1)

    assert status(method, "maturite", [read]) == ("to_confirm", None)
    assert status(method, "maturite", [read, ev.Confirmed(slots=("maturite",))]) == (
        "confirmed", None,
    )  # fmt: skip


def test_a_correction_puts_what_rested_on_it_in_doubt_and_erases_nothing(method: Method) -> None:
    slot, dependent = next(
        (name, held)
        for question in method.questions
        for name in question.depend
        for held in question.slots
        if name == "flux" and held != "flux"
    )
    first = ev.Answered(values={slot: ["don_numeraire"]})
    before = [first, ev.Answered(values={dependent: "x"})]

    assert status(method, dependent, before)[0] == "confirmed"
    changed = [*before, ev.Answered(values={slot: ["prix"]})]
    assert status(method, dependent, changed) == ("to_confirm", slot)
    assert values(method, *changed)[dependent] == "x"


def test_the_same_answer_again_puts_nothing_in_doubt(method: Method) -> None:
    flux = ev.Answered(values={"flux": ["don_numeraire"]})
    level = answered(contrepartie_niveau="aucune")

    assert status(method, "contrepartie_niveau", [flux, level, flux])[0] == "confirmed"


def test_a_whole_block_replaces_its_parts(method: Method) -> None:
    assert values(method, answered(duree__mois=12), answered(duree={"mois": 24})) == {
        "duree": {"mois": 24}
    }


def test_a_proposal_counts_only_once_confirmed(method: Method) -> None:
    proposed = ev.Proposed(values={"maturite": 2}, words={"maturite": "déjà fait"})
    waiting = fold(method, recorded(proposed)).of("porteur")

    assert waiting.values() == {}
    assert [(p.slot, p.value, p.words) for p in waiting.proposals] == [("maturite", 2, "déjà fait")]
    assert values(method, proposed, ev.Confirmed(slots=("maturite",))) == {"maturite": 2}
    assert values(method, proposed, ev.Dismissed(slots=("maturite",))) == {}


def test_a_refused_proposal_leaves_the_answer_beside_it(method: Method) -> None:
    kept = values(
        method, answered(maturite=1), ev.Proposed(values={"maturite": 2}),
        ev.Dismissed(slots=("maturite",)),
    )  # fmt: skip

    assert kept == {"maturite": 1}


def test_a_refused_answer_goes(method: Method) -> None:
    assert values(method, answered(maturite=1), ev.Dismissed(slots=("maturite",))) == {}


def test_an_undo_takes_back_and_an_undone_undo_brings_back(method: Method) -> None:
    one, two = answered(maturite=1), answered(maturite=2)

    assert values(method, one, two, ev.Undone(target=2)) == {"maturite": 1}
    assert values(method, one, two, ev.Undone(target=2), ev.Undone(target=3)) == {"maturite": 2}


def test_a_restart_puts_answers_aside_and_an_undo_brings_them_back(method: Method) -> None:
    assert values(method, answered(maturite=1), ev.Restarted()) == {}
    assert values(method, answered(maturite=1), ev.Restarted(), ev.Undone(target=2)) == {
        "maturite": 1
    }


def test_an_answer_is_no_longer_unknown_nor_put_off(method: Method) -> None:
    question = method.by_slot["maturite"][0].id
    state = fold(
        method,
        recorded(
            ev.Unknown(question=question), ev.Skipped(question=question), answered(maturite=1)
        ),
    )

    assert state.of("porteur").unknown == frozenset()
    assert state.of("porteur").skipped == ()


def test_notes_are_kept_until_emptied(method: Method) -> None:
    note = ev.Noted(question="D1-01", text="à revoir")

    assert fold(method, recorded(note)).of("porteur").notes == {"D1-01": "à revoir"}
    emptied = fold(method, recorded(note, ev.Noted(question="D1-01", text=" ")))
    assert emptied.of("porteur").notes == {}


def test_folding_is_applying_one_by_one(method: Method) -> None:
    history = recorded(
        answered(maturite=1), ("partenaire", answered(maturite=2)), ev.Paused(), ev.Resumed()
    )
    state = State()
    for item in history:
        state = apply(method, state, item)

    assert state == fold(method, history)


# Sides


def test_of_the_others_what_is_common_is_known_and_the_latest_counts(method: Method) -> None:
    state = fold(
        method,
        recorded(
            ("partenaire", ev.Answered(values={"flux": ["prix"], "duree.mois": 12})),
            ("tiers", answered(duree__mois=24)),
            answered(maturite=1),
        ),
    )
    known = merged(state, "porteur")

    assert {slot: a.value for slot, a in known.items()} == {
        "flux": ["prix"], "duree.mois": 24, "maturite": 1,
    }  # fmt: skip
    assert known["flux"].side == "partenaire"


def test_ones_own_answer_wins_over_the_others(method: Method) -> None:
    state = fold(method, recorded(answered(maturite=1), ("partenaire", answered(maturite=4))))

    assert merged(state, "porteur")["maturite"].value == 1
    assert merged(state, "partenaire")["maturite"].value == 4


@pytest.mark.parametrize("slot", sorted(PRIVATE | {"acteur_type", "objectif_carre", "attentes"}))
def test_what_a_side_says_of_itself_stays_with_it(method: Method, slot: str) -> None:
    state = fold(method, recorded(("partenaire", ev.Answered(values={slot: "secret"}))))

    assert merged(state, "porteur") == {}


# Undo by batch


def test_the_last_batch_is_what_was_done_together_by_that_side(method: Method) -> None:
    together = START + timedelta(hours=1)
    history = recorded(answered(maturite=1), ("partenaire", answered(maturite=2)))
    history += [
        ev.Recorded(seq=n, at=together, side="porteur", author="", event=event)
        for n, event in (
            (3, answered(duree__mois=12)), (4, ev.Talked(text="12 mois", reply=())),
            (5, ev.Proposed(values={"maturite": 3})),
        )
    ]  # fmt: skip

    assert last_batch(history, "porteur") == (3, 5)
    assert last_batch(history, "partenaire") == (2,)
    gone = [
        ev.Recorded(seq=6 + n, at=together, side="porteur", author="", event=ev.Undone(target=t))
        for n, t in enumerate((3, 5))
    ]
    assert undone([*history, *gone]) == {3, 5}
    assert last_batch([*history, *gone], "porteur") == (1,)
    assert last_batch([], "porteur") == ()
