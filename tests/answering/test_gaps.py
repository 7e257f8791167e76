"""A refusal quotes the sentence in which a card says what the sources do not give."""

import numpy as np
import pytest

from assistant.answering.followup import Turn
from assistant.answering.gaps import Gap, gap_of
from assistant.answering.reply import Reason, Status
from assistant.bootstrap import Engine
from assistant.knowledge.asked import AskedIndex, Code
from assistant.knowledge.search import Hit, Signals
from assistant.knowledge.unit import Unit
from tests.builders import a_hit, a_query, a_unit

ADMISSIONS = ("ne donne pas", "sans autre détail")
NOTHING = Signals(*(0.0,) * len(Signals.__dataclass_fields__))
EAST = np.array([[1.0, 0.0]], dtype=np.float32)


def asked(*rows: tuple[str, Code, tuple[float, float]]) -> AskedIndex:
    matrix = np.array([vector for _, _, vector in rows], dtype=np.float16)
    return AskedIndex(matrix, tuple(r[0] for r in rows), tuple(r[1] for r in rows))


def hits(*units: Unit) -> list[Hit]:
    return [Hit(unit, NOTHING) for unit in units]


ADMITS = a_unit("a", "On arrose le soir. Le guide ne donne pas l'heure.", "Il pleut.")


def test_the_sentence_that_admits_is_quoted_alone() -> None:
    gap = gap_of(hits(ADMITS), EAST, asked(("a", Code.GAP, (1, 0))), ADMISSIONS)

    assert gap is not None
    assert gap.unit is ADMITS
    assert gap.sentence == "Le guide ne donne pas l'heure."


def test_the_last_of_several_admissions_is_quoted() -> None:
    unit = a_unit(
        "a", "Le guide ne donne pas l'heure.", "Il cite **un jardin**, sans autre détail."
    )

    gap = gap_of(hits(unit), EAST, asked(("a", Code.GAP, (1, 0))), ADMISSIONS)

    assert gap is not None
    assert gap.sentence == "Il cite un jardin, sans autre détail."


@pytest.mark.parametrize(
    "rows",
    [
        [("a", Code.GAP, (0, 1))],
        [("a", Code.DETAIL, (1, 0))],
        [("b", Code.GAP, (1, 0))],
    ],
    ids=["far from it", "another kind of question", "of another unit"],
)
def test_nothing_is_quoted_when_the_question_is_not_one_left_open(
    rows: list[tuple[str, Code, tuple[float, float]]],
) -> None:
    assert gap_of(hits(ADMITS), EAST, asked(*rows), ADMISSIONS) is None


def test_a_unit_that_admits_nothing_is_passed_over() -> None:
    rows = asked(("x", Code.GAP, (1, 0)), ("a", Code.GAP, (1, 0)))

    assert gap_of(hits(a_unit("x")), EAST, rows, ADMISSIONS) is None
    gap = gap_of(hits(a_unit("x"), ADMITS), EAST, rows, ADMISSIONS)
    assert gap is not None
    assert gap.unit is ADMITS


def test_a_unit_far_down_the_list_is_not_asked() -> None:
    found = hits(a_unit("x"), a_unit("y"), ADMITS)

    assert gap_of(found, EAST, asked(("a", Code.GAP, (1, 0))), ADMISSIONS) is None


def test_a_refusal_says_what_the_card_says_of_its_sources(engine: Engine) -> None:
    reply = engine.answerer.answer(
        "j'ai besoin de la liste précise des réalisations du bilan 2019-2022, action par action"
    )

    assert reply.status is Status.REFUSED
    assert reply.reason is Reason.NOT_IN_CORPUS
    assert "ne restitue pas" in reply.answer
    assert reply.related[0].title in reply.answer


def test_the_card_that_is_quoted_comes_first_of_those_to_open(engine: Engine) -> None:
    refusals = engine.answerer.refusals
    hit = a_hit(a_unit("near", title="Une autre fiche"), score=0.9)

    reply = refusals.not_found(a_query("jardin"), [hit], Gap(ADMITS, "Rien."))

    assert [card.url for card in reply.related] == ["/fiches/a", "/fiches/near"]


def test_a_follow_up_that_a_card_leaves_open_is_refused_in_its_words(engine: Engine) -> None:
    asked_first = "Combien y a-t-il de modèles socio-économiques ?"
    first = engine.answerer.answer(asked_first)

    reply = engine.answerer.answer(
        "et les noms des sept modèles un par un ?", history=[Turn(asked_first, first.units)]
    )

    assert reply.status is Status.REFUSED
    assert "ne restitue pas" in reply.answer
