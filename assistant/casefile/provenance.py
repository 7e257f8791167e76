"""Where a value comes from: nothing is printed in a document that nobody gave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Origin(BaseModel):
    """How a value came into the case.

    ``words`` is what the person wrote, the name of the document it was read in, or the key of the
    dated parameter; ``suggestion`` is a proposal of the tool that ``who`` accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["answer", "document", "parameter", "suggestion"] = "answer"
    who: str | None = None
    when: datetime | None = None
    words: str | None = None


def origin_of(path: str, origins: Mapping[str, Origin]) -> Origin:
    """The origin of a slot: its own, that of the block or list it is in, or the case's (``""``)."""
    while path:
        if path in origins:
            return origins[path]
        path = path.rpartition(".")[0]
    return origins.get("", Origin())
