"""Interviews as files: what is said, and what must come of it. The format is in LISEZMOI.md."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.bootstrap import build_coach
from assistant.casefile.facts import InvalidFacts
from assistant.coaching import events as ev
from assistant.coaching.entry import checked
from assistant.coaching.sides import Side
from assistant.coaching.state import fold
from assistant.coaching.turn import Coach
from assistant.settings import Settings
from assistant.texts import load_texts
from tests.builders import CORPUS

CASES = sorted((Path(__file__).parent / "cas").glob("*.yaml"))
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
COACH: Coach = build_coach(Settings(corpus=CORPUS), load_texts(CORPUS))


def guide(question: str, *, actor: str | None) -> dict[str, Any]:
    return {"status": "answered", "answer": f"({actor}) {question}", "citations": []}


class Interview:
    """A dossier driven by a file."""

    def __init__(self) -> None:
        self.history: list[ev.Recorded] = []
        self.now = START
        self.parts: list[Any] = []
        self.problem: str | None = None

    def append(self, side: Side, events: Any) -> None:
        for event in events:
            seq = len(self.history) + 1
            item = ev.Recorded(seq=seq, at=self.now, side=side, author=side, event=event)
            self.history.append(item)

    def play(self, turn: dict[str, Any]) -> None:
        side: Side = turn.get("cote", "porteur")
        self.now += timedelta(minutes=1)
        self.parts, self.problem = [], None
        if "dit" in turn:
            made = COACH.respond(self.history, side, turn["dit"], now=self.now, guide=guide)
            self.parts = list(made.parts)
            self.append(side, made.events)
        if "forme" in turn:
            known = COACH.table(fold(COACH.method, self.history), side).known
            try:
                checked(known, turn["forme"])
            except InvalidFacts as error:
                self.problem = COACH.explain(error)
                return
            question = turn.get("question")
            self.append(side, [ev.Answered(values=turn["forme"], question=question)])
        if "confirme" in turn:
            self.append(side, [ev.Confirmed(slots=tuple(turn["confirme"]))])
        if "refuse" in turn:
            self.append(side, [ev.Dismissed(slots=tuple(turn["refuse"]))])
        if "partage" in turn:
            self.append(side, [ev.Shared(slots=tuple(turn["partage"]))])
        if "but" in turn:
            self.append(side, [ev.Moved(goal=turn["but"], step=turn.get("etape"))])

    def expect(self, turn: dict[str, Any], place: str) -> None:
        side: Side = turn.get("cote", "porteur")
        state = fold(COACH.method, self.history)
        table = COACH.table(state, side)
        found = COACH.recommendation(table)
        own = state.of(side)
        wanted = turn.get("attend", {})
        asked = COACH.question(table)
        seen = {
            "sait": {s: table.known[s].value if s in table.known else None for s in wanted.get("sait", {})},
            "ignore": [s for s in wanted.get("ignore", []) if s not in table.known],
            "a_confirmer": [
                s for s in wanted.get("a_confirmer", [])
                if s in own.answers and own.answers[s].status == "to_confirm"
            ],
            "propose": [s for s in wanted.get("propose", []) if s in {p.slot for p in own.proposals}],
            "dit": [k for k in wanted.get("dit", []) if k in {part.kind for part in self.parts}],
            "ne_dit_pas": [
                k for k in wanted.get("ne_dit_pas", []) if k not in {part.kind for part in self.parts}
            ],
            "croyances": [
                b for b in wanted.get("croyances", [])
                if b in {part.id for part in self.parts if part.kind == "belief"}
            ],
            "contrat": found.contrat,
            "categorie": found.categorie,
            "modele": found.modele,
            "confiance": found.confidence,
            "manque": [s for s in wanted.get("manque", []) if s in found.missing],
            "pause": own.paused,
            "but": own.goal,
        }  # fmt: skip
        for key, value in wanted.items():
            if key == "question":
                options = value if isinstance(value, list) else [value]
                assert (asked.id if asked else None) in options, f"{place}: question"
            elif key == "pas_question":
                assert asked is None or asked.id not in value, f"{place}: question {asked.id}"
            elif key == "probleme":
                assert value in (
                    self.problem or " ".join(p.text for p in self.parts if p.kind == "refused")
                ), f"{place}: {self.problem}"
            else:
                assert seen[key] == value, f"{place}: {key}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_interview_goes_as_written(path: Path) -> None:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    interview = Interview()

    for number, turn in enumerate(written["tours"], 1):
        interview.play(turn)
        interview.expect(turn, f"{path.stem}, tour {number}")


def test_there_are_interviews() -> None:
    assert len(CASES) >= 40
