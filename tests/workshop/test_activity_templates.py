"""What phones and the screen draw of each activity, at each moment of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from assistant.coaching.recommendation.square import GOALS
from assistant.workshop.activities.common_goals import GOALS as COMMON
from assistant.workshop.session import Session
from tests.workshop.building import NOON, activities
from tests.workshop.test_criteria import TWO, marks
from tests.workshop.test_quiz import ONE, THREE, says
from tests.workshop.test_quiz import TWO as SECOND
from tests.workshop.voting import Vote, seat
from web.rendering import html
from web.workshop_pages import ScreenPage
from web.workshop_views import phone_page, scene_view

PEOPLE = "a1 a2 a3 e1 e2 e3 c1 c2 c3 n1"
SESSION = Session("w1", "Atelier", "3WK7QH", "ecran", NOON, NOON, NOON + timedelta(days=1), None, 1)
Form = Mapping[str, Sequence[str]]


def points(names: Sequence[str]) -> Form:
    return {f"points-{name}": ["10" if name == names[0] else "0"] for name in names}


KINDS: dict[str, tuple[str, dict[str, Any], Form]] = {
    "a cloud": ("nuage", {}, {"mot": ["temps"]}),
    "a quiz": ("quiz", {"questions": [ONE], "rounds": 2}, says(ONE)),
    "a quiz of three": (
        "quiz",
        {"questions": [ONE, SECOND, THREE], "podium": True},
        {**says(ONE), **says(THREE)},
    ),
    "a quiz by table": ("quiz", {"questions": [ONE], "mode": "equipe", "podium": True}, says(ONE)),
    "dots": ("gommettes", {"question": "Laquelle ?"}, {"gommette": ["sante"]}),
    "dots on one option": (
        "gommettes",
        {"question": "Laquelle ?", "per_option": 3},
        {"points-sante": ["3"]},
    ),
    "the square": ("carre-magique", {}, points(GOALS)),
    "common goals": ("objectifs-communs", {"question": "Lequel ?"}, points(COMMON)),
    "criteria": ("criteres", {"grid": "sig", "candidates": TWO}, marks(pertinence=4)),
    "a charter": ("charte", {"principles": ["Franchise", "Respect"]}, {"principe": ["Respect"]}),
    "the charter of the method": ("charte", {}, {"principe": ["franchise dans le dialogue"]}),
}


def screen(vote: Vote) -> str:
    return html(
        ScreenPage(
            session=SESSION,
            room=vote.room,
            view=scene_view(vote.room, activities(), now=NOON),
            join_host="x/rejoindre",
            qr="",  # type: ignore[arg-type]  # the code is drawn elsewhere
            stamp="1",
            answer=None,
        )
    )


def phone(vote: Vote, who: str = "a1") -> str:
    room = vote.room
    return html(
        phone_page(SESSION, room, activities(), room.people[who], now=NOON, sent=None,
                   short_titles={})
    )  # fmt: skip


def moments(name: str) -> Iterator[str]:
    """Every page, as the activity goes."""
    kind, config, form = KINDS[name]
    vote = seat(Vote(kind, PEOPLE, **config), a1=1, a2=1, e1=2)
    for where in ("screen", "phones"):
        vote.direct("montrer", where=where)
    yield from (screen(vote), phone(vote))
    vote.give("a1", form).give("a2", None)
    yield from (screen(vote), phone(vote), phone(vote, "a2"))
    vote.all(dict.fromkeys(PEOPLE.split()[2:], form))
    yield screen(vote)
    vote.direct("fermer")
    yield from (screen(vote), phone(vote))
    if config.get("rounds") == 2:
        vote.direct("tour").all(dict.fromkeys(PEOPLE.split(), form))
        yield from (screen(vote), phone(vote))
        vote.direct("fermer")
        yield from (screen(vote), phone(vote))


@pytest.mark.parametrize("name", KINDS)
def test_every_page_draws_charts_that_the_browser_understands(name: str) -> None:
    for page in moments(name):
        assert " style=" not in page
        for box in re.findall(r'viewBox="([^"]*)"', page):
            assert [float(number) for number in re.split("[ ,]+", box)], box
            assert re.fullmatch(r"[-0-9., ]+", box)
        for width in re.findall(r'<rect class="barre-pleine[^"]*" width="([^"]*)"', page):
            assert 0 < float(width) <= 100


@pytest.mark.parametrize("name", [n for n in KINDS if n != "a cloud" and "quiz" not in n])
def test_a_chart_comes_with_a_table(name: str) -> None:
    kind, config, form = KINDS[name]
    vote = Vote(kind, PEOPLE, **config).all(dict.fromkeys(PEOPLE.split(), form))

    assert "<table" in screen(vote.direct("montrer", where="screen"))


def test_a_phone_asks_one_question_at_a_time_and_keeps_the_others_within_reach() -> None:
    vote = Vote("quiz", "a1", questions=[ONE, SECOND]).give("a1", says(ONE))

    page = phone(vote)

    assert "Question 2 sur 2" in page
    assert f'name="q-{ONE}"' in page
    assert ">Envoyer</button>" in page
    assert "Changer ma réponse" in phone(vote.give("a1", {**says(ONE), **says(SECOND)}))


def test_the_right_answer_is_on_no_page_while_the_vote_is_open() -> None:
    vote = Vote("quiz", PEOPLE, questions=[ONE]).all(dict.fromkeys(PEOPLE.split(), says(ONE)))
    vote.direct("montrer", where="screen").direct("montrer", where="phones")

    assert "est-juste" not in screen(vote) + phone(vote)
    vote.direct("fermer")
    assert "bonne réponse" in screen(vote)
    assert "Vous avez <strong>1</strong> sur 1" in phone(vote)


def test_the_phone_speaks_the_words_of_the_type_of_actor() -> None:
    vote = Vote("carre-magique", "a1 e1 n1")

    assert "mobiliser des compétences" in phone(vote, "a1")
    assert "impliquer mes équipes" in phone(vote, "e1")
    assert "mobiliser des personnes" in phone(vote, "n1")


def test_an_answer_comes_back_in_the_form() -> None:
    vote = Vote("carre-magique", "a1").give("a1", points(GOALS))

    assert '<option value="10" selected>' in phone(vote)


def test_the_screen_says_why_a_small_group_is_not_shown_apart() -> None:
    vote = Vote("carre-magique", "a1 a2 a3 a4 c1").direct("montrer", where="screen")

    assert "moins de trois personnes" in screen(
        vote.all({"a1": points(GOALS), "c1": points(GOALS)})
    )
