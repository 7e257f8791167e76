"""What « convention express » shows: each table, its gaps and alerts, the tables side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.coaching.forms import FieldView
from assistant.drafting.rules.rule import Severity
from assistant.texts import Texts
from assistant.workshop.activity import Table


@dataclass(frozen=True, slots=True)
class Line:
    """A slot, its name and its value in words; None when nothing was said."""

    slot: str
    label: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found; ``within`` when the table's own answers can mend it."""

    rule: str
    severity: str
    title: str
    fact: str
    action: str
    within: bool

    @property
    def blocking(self) -> bool:
        """Whether it keeps from signing."""
        return self.severity == Severity.BLOCKING


@dataclass(frozen=True, slots=True)
class Looked:
    """What the office says of a table's facts: agreement, obligatory fields, findings."""

    contract: str | None
    filled: int
    required: int
    findings: tuple[Finding, ...]
    advice: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``answered`` of the slots asked, ``filled`` of the fields of its agreement.

    ``blocking`` and ``alerts`` are what its answers can mend; ``beyond`` counts what they cannot
    (an identity, a signature: what the case does not ask of a table).
    """

    number: int
    lines: tuple[Line, ...]
    answered: int
    contract: str | None
    filled: int
    required: int
    blocking: tuple[Finding, ...]
    alerts: tuple[Finding, ...]
    advice: int
    beyond: int

    @property
    def share(self) -> float:
        """How much of what is asked was answered, from 0 to 1."""
        return self.answered / len(self.lines) if self.lines else 0.0

    @property
    def gaps(self) -> tuple[Line, ...]:
        """What was asked and not answered."""
        return tuple(line for line in self.lines if line.text is None)


@dataclass(frozen=True, slots=True)
class Shared:
    """A finding and the tables that have it."""

    finding: Finding
    tables: tuple[int, ...]

    @property
    def where(self) -> str:
        """The tables in few figures: « 1–4, 7 »."""
        runs: list[list[int]] = []
        for table in self.tables:
            if runs and runs[-1][-1] == table - 1:
                runs[-1].append(table)
            else:
                runs.append([table])
        return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


@dataclass(frozen=True, slots=True)
class Answers:
    """A slot and what tables wrote there, the most frequent first; ``silent`` wrote nothing."""

    slot: str
    label: str
    values: tuple[tuple[str, tuple[int, ...]], ...]
    silent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Express:
    """The room: what the case gives, each table, what stands in the way, answers compared."""

    title: str
    known: tuple[Line, ...]
    tables: tuple[Sheet, ...]
    findings: tuple[Shared, ...]
    comparison: tuple[Answers, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class Input:
    """A slot to fill on a phone; ``current`` when it is the one to go on with.

    ``named`` when the field says no more than the name of its slot.
    """

    line: Line
    field: FieldView
    current: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What a phone shows of its table."""

    sheet: Sheet
    fields: tuple[Input, ...]


def sheet(number: int, lines: tuple[Line, ...], looked: Looked) -> Sheet:
    """One table out of its answers and what the office says of them."""
    within = [finding for finding in looked.findings if finding.within]
    return Sheet(
        number=number,
        lines=lines,
        answered=sum(line.text is not None for line in lines),
        contract=looked.contract,
        filled=looked.filled,
        required=looked.required,
        blocking=tuple(f for f in within if f.blocking),
        alerts=tuple(f for f in within if not f.blocking),
        advice=looked.advice,
        beyond=len(looked.findings) - len(within),
    )


def shared(sheets: Iterable[Sheet]) -> tuple[Shared, ...]:
    """Findings by number of tables: blocking first, then the most frequent, then by rule."""
    found: dict[Finding, set[int]] = {}
    for one in sheets:
        for finding in (*one.blocking, *one.alerts):
            found.setdefault(finding, set()).add(one.number)
    made = [Shared(finding, tuple(sorted(tables))) for finding, tables in found.items()]
    made.sort(
        key=lambda s: (not s.finding.blocking, -len(s.tables), s.finding.rule, s.finding.fact)
    )
    return tuple(made)


def compared(sheets: Sequence[Sheet]) -> tuple[Answers, ...]:
    """Slot by slot, who wrote what."""
    return tuple(_answers(place, sheets) for place in range(len(sheets[0].lines) if sheets else 0))


def _answers(place: int, sheets: Sequence[Sheet]) -> Answers:
    said: dict[str, list[int]] = {}
    silent = []
    for one in sheets:
        text = one.lines[place].text
        if text is None:
            silent.append(one.number)
        else:
            said.setdefault(text, []).append(one.number)
    line = sheets[0].lines[place]
    ranked = sorted(said.items(), key=lambda item: (-len(item[1]), item[0]))
    values = tuple((text, tuple(numbers)) for text, numbers in ranked)
    return Answers(line.slot, line.label, values, tuple(silent))


def tables(found: Express, texts: Texts) -> tuple[Table, ...]:
    """The three sheets of the export."""

    def heads(*names: str) -> tuple[str, ...]:
        return tuple(texts.say("atelier", name) for name in names)

    say = texts.say
    progress = heads("table", "reponses", "attendues", "contrat", "remplis", "obligatoires",
                     "bloquants", "alertes", "conseils")  # fmt: skip
    numbers = heads("table")[0]
    return (
        Table(
            say("atelier", "express_tables"),
            progress,
            tuple(
                (s.number, s.answered, len(s.lines), s.contract, s.filled, s.required,
                 len(s.blocking), len(s.alerts), s.advice)
                for s in found.tables
            ),
        ),
        Table(
            say("atelier", "express_reponses"),
            (*heads("champ"), *(f"{numbers} {s.number}" for s in found.tables)),
            tuple(
                (answers.label, *(s.lines[place].text for s in found.tables))
                for place, answers in enumerate(found.comparison)
            ),
        ),
        Table(
            say("atelier", "express_alertes"),
            heads("table", "gravite", "message"),
            tuple(
                (s.number, say("atelier", f.severity), f"{f.fact} {f.action}")
                for s in found.tables
                for f in (*s.blocking, *s.alerts)
            ),
        ),
    )  # fmt: skip
