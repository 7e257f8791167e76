"""Which messages only make sense after another; the conversations play them whole."""

from functools import cache

import pytest

from assistant.answering.followup import Need, Turn, need_of, resolved
from assistant.answering.manners import Manners
from assistant.knowledge.content import load_yaml, validate
from tests.builders import CORPUS


@cache
def the_manners() -> Manners:
    text = (CORPUS / "conversation.yaml").read_text(encoding="utf-8")
    return validate(Manners, load_yaml(text, name="conversation.yaml"), name="conversation.yaml")


@pytest.mark.parametrize(
    ("message", "need"),
    [
        ("C'est à quelle page ?", Need.PAGE),
        ("ta source ?", Need.PAGE),
        ("à quelle page svp", Need.PAGE),
        ("Donne un exemple", Need.EXAMPLE),
        ("un exemple stp ?", Need.EXAMPLE),
        ("Plus de détails", Need.MORE),
        ("Lesquelles ?", Need.MORE),
        ("lesquels", Need.MORE),
        ("Et pour une association ?", Need.AGAIN),
        ("et pour une collectivité ?", Need.AGAIN),
        ("Et si ça échoue ?", Need.AGAIN),
        ("la deuxième ?", Need.AGAIN),
        ("Quelles sont les sept étapes d'un partenariat ?", Need.NOTHING),
        ("Donne un exemple de partenariat sur le handicap", Need.NOTHING),
        ("À quelle page parle-t-on du mécénat ?", Need.NOTHING),
        (
            "Et pour une association, quels risques prend-elle avec un mécène étranger ?",
            Need.NOTHING,
        ),
        ("mécénat", Need.NOTHING),
    ],
)
def test_what_a_message_needs_of_the_one_before(message: str, need: Need) -> None:
    assert need_of(message, the_manners().suites) is need


def test_a_follow_up_stands_for_both_questions() -> None:
    assert (
        resolved("et pour une association ?", Turn("Quels risques ?", ()))
        == "Quels risques et pour une association ?"
    )
