"""What a language model makes of a room: claims, each resting on contributions, or dropped.

The model reads contributions under ids of its own (C1, C2…), without who gave them and without
what was hidden. What it writes is cut into sentences, and each is judged as the sentences of an
answer are (``llm.guard``): it must cite, and say nothing that its contributions do not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, cast

from assistant.llm.guard import Guard
from assistant.llm.masking import Table, mask
from assistant.llm.port import LanguageModel, ModelFailed
from assistant.llm.prompts import Prompts
from assistant.llm.safe_markdown import reduced
from assistant.llm.sentences import sentences
from assistant.typography import french
from assistant.workshop.events import Claim, Recorded, Synthesized
from assistant.workshop.room import Room

__all__ = ["Claim", "Heard", "ModelFailed", "Synthesizer", "proposed", "standing"]
TEMPLATE = "synthese_atelier"
MOST_CONTRIBUTIONS = 400
MOST_CHARACTERS = 40_000  # sent to the model, all contributions together
MOST_CLAIMS = 12
LONGEST_REPLY = 12_000
_OWN = re.compile(r"\bC(\d{1,4})\b")
_HOLDER = re.compile(r"[A-Z]{3,}_\d+")  # what masking leaves, its brackets reduced or not
_MARKS = re.compile(r"\s*\[S\d+\]")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+|\*\*|^#+\s*")


@dataclass(frozen=True, slots=True)
class Heard:
    """A contribution to read: its number in the room, where it was given, and its words."""

    entry: int
    item: str
    text: str


class Synthesizer:
    """Asks ``model``, and keeps what holds."""

    def __init__(self, model: LanguageModel, prompts: Prompts, guard: Guard) -> None:
        self.model = model
        self.prompts = prompts
        self.guard = guard

    async def synthesis(
        self, title: str, heard: Sequence[Heard], *, room: str, names: Iterable[str] = ()
    ) -> Synthesized:
        """What holds of what the model wrote; no claim at all when nothing does.

        ``room`` names whose spending limit it counts against; ``names`` are the pseudonyms of the
        room: they are masked wherever somebody wrote them. Raises ``ModelFailed``.
        """
        kept = [replace(one, text=text) for one, text in _masked(_enough(heard), names)]
        named = {f"C{rank}": one for rank, one in enumerate(kept, 1)}
        if not named:
            return Synthesized(model=self.model.name, claims=())
        prompt = self.prompts.render(TEMPLATE, titre=title, contributions=[
            {"id": name, "item": one.item, "text": one.text} for name, one in named.items()
        ])  # fmt: skip
        text = ""
        stream = cast("Any", self.model.stream(prompt, conversation=room))
        async with aclosing(stream) as deltas:
            async for delta in deltas:
                text += delta
                if len(text) > LONGEST_REPLY:
                    break
        return Synthesized(model=self.model.name, claims=self.judged(text, named))

    def judged(self, text: str, named: Mapping[str, Heard]) -> tuple[Claim, ...]:
        """The sentences of ``text`` that hold, each with the contributions it rests on."""
        passages = {f"S{name[1:]}": one.text for name, one in named.items()}
        claims: dict[str, Claim] = {}
        for sentence in sentences(_OWN.sub(r"S\1", text)):
            # before judging: what is judged is what is shown
            verdict = self.guard.judge(reduced(_BULLET.sub("", sentence.strip())), passages)
            if not verdict.kept or verdict.unknown or _HOLDER.search(verdict.text):
                continue
            said = french(_MARKS.sub("", verdict.text).strip())
            entries = tuple(named[f"C{name[1:]}"].entry for name in verdict.cites)
            claims.setdefault(said, Claim(text=said, entries=entries))
        return tuple(claims.values())[:MOST_CLAIMS]


def _masked(heard: Iterable[Heard], names: Iterable[str]) -> Iterator[tuple[Heard, str]]:
    """Contributions with names, addresses and numbers of people replaced."""
    known = dict.fromkeys(names, "personne")
    table = Table()
    for one in heard:
        text, table = mask(one.text, known=known, table=table)
        yield one, text


def _enough(heard: Iterable[Heard]) -> list[Heard]:
    """As many contributions as a model may read, the first of each item before any more."""
    by_item: dict[str, list[Heard]] = {}
    for one in heard:
        by_item.setdefault(one.item, []).append(one)
    ranked = sorted(
        (
            (rank, place, one)
            for place, found in enumerate(by_item.values())
            for rank, one in enumerate(found)
        ),
        key=lambda found: found[:2],
    )
    kept, size = [], 0
    for _, _, one in ranked[:MOST_CONTRIBUTIONS]:
        size += len(one.text)
        if size > MOST_CHARACTERS:
            break
        kept.append(one)
    return sorted(kept, key=lambda one: one.entry)


def proposed(history: Iterable[Recorded]) -> Synthesized | None:
    """The last synthesis that was kept, None without one."""
    known = list(history)
    found = [item.event for item in known if isinstance(item.event, Synthesized)]
    return found[-1] if found else None


def standing(claims: Iterable[Claim], room: Room) -> tuple[Claim, ...]:
    """The claims of which every contribution still counts: none hidden, taken back or put out."""
    alive = {
        entry.seq
        for stage in room.stages.values()
        for entry in stage.entries.values()
        if entry.value is not None and not entry.hidden
    }
    return tuple(claim for claim in claims if claim.entries and set(claim.entries) <= alive)
