"""The crossed view: what agrees, what is to negotiate, and nothing that was not shared."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coaching import events as ev
from assistant.coaching.crossed import Crossed, Item, crossed, negotiations
from assistant.coaching.method import Method, load_method
from assistant.coaching.sides import OWN, PRIVATE, SIDES, Side, is_private
from assistant.coaching.state import fold, merged
from assistant.coaching.transfer import exported
from tests.builders import CORPUS
from tests.coaching.test_state import answered, recorded

METHOD = load_method(CORPUS)
OWNER: Side = "porteur"
PARTNER: Side = "partenaire"
THIRD: Side = "tiers"
_SAID: dict[str, Any] = {
    "criteres_sig": {"pertinence": 4, "fiabilite": 2}, "criteres_eco": {"confiance": 3},
    "candidats": [{"nom": "Secret & fils"}], "dependance_pct": 41, "budget_disponible": 12345,
    "attentes_partenaire": "de la place", "historique_conflit": "oui",
    "historique_conflit_detail": "un litige", "partenaire_type": "entreprise",
    "conflits_interets": ["client"], "moyens_disponibles": "deux jours",
    "profil_cible": "une PME", "partenaire_nom": "Verdier", "partenaire_secteur": "bois",
}  # fmt: skip


def view(*events: Any, viewer: Side = OWNER) -> Crossed:
    return crossed(fold(METHOD, recorded(*events)), viewer, METHOD)


def said(items: tuple[Item, ...]) -> dict[str, dict[str, Any]]:
    return {item.slot: {p.side: p.value for p in item.positions} for item in items}


def test_common_answers_agree_differ_or_stand_alone() -> None:
    found = view(
        (OWNER, answered(don__montant=8000, maturite=2, sens_apport="E_vers_A")),
        (PARTNER, answered(don__montant=5000, maturite=2, contrepartie_visibilite=True)),
    )

    assert said(found.agreements) == {"maturite": {OWNER: 2, PARTNER: 2}}
    assert said(found.negotiations) == {"don.montant": {OWNER: 8000, PARTNER: 5000}}
    assert said(found.alone) == {
        "sens_apport": {OWNER: "E_vers_A"}, "contrepartie_visibilite": {PARTNER: True},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"flux": ["don_nature", "don_numeraire"]}, {"flux": ["don_numeraire", "don_nature"]}),
        ({"don.montant": 8000}, {"don": {"montant": 8000.0}}),
        ({"objectifs.commun": "Former  40 jeunes"}, {"objectifs.commun": "former 40 Jeunes "}),
    ],
)
def test_what_means_the_same_agrees(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    found = view((OWNER, ev.Answered(values=mine)), (PARTNER, ev.Answered(values=theirs)))

    assert (len(found.agreements), found.negotiations, found.alone) == (1, (), ())


def test_a_position_says_who_and_when() -> None:
    history = recorded((OWNER, answered(don__montant=8000)), (PARTNER, answered(don__montant=5000)))
    history[1] = history[1].model_copy(update={"author": "Verdier"})
    (first, second) = negotiations(fold(METHOD, history), PARTNER, METHOD)["don.montant"]

    assert (first.side, first.author, first.value) == (PARTNER, "Verdier", 5000)
    assert (second.side, second.value, second.at) == (OWNER, 8000, history[0].at)


def test_three_sides_of_which_two_agree_are_still_to_negotiate() -> None:
    found = view(
        (OWNER, answered(maturite=2)), (PARTNER, answered(maturite=2)), (THIRD, answered(maturite=3))
    )  # fmt: skip

    assert said(found.negotiations) == {"maturite": {OWNER: 2, PARTNER: 2, THIRD: 3}}


def test_not_knowing_is_no_position() -> None:
    found = view((OWNER, answered(assujetti_tva="inconnu")), (PARTNER, answered(maturite=1)))

    assert said(found.alone) == {"maturite": {PARTNER: 1}}


def test_what_each_says_of_itself_stands_side_by_side_and_is_never_to_negotiate() -> None:
    found = view(
        (OWNER, answered(attentes=["des stages"])), (PARTNER, answered(attentes=["un nom connu"]))
    )

    assert said(found.own) == {"attentes": {OWNER: ["des stages"], PARTNER: ["un nom connu"]}}
    assert found.negotiations == ()


def test_the_balance_of_each_and_of_all() -> None:
    mine = {"processus": 10, "modele_eco": 0, "innovation": 0, "positionnement": 0}
    theirs = {"processus": 0, "modele_eco": 0, "innovation": 4, "positionnement": 6}
    found = view((OWNER, answered(objectif_carre=mine)), (PARTNER, answered(objectif_carre=theirs)))
    own, other, both = found.balances

    assert [b.side for b in found.balances] == [OWNER, PARTNER, None]
    assert dict(both.weights) == {
        "processus": 5, "modele_eco": 0, "innovation": 2, "positionnement": 3,
    }  # fmt: skip
    assert both.x == pytest.approx((own.x + other.x) / 2)
    assert both.y == pytest.approx((own.y + other.y) / 2)


def test_marks_two_apart_are_to_be_discussed_once_both_are_shared() -> None:
    events = [
        (PARTNER, answered(criteres_sig={"pertinence": 5, "fiabilite": 3})),
        (PARTNER, ev.Shared(slots=("criteres_sig",))),
        (THIRD, answered(criteres_sig={"pertinence": 3, "fiabilite": 4})),
    ]
    before = view(*events)
    after = view(*events, (THIRD, ev.Shared(slots=("criteres_sig",))))

    assert {m.slot: (m.gap, m.wide) for m in before.marks} == {
        "criteres_sig.pertinence": (0, False), "criteres_sig.fiabilite": (0, False),
    }  # fmt: skip
    assert {m.slot: (m.gap, m.wide) for m in after.marks} == {
        "criteres_sig.pertinence": (2, True), "criteres_sig.fiabilite": (1, False),
    }  # fmt: skip


def test_a_doubtful_answer_says_so() -> None:
    found = view((PARTNER, answered(sure=False, maturite=3)))

    assert found.alone[0].positions[0].status == "to_confirm"


def slots_of(found: Crossed, *, of: Side) -> set[str]:
    items = (*found.agreements, *found.negotiations, *found.alone, *found.own, *found.marks)
    return {i.slot.partition(".")[0] for i in items if any(p.side == of for p in i.positions)}


@given(
    shared=st.frozensets(st.sampled_from(sorted(PRIVATE))),
    hidden=st.frozensets(st.sampled_from(sorted(PRIVATE))),
    speaker=st.sampled_from(SIDES),
    viewer=st.sampled_from(SIDES),
)
def test_nothing_private_is_crossed_merged_or_exported_before_it_is_shared(
    shared: frozenset[str], hidden: frozenset[str], speaker: Side, viewer: Side
) -> None:
    values = {slot: _SAID.get(slot, ["un secret"]) for slot in sorted(PRIVATE)}
    history = recorded(
        (speaker, ev.Answered(values=values)),
        (speaker, ev.Noted(question="D1-01", text="note secrète")),
        (speaker, ev.Shared(slots=tuple(shared))),
        (speaker, ev.Hidden(slots=tuple(hidden))),
    )
    state = fold(METHOD, history)
    opened = shared - hidden
    seen = crossed(state, viewer, METHOD)

    assert slots_of(seen, of=speaker) == opened
    if viewer != speaker:
        assert merged(state, viewer) == {}
        events = exported("t", history, state, side=viewer)["events"]
        told = {s for e in events for s in e["event"].get("values", e["event"].get("slots", ()))}
        assert told == opened
        assert "note secrète" not in str(events)


@given(st.data())
def test_every_viewer_sees_the_same_crossed_view(data: st.DataObject) -> None:
    slots = ["maturite", "attentes", "coconstruction", "budget_disponible", "lignes_rouges"]
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "maturite": st.integers(1, 4), "coconstruction": st.integers(1, 4),
        "budget_disponible": st.integers(0, 9), "attentes": st.just(["a"]),
        "lignes_rouges": st.just(["b"]),
    }  # fmt: skip
    events: list[Any] = []
    for side in SIDES:
        for slot in data.draw(st.lists(st.sampled_from(slots), unique=True)):
            events.append((side, ev.Answered(values={slot: data.draw(drawn[slot])})))
            if is_private(slot) and data.draw(st.booleans()):
                events.append((side, ev.Shared(slots=(slot,))))
    seen = [view(*events, viewer=viewer) for viewer in SIDES]

    def unordered(items: tuple[Item, ...]) -> dict[str, frozenset[str]]:
        return {i.slot: frozenset(f"{p.side}{p.value}" for p in i.positions) for i in items}

    for part in ("agreements", "negotiations", "alone", "own"):
        assert len({str(sorted((k, sorted(v)) for k, v in unordered(getattr(s, part)).items()))
                    for s in seen}) == 1  # fmt: skip


def test_every_private_slot_belongs_to_a_side() -> None:
    assert PRIVATE < OWN


@pytest.fixture
def method() -> Method:
    return METHOD


def test_words_of_a_message_stay_with_the_side_that_wrote_it(method: Method) -> None:
    event = ev.Answered(
        values={"don.montant": 8000}, words={"don.montant": "8k, pas un sou de plus"}
    )
    state = fold(method, recorded((OWNER, event)))

    assert merged(state, OWNER)["don.montant"].words == "8k, pas un sou de plus"
    assert merged(state, PARTNER)["don.montant"].words is None
