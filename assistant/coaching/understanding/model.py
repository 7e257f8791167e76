"""What one message says, as values: findings with their words, beliefs, a command."""

from dataclasses import dataclass
from typing import Any, Literal

CommandName = Literal[
    "skip", "dont_know", "why", "ask_guide", "repeat", "go_to", "back", "pause", "resume",
    "restart", "cancel", "undo", "summarise", "clarify", "correct", "export_document",
]  # fmt: skip
Kind = Literal[
    "choix", "multi", "echelle", "repartition", "date", "montant", "nombre", "duree", "oui_non",
    "libre",
]  # fmt: skip

NEXT_STEP = 0  # « l'étape suivante », whichever it is


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question: the value for ``Facts``, its label, other ways to say it."""

    value: Any
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was just asked: bare answers (« oui », « 2 », « fin août ») are read against it."""

    slots: tuple[str, ...]
    kind: Kind = "libre"
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One value of one slot, as JSON that ``parse_facts`` takes, and the words it came from.

    A list slot gives one finding an item, each a list of one; an empty list says « none ».
    ``sure`` is False for what has to be shown for confirmation before it is taken.
    """

    slot: str
    value: Any
    words: str
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Belief:
    """A false belief recognised; its correction is in ``croyances.yaml`` under ``id``."""

    id: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Command:
    """What the person asks of the interview; ``step`` (1-7 or ``NEXT_STEP``) is for ``go_to``."""

    name: CommandName
    words: str
    start: int
    end: int
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Words that say something which was not understood."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contest:
    """Two readings of one slot: ours and a language model's. A person chooses."""

    ours: Finding
    theirs: Finding


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read. ``pasted``: a long document, data whose findings are all to confirm.

    ``offered`` is what only a language model read, ``contested`` what it read otherwise than we
    did; both are for a person to settle (``coaching.joining``).
    """

    findings: tuple[Finding, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    command: Command | None = None
    urgency: bool = False
    pasted: bool = False
    unread: tuple[Span, ...] = ()
    offered: tuple[Finding, ...] = ()
    contested: tuple[Contest, ...] = ()

    def values(self) -> dict[str, Any]:
        """What is sure, by slot: the items of a list slot together, in order."""
        found: dict[str, Any] = {}
        for finding in self.findings:
            if not finding.sure:
                continue
            known = found.get(finding.slot)
            if isinstance(known, list) and isinstance(finding.value, list):
                found[finding.slot] = known + [v for v in finding.value if v not in known]
            else:
                found[finding.slot] = finding.value
        return found
