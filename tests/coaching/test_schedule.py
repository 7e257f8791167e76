"""The calendar, counted back from the day of signature (guide p. 49, 51, 53, 55)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from assistant.casefile.facts import parse_facts
from assistant.casefile.paths import nested
from assistant.coaching.schedule import (
    Schedule,
    add_months,
    load_calendar,
    months_between,
    schedule,
)
from assistant.errors import InvalidContent
from tests.builders import CORPUS

CONTENT = load_calendar(CORPUS)
TODAY = date(2026, 11, 21)
DAYS = st.dates(date(2000, 1, 1), date(2190, 12, 31))


def made(today: date = TODAY, /, **values: Any) -> Schedule:
    named = {name.replace("__", "."): value for name, value in values.items()}
    return schedule(parse_facts(nested(named)), CONTENT, today=today)


@pytest.mark.parametrize(
    ("target", "call", "alert"),
    [
        ("2026-11-20", False, "passee"),
        ("2026-11-21", False, "courte"),
        ("2027-05-20", False, "courte"),
        ("2027-05-21", False, "serree"),
        ("2027-08-20", False, "serree"),
        ("2027-08-21", False, "large"),
        ("2027-01-20", True, "courte"),
        ("2027-01-21", True, "serree"),
        ("2027-02-21", True, "large"),
    ],
)
def test_a_date_that_is_too_close_or_past_is_said(target: str, call: bool, alert: str) -> None:
    assert made(date_cible=target, appel_a_projets=call).alert == alert


def test_without_a_date_there_are_durations_only() -> None:
    found = made()
    assert (found.target, found.alert, found.left) == (None, None, None)
    assert {e.moment for e in (*found.before, *found.after)} == {"undated"}
    assert found.before[0].months == (-9, -6)
    assert found.before[-1].months == (0, 0)
    assert made(appel_a_projets=True).before[0].months == (-3, -2)


def test_the_first_milestone_starts_nine_to_six_months_before() -> None:
    first = made(date_cible="2027-08-31").before[0]
    assert first.days == (date(2026, 11, 30), date(2027, 2, 28))


def test_what_is_behind_is_late_and_what_is_open_is_now() -> None:
    moments = {e.id: e.moment for e in made(date_cible="2027-01-15").before}
    assert moments["decision-interne"] == "late"
    assert moments["signature"] == "later"
    assert made(date_cible="2027-06-30").before[0].moment == "now"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, set()),
        ({"acteur_type": "association"}, {"conseil-administration"}),
        ({"acteur_type": "collectivite"}, {"deliberation-collectivite"}),
        ({"payeur_public": True}, {"deliberation-collectivite"}),
        ({"acteur_type": "entreprise"}, {"representants-personnel"}),
        ({"flux": ["temps_salarie"]}, {"representants-personnel"}),
    ],
)
def test_votes_and_staff_depend_on_who_is_there(values: Any, expected: set[str]) -> None:
    special = {"conseil-administration", "deliberation-collectivite", "representants-personnel"}
    assert {e.id for e in made(**values).before} & special == expected


def test_a_vote_comes_before_the_signature() -> None:
    found = {e.id: e for e in made(acteur_type="association", date_cible="2027-08-31").before}
    vote, signature = found["conseil-administration"].days, found["signature"].days
    assert vote is not None
    assert signature is not None
    assert vote[1] < signature[0]


@pytest.mark.parametrize(
    ("values", "months"),
    [
        ({}, [3, 6, 12]),
        ({"maturite": 3}, [6, 12]),
        ({"pilotage__frequence": "trimestrielle"}, [3, 6, 9, 12]),
        ({"pilotage__frequence": "annuelle"}, [12]),
        ({"pilotage__frequence": "autre"}, [3, 6, 12]),
        ({"duree__mois": 8}, [3, 6]),
    ],
)
def test_steering_meets_often_at_first(values: Any, months: list[int]) -> None:
    found = [e.months[0] for e in made(**values).after if e.id.startswith("pilotage")]
    assert found == months


def test_evaluation_comes_before_the_end() -> None:
    found = {e.id: e.days for e in made(date_cible="2027-06-30", duree__mois=24).after}
    assert found["evaluation"] == (date(2029, 3, 30), date(2029, 3, 30))
    assert found["fin"] == (date(2029, 6, 30), date(2029, 6, 30))
    kept = made(duree__date_debut="2027-09-01", duree__date_fin="2028-08-31")
    assert not kept.default_end
    assert {e.id: e.days for e in kept.after}["fin"] == (date(2028, 8, 31), date(2028, 8, 31))
    assert made().default_end


def test_an_open_ended_agreement_has_no_end() -> None:
    assert not {"fin", "evaluation"} & {e.id for e in made(duree__indeterminee=True).after}


def test_once_signed_nothing_is_alarming() -> None:
    found = made(signature__date="2026-10-01", date_cible="2026-09-01")
    assert (found.signed, found.alert, found.target) == (True, None, date(2026, 10, 1))


@any_of(DAYS, DAYS, st.booleans())
def test_milestones_follow_each_other_and_end_at_the_signature(
    target: date, today: date, call: bool
) -> None:
    found = made(today, date_cible=target.isoformat(), appel_a_projets=call)
    days = [e.days for e in found.before if e.days]
    assert days == sorted(days)
    assert all(first <= last <= target for first, last in days)
    assert days[-1] == (target, target)
    assert (found.alert == "passee") == (target < today)


@any_of(DAYS, st.integers(-120, 120))
def test_months_are_those_of_the_calendar(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day
    assert abs(months_between(day, moved) - months) <= 0.2


@pytest.mark.parametrize(("day", "months"), [(date(9999, 1, 1), 24), (date(1, 1, 1), -24)])
def test_the_ends_of_time_hold(day: date, months: int) -> None:
    assert add_months(day, months) in (date.max, date.min)


def test_a_missing_file_is_said(tmp_path) -> None:
    with pytest.raises(InvalidContent):
        load_calendar(tmp_path)
