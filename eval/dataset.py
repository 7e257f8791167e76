"""The questions of ``eval/datasets``: what they ask and the facts a right answer must hold."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATASETS = Path(__file__).parent / "datasets"
# Sets that were opened: ranking and abstention are fitted on them, each left out in its turn to
# say what the fit is worth. Different hands wrote them, most from the sources alone.
OPEN = (
    "dev", "blind", "test", "unseen", "opened",
    "field_1", "field_2", "field_3", "field_4", "field_5", "field_6",
)  # fmt: skip
# Written last, by two hands, from the sources alone: never opened, and nothing is chosen on it.
SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer stands."""

    document: str
    page: int | None
    section: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question. ``facts`` holds, for each fact, its acceptable wordings."""

    id: str
    kind: str
    question: str
    actor: str | None
    facts: tuple[tuple[str, ...], ...]
    places: tuple[Place, ...]
    step: int | None
    register: str
    reason: str | None
    twin_of: str | None

    @property
    def answerable(self) -> bool:
        """Whether an answer is expected."""
        return self.kind != "unanswerable"


def load_cases(name: str) -> list[Case]:
    """The cases of ``eval/datasets/<name>.jsonl``, in order."""
    text = (DATASETS / f"{name}.jsonl").read_text(encoding="utf-8")
    return [_case(json.loads(line)) for line in text.splitlines() if line.strip()]


def _case(data: dict[str, Any]) -> Case:
    places = data.get("sources") or ([data["source"]] if data.get("source") else [])
    return Case(
        id=data["id"],
        kind=data["kind"],
        question=data["question"],
        actor=data.get("actor"),
        facts=tuple(tuple(fact) for fact in data["facts"]),
        places=tuple(Place(p["document"], p.get("page"), p["section"]) for p in places),
        step=data.get("step"),
        register=data["register"],
        reason=data.get("reason"),
        twin_of=data.get("twin_of"),
    )
