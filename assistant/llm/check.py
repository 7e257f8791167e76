"""Try a model once: does it answer, how fast, can it fill an object."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel

from assistant.llm.limits import tokens_in
from assistant.llm.port import Fault, LanguageModel, ModelFailed
from assistant.llm.prompts import Prompts

TEMPLATE = "essai"


class Tried(BaseModel):
    """The object that a model is asked to fill; its words are data of the template."""

    mot: str
    nombre: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model can do: times in seconds; ``fault`` when it wrote nothing whole."""

    fault: Fault | None = None
    first_token: float | None = None
    tokens_per_second: float | None = None
    object_fault: Fault | None = None

    @property
    def structured(self) -> bool:
        """Whether it fills objects."""
        return self.fault is None and self.object_fault is None


async def tried(
    model: LanguageModel, prompts: Prompts, *, seconds: Callable[[], float] = time.perf_counter
) -> Trial:
    """Ask for a few sentences, then for an object; the second only when the first came."""
    started = seconds()
    first: float | None = None
    text = ""
    asked = model.stream(prompts.render(TEMPLATE, objet=False))
    try:
        async with aclosing(cast("AsyncGenerator[str, None]", asked)) as deltas:
            async for delta in deltas:
                first = first if first is not None else seconds() - started
                text += delta
    except ModelFailed as failed:
        return Trial(fault=failed.fault, first_token=first)
    elapsed = seconds() - started - (first or 0.0)
    speed = tokens_in(text) / elapsed if elapsed > 0 else None
    try:
        await model.complete(prompts.render(TEMPLATE, objet=True), Tried)
    except ModelFailed as failed:
        return Trial(first_token=first, tokens_per_second=speed, object_fault=failed.fault)
    return Trial(first_token=first, tokens_per_second=speed)
