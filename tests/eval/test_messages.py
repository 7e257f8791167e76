"""First messages that measure the reader: well formed, unseen by each other, fairly scored."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

import pytest
from rapidfuzz import fuzz, process, utils

from assistant.casefile.facts import parse_facts
from assistant.casefile.paths import nested, slots
from assistant.coaching.understanding.model import CommandName
from eval.message_values import leaves, same
from eval.messages import (
    MessageCase,
    Read,
    by_slot,
    facts_of,
    failures,
    figures,
    first_share,
    load_messages,
    report,
    score,
)

NAMES = ("dev", "blind")
EVERY_SET = (*NAMES, "fresh", "last")
BELIEFS = {
    "cerfa_11580", "prets_5000_salaries", "prets_2_ans", "amende_25", "mecenat_zero_contrepartie",
    "contrepartie_25_loi", "plafond_10000", "subvention_23000_plafond", "loi_3ds_2021",
    "lieu_signature_tribunal", "president_plein_droit", "scic_recu", "plan_action_sans_valeur",
    "droit_alliance_en_vigueur", "don_tva", "taux_66_entreprise", "entreprise_fait_recu",
    "liberalite_sans_obligation", "coop_eco_recu",
}  # fmt: skip
DECIDING = {
    "D1-01", "D1-04", "D1-07", "D1-08", "D2-01", "D4-06", "D4-07", "D4-08", "D4-09", "D4-10",
    "D4-11", "D4-13", "DX",
}  # fmt: skip
EVERY_KIND = {
    "sms", "no_accents", "two_subjects", "false_claim", "direct_doc", "formal", "first_person",
    "pasted", "answer", "correction", "negation", "command", "off_topic", "vague",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    slot: str
    value: Any
    sure: bool = True


@cache
def messages(name: str) -> list[MessageCase]:
    return load_messages(name)


def every_case() -> list[MessageCase]:
    return [case for name in EVERY_SET for case in messages(name)]


def a_case(**changes: Any) -> MessageCase:
    values = {"id": "m", "text": "la société Vermeil donne 8 000 euros", "kind": "sms"}
    return MessageCase(**{**values, **changes})


def read(*found: Seen, **changes: Any) -> Read:
    return replace(Read(findings=found), **changes)


def perfect(case: MessageCase) -> Read:
    found = tuple(Seen(slot, value) for slot, value in case.slots.items())
    return Read(found, case.beliefs, case.command)


# The sets


@pytest.mark.parametrize("name", NAMES)
def test_each_set_has_160_messages_of_every_kind(name: str) -> None:
    assert len(messages(name)) == 160
    assert {case.kind for case in messages(name)} == EVERY_KIND
    assert all(case.id.startswith(f"msg-{name}-") for case in messages(name))


def test_the_fresh_set_has_twenty_messages_of_each_of_twelve_people() -> None:
    cases = messages("fresh")

    assert sorted(Counter(case.kind for case in cases).values()) == [20] * 12
    assert [case.id for case in cases] == [f"fresh-{n:03}" for n in range(1, 241)]


def test_the_last_set_has_150_noisy_first_messages_that_say_two_to_six_facts() -> None:
    cases = messages("last")

    assert Counter(case.kind for case in cases) == {
        "sms": 30, "no_accents": 25, "two_subjects": 25, "false_claim": 30, "direct_doc": 20,
        "ordinary": 20,
    }  # fmt: skip
    assert [case.id for case in cases] == [f"last-{n:03}" for n in range(1, 151)]
    assert all(case.expecting is None and case.first for case in cases)
    assert all(2 <= len(case.slots) <= 6 for case in cases)
    assert {belief for case in cases for belief in case.beliefs} == BELIEFS


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(case.id for case in every_case()).items() if n > 1] == []


def test_the_sets_are_worded_apart() -> None:
    texts = {name: [case.text for case in messages(name)] for name in NAMES}
    alike = process.cdist(
        texts["dev"], texts["blind"], scorer=fuzz.ratio, processor=utils.default_process
    )

    assert alike.max() < 85


@pytest.mark.parametrize("name", EVERY_SET)
def test_every_expected_value_is_a_value_that_facts_take(name: str) -> None:
    for case in messages(name):
        parse_facts(nested(case.slots))
        facts_of(case)
        assert set(case.slots) | set(case.may) | set(case.facts) <= set(slots()), case.id
        for slot, options in case.may.items():
            for option in options:
                parse_facts(nested({slot: option}))


def test_expected_beliefs_commands_and_questions_exist() -> None:
    for case in every_case():
        assert case.beliefs | case.may_beliefs <= BELIEFS, case.id
        assert {case.command, *case.may_commands} - {None} <= set(get_args(CommandName)), case.id
        assert set(case.first) <= DECIDING, case.id


@pytest.mark.parametrize("name", NAMES)
def test_every_belief_and_every_command_is_measured(name: str) -> None:
    assert {belief for case in messages(name) for belief in case.beliefs} == BELIEFS
    commands = {case.command for case in messages(name)} | {
        command for case in messages(name) for command in case.may_commands
    }
    assert commands - {None} == set(get_args(CommandName))


@pytest.mark.parametrize("name", NAMES)
def test_half_the_messages_that_say_something_say_two_facts_or_more(name: str) -> None:
    told = [len(case.slots) for case in messages(name) if case.slots]

    assert sum(n >= 2 for n in told) >= len(told) / 2
    assert sum(not case.slots for case in messages(name)) >= 15
    assert sum(bool(case.first) for case in messages(name)) >= 80


@pytest.mark.parametrize("name", EVERY_SET)
def test_the_right_reading_of_every_message_scores_full_marks(name: str) -> None:
    scores = [score(case, perfect(case)) for case in messages(name)]

    assert [s.case.id for s in scores if not s.clean] == []
    assert figures(scores).found == figures(scores).right == 1


# Values


@pytest.mark.parametrize(
    ("slot", "one", "other", "equal"),
    [
        ("don.montant", 8000, 8000.0, True),
        ("don.montant", 8000, 800, False),
        ("date_cible", "2026-12-12", "2026-12-12", True),
        ("date_cible", "2026-12-12", "2026-12-02", False),
        ("partenaire_nom", "Falaise Énergie", "falaise energie", True),
        ("partenaire_nom", "Vermeil", "la société VERMEIL", True),
        ("partenaire_nom", "Vermeil", "Vermeille", False),
        ("partenaire_nom", "Hélios Conseil", "Hermès Conseil", False),
        ("beneficiaire_eligible", "oui_rescrit", "oui_declare", False),
        ("urgence", True, True, True),
        ("urgence", True, 1, False),
        ("attentes", "diversifier nos ressources", "diversifier ses ressources", True),
        ("attentes", "diversifier ses ressources", "se faire connaître", False),
        ("parties[].siren", "000001016", "000 001 016", True),
        ("parties[].siren", "000001016", "00000101600013", False),
    ],
)
def test_two_values_of_a_slot_say_the_same_or_not(
    slot: str, one: Any, other: Any, equal: bool
) -> None:
    assert same(slot, one, other) is equal
    assert same(slot, other, one) is equal


@pytest.mark.parametrize(
    ("slot", "value", "expected"),
    [
        ("flux", ["prix", "don"], [("flux", "prix"), ("flux", "don_numeraire")]),
        ("flux", "prix", [("flux", "prix")]),
        ("contrepartie_liste", [], [("contrepartie_liste", "(none)")]),
        ("parties.1.siren", "000001016", [("parties[].siren", "000001016")]),
        ("parties", [{"siren": "000001016"}], [("parties[].siren", "000001016")]),
        ("prix", 3000, [("prix.montant_ht", 3000)]),
        ("don.montant", "n'importe quoi", [("don.montant", "n'importe quoi")]),
    ],
)
def test_a_slot_is_compared_leaf_by_leaf(slot: str, value: Any, expected: list[Any]) -> None:
    assert leaves(slot, value) == expected


def test_a_square_is_whole_even_when_zeros_are_left_out() -> None:
    told = leaves("objectif_carre", {"innovation": 5, "positionnement": 5})

    assert set(told) == set(
        leaves(
            "objectif_carre",
            {"processus": 0, "modele_eco": 0, "innovation": 5, "positionnement": 5},
        )
    )


# Scores


def test_what_is_not_read_is_missing() -> None:
    found = score(a_case(slots={"don.montant": 8000, "urgence": True}), read(Seen("urgence", True)))

    assert found.missing == (("don.montant", 8000),)
    assert figures([found]).found == 0.5
    assert figures([found]).right == 1


def test_what_is_read_and_not_said_is_wrong() -> None:
    found = score(a_case(slots={}), read(Seen("prix.montant_ht", 8000)))

    assert found.wrong == (("prix.montant_ht", 8000),)
    assert figures([found]).right == 0
    assert figures([found]).found == 1


def test_an_item_too_many_in_a_list_is_wrong_and_one_too_few_is_missing() -> None:
    case = a_case(slots={"flux": ["don_numeraire", "subvention"]})

    found = score(case, read(Seen("flux", ["don_numeraire", "prix"])))

    assert found.missing == (("flux", "subvention"),)
    assert found.wrong == (("flux", "prix"),)
    assert found.right == (("flux", "don_numeraire"),)


def test_what_may_be_read_is_neither_missing_nor_wrong() -> None:
    case = a_case(slots={}, may={"sens_apport": ["E_vers_A"]})

    for reading in (read(), read(Seen("sens_apport", "E_vers_A"))):
        assert score(case, reading).clean
    assert score(case, read(Seen("sens_apport", "A_vers_E"))).wrong


def test_another_accepted_value_is_as_good_as_the_expected_one() -> None:
    case = a_case(slots={"date_cible": "2026-11-28"}, may={"date_cible": ["2026-11-27"]})

    assert score(case, read(Seen("date_cible", "2026-11-27"))).clean
    assert score(case, read()).missing == (("date_cible", "2026-11-28"),)


def test_a_doubtful_finding_counts_as_found_and_is_judged_apart() -> None:
    case = a_case(slots={"don.montant": 8000})

    good = figures([score(case, read(Seen("don.montant", 8000, sure=False)))])
    bad = figures([score(case, read(Seen("don.montant", 9, sure=False)))])

    assert (good.found, good.right, good.right_all) == (1, 1, 1)
    assert (bad.found, bad.right, bad.right_all) == (0, 1, 0)


def test_what_was_already_known_may_be_said_again() -> None:
    case = a_case(facts={"flux": ["don_numeraire"]}, slots={"don.montant": 8000})

    assert score(case, read(Seen("flux", ["don_numeraire"]), Seen("don.montant", 8000))).clean


@pytest.mark.parametrize(
    ("slot", "value", "verdict"),
    [
        ("objet.projet", "donne 8 000 euros", "unjudged"),
        ("objet.projet", "construire une école", "wrong"),
        ("partenaire_nom", "euros", "wrong"),
    ],
)
def test_words_of_the_message_in_a_free_text_are_not_judged_unlike_names(
    slot: str, value: str, verdict: str
) -> None:
    found = score(a_case(), read(Seen(slot, value)))

    assert getattr(found, verdict) == ((slot, value),)


def test_beliefs_are_counted_both_ways() -> None:
    case = a_case(beliefs=frozenset({"amende_25"}), may_beliefs=frozenset({"don_tva"}))

    right = figures([score(case, read(beliefs=frozenset({"amende_25", "don_tva"})))])
    wrong = figures([score(case, read(beliefs=frozenset({"scic_recu"})))])

    assert (right.beliefs_found, right.beliefs_right, right.clean) == (1, 1, 1)
    assert (wrong.beliefs_found, wrong.beliefs_right, wrong.clean) == (0, 0, 0)


@pytest.mark.parametrize(("command", "right"), [("skip", 1), ("why", 1), ("undo", 0), (None, 0)])
def test_a_command_is_the_one_meant_or_one_that_may_be(command: str | None, right: int) -> None:
    case = a_case(command="skip", may_commands=frozenset({"why"}))

    assert figures([score(case, read(command=command))]).commands == right


@pytest.mark.parametrize(
    ("ask", "share"),
    [
        (lambda _: "D4-06", 1.0),
        (lambda _: "DX-03", 1.0),
        (lambda _: "D6-01", 0.0),
        (lambda _: None, 0.0),
    ],
)
def test_the_first_question_decides_something_or_not(
    ask: Callable[[MessageCase], str | None], share: float
) -> None:
    cases = [a_case(first=("D4-06", "DX")), a_case(id="n", first=())]

    assert first_share(cases, ask)[0] == share


def test_slots_are_listed_worst_first() -> None:
    found = score(a_case(slots={"don.montant": 1, "urgence": True}), read(Seen("don.montant", 1)))

    assert by_slot([found]) == [("urgence", 1, 1, 0), ("don.montant", 1, 0, 0)]


def test_misses_are_shown_for_the_development_set_only() -> None:
    scores = [score(a_case(slots={"don.montant": 8000}), read())]

    assert "Vermeil" in report("dev", scores)
    assert "Vermeil" not in report("blind", scores)


def test_the_thresholds_are_those_of_the_issue() -> None:
    case = a_case(slots={"don.montant": 8000})

    assert failures(figures([score(case, perfect(case))])) == []
    assert failures(figures([score(case, read(Seen("don.montant", 9)))])) == [
        "found 0.000 < 0.9", "right 0.000 < 0.97",
    ]  # fmt: skip
