"""Where a statement comes from, written in content as « guide p. 46 » or « droit : CGI… »."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

_FORM = re.compile(
    r"(?P<document>guide|typologie|etat|enjeux|outils|droit|projet)"
    r"(?: p\. (?P<page>\d+)(?:-(?P<last>\d+))?)?"
    r"(?P<verify> \?)?(?: : (?P<reference>.+))?"
)
PAGES_OF_GUIDE = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a document, or a text of law.

    ``verify`` marks what nobody has read again in the text itself; ``document`` is the id of
    ``sources.yaml``, « droit » for a text of law, « projet » for a choice of this tool.
    """

    document: str
    page: int | None = None
    last_page: int | None = None
    reference: str | None = None
    verify: bool = False

    def __str__(self) -> str:
        """The compact form, as content writes it."""
        pages = f" p. {self.page}" if self.page else ""
        pages += f"-{self.last_page}" if self.last_page else ""
        reference = f" : {self.reference}" if self.reference else ""
        return f"{self.document}{pages}{' ?' if self.verify else ''}{reference}"


def parse_source(text: str) -> Source:
    """Read the compact form; raises ``ValueError`` when it is not one."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    page = int(found["page"]) if found["page"] else None
    last = int(found["last"]) if found["last"] else None
    if page is not None and (found["document"] != "guide" or not 1 <= page <= PAGES_OF_GUIDE):
        raise ValueError(text)
    if found["document"] == "droit" and not found["reference"]:
        raise ValueError(text)
    return Source(found["document"], page, last, found["reference"], bool(found["verify"]))


def _parsed(value: Any) -> Any:
    return parse_source(value) if isinstance(value, str) else value


Cited = Annotated[Source, BeforeValidator(_parsed)]
