"""Plays ``tests/conversations/*.yaml``: what is said, turn by turn, and what a person would notice."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answering.followup import Turn
from assistant.answering.reply import Reply
from assistant.bootstrap import Engine
from eval.scorers import flattened, invalid_citations

CONVERSATIONS = sorted((Path(__file__).parents[1] / "conversations").glob("*.yaml"))
EXPECTED = {"status", "reason", "contains", "unit", "unit_kind", "page", "cited"}


def check(reply: Reply, expect: dict[str, Any], engine: Engine, said: str) -> None:
    assert set(expect) <= EXPECTED, f"unknown expectation in « {said} »"
    assert reply.status == expect["status"], said
    if "reason" in expect:
        assert reply.reason == expect["reason"], said
    for wording in expect.get("contains", ()):
        assert flattened(wording) in flattened(reply.answer), said
    if "unit" in expect:
        assert expect["unit"] in reply.units, said
    if "unit_kind" in expect:
        kinds = {unit.kind for unit in map(engine.index.unit, reply.units) if unit}
        assert kinds == {expect["unit_kind"]}, said
    if "page" in expect:
        assert expect["page"] in {c.page for c in reply.citations}, said
    if "cited" in expect:
        assert bool(reply.citations) is expect["cited"], said
    passages = {**engine.index.ours.passages(), **engine.index.imported.passages()}
    assert invalid_citations(reply, passages) == [], said


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path, engine: Engine) -> None:
    conversation = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(conversation) == {"name", "turns"}
    history: list[Turn] = []
    for turn in conversation["turns"]:
        assert set(turn) <= {"says", "actor", "expect"}
        reply = engine.answerer.answer(turn["says"], actor=turn.get("actor"), history=history)
        check(reply, turn["expect"], engine, turn["says"])
        history.append(Turn(reply.resolved or turn["says"], reply.units, turn.get("actor")))


def test_there_are_conversations() -> None:
    assert len(CONVERSATIONS) >= 10
