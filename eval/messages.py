"""``python -m eval.messages dev|blind|fresh|last``: first messages understood, without a judge.

Required slots count as found when read for sure or as « to confirm »; slots in ``may`` count
neither as missing nor as wrong. Issue 3: found >= 90 %, right >= 97 %.

``fresh`` was written by a second author, who knew part of the development set but neither the
rules and words of the reader nor the blind set: its kinds are twelve people who write, and only
what the diagnosis and the agreement turn on is required. ``last`` was written in the same way,
after the rules were settled: 150 noisy first messages, of the kinds that issue 3 names.
"""

import argparse
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.paths import nested
from assistant.settings import load_settings
from eval.message_values import Leaf, is_prose, leaves, said_in, same

DATASETS = Path(__file__).parent / "datasets"
THRESHOLDS = Path(__file__).parent / "thresholds.toml"
TODAY = date(2026, 11, 21)  # the day on which every message of the sets is read


@dataclass(frozen=True, slots=True)
class MessageCase:
    """One message and what it says. ``first`` are the questions that it leaves deciding."""

    id: str
    text: str
    kind: str
    expecting: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    may: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    beliefs: frozenset[str] = frozenset()
    may_beliefs: frozenset[str] = frozenset()
    command: str | None = None
    may_commands: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()


class Found(Protocol):
    """A finding of the reader."""

    @property
    def slot(self) -> str:
        """Its dotted name."""

    @property
    def value(self) -> Any:
        """As ``Facts`` takes it."""

    @property
    def sure(self) -> bool:
        """Whether it is taken without asking."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, reduced to what is scored."""

    findings: tuple[Found, ...] = ()
    beliefs: frozenset[str] = frozenset()
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One message, scored leaf by leaf; ``wrong`` were set for sure, ``doubtful`` were not."""

    case: MessageCase
    read: Read
    required: tuple[Leaf, ...]
    missing: tuple[Leaf, ...]
    right: tuple[Leaf, ...]
    wrong: tuple[Leaf, ...]
    doubtful_right: tuple[Leaf, ...]
    doubtful_wrong: tuple[Leaf, ...]
    unjudged: tuple[Leaf, ...]

    @property
    def command_is_right(self) -> bool:
        """Whether the command is the one meant, or one that may be."""
        return self.read.command in {self.case.command, *self.case.may_commands}

    @property
    def clean(self) -> bool:
        """Nothing missed and nothing wrong."""
        believed = self.read.beliefs - self.case.may_beliefs
        return (
            not (self.missing or self.wrong or self.doubtful_wrong)
            and believed - self.case.beliefs == self.case.beliefs - self.read.beliefs == set()
            and self.command_is_right
        )


def load_messages(name: str) -> list[MessageCase]:
    """The messages of ``eval/datasets/messages_<name>.jsonl``, in order."""
    text = (DATASETS / f"messages_{name}.jsonl").read_text(encoding="utf-8")
    return [case_of(json.loads(line)) for line in text.splitlines() if line.strip()]


def case_of(data: Mapping[str, Any]) -> MessageCase:
    """A case out of its JSON line."""
    return MessageCase(
        id=data["id"],
        text=data["text"],
        kind=data["kind"],
        expecting=(data.get("expecting") or {}).get("question"),
        facts=data.get("facts", {}),
        slots=data["slots"],
        may=data.get("may", {}),
        beliefs=frozenset(data["beliefs"]),
        may_beliefs=frozenset(data.get("may_beliefs", ())),
        command=data["command"],
        may_commands=frozenset(data.get("may_commands", ())),
        first=tuple(data.get("first", ())),
    )


def score(case: MessageCase, read: Read) -> Score:
    """Compare what was read with what the message says."""
    sure, doubtful = _found(read, sure=True), _found(read, sure=False)
    required, missing = _missing(case, [*sure, *doubtful])
    accepted = _accepted(case)
    verdicts: dict[str, list[Leaf]] = defaultdict(list)
    for leaf, for_sure in [(leaf, True) for leaf in sure] + [(leaf, False) for leaf in doubtful]:
        if _among(leaf, accepted):
            verdicts["right" if for_sure else "doubtful_right"].append(leaf)
        elif is_prose(leaf[0]) and leaf[0] not in case.slots and said_in(case.text, leaf[1]):
            verdicts["unjudged"].append(leaf)
        else:
            verdicts["wrong" if for_sure else "doubtful_wrong"].append(leaf)
    names = ("right", "wrong", "doubtful_right", "doubtful_wrong", "unjudged")
    return Score(
        case=case, read=read, required=tuple(required), missing=tuple(missing),
        **{name: tuple(verdicts[name]) for name in names},
    )  # fmt: skip


def _found(read: Read, *, sure: bool) -> list[Leaf]:
    chosen = [finding for finding in read.findings if finding.sure is sure]
    return [leaf for finding in chosen for leaf in leaves(finding.slot, finding.value)]


def _missing(case: MessageCase, found: Sequence[Leaf]) -> tuple[list[Leaf], list[Leaf]]:
    """What had to be found, and what of it was not: another accepted value is as good."""
    required: list[Leaf] = []
    missing: list[Leaf] = []
    for slot, value in case.slots.items():
        wanted = leaves(slot, value)
        required += wanted
        lacks = [
            [leaf for leaf in leaves(slot, option) if not _among(leaf, found)]
            for option in (value, *case.may.get(slot, ()))
        ]
        fewest = min(lacks, key=len)
        missing += fewest if len(fewest) <= len(wanted) else lacks[0]
    return required, missing


def _accepted(case: MessageCase) -> list[Leaf]:
    said = [*case.facts.items(), *case.slots.items()]
    allowed = [(slot, option) for slot, options in case.may.items() for option in options]
    return [leaf for slot, value in (*said, *allowed) for leaf in leaves(slot, value)]


def _among(leaf: Leaf, others: Iterable[Leaf]) -> bool:
    return any(leaf[0] == key and same(key, leaf[1], value) for key, value in others)


@dataclass(frozen=True, slots=True)
class MessageFigures:
    """Shares between 0 and 1. ``right`` judges what was set for sure, ``right_all`` everything."""

    found: float
    right: float
    right_all: float
    beliefs_found: float
    beliefs_right: float
    commands: float
    clean: float
    unjudged: int
    cases: int


def figures(scores: Sequence[Score]) -> MessageFigures:
    """Sum up scores; a share of nothing is 1."""

    def count(name: str) -> int:
        return sum(len(getattr(s, name)) for s in scores)

    right, doubtful = count("right"), count("doubtful_right")
    believed = sum(len(s.read.beliefs - s.case.may_beliefs) for s in scores)
    hits = sum(len(s.read.beliefs & s.case.beliefs) for s in scores)
    return MessageFigures(
        found=1 - _share(count("missing"), count("required"), empty=0),
        right=_share(right, right + count("wrong")),
        right_all=_share(
            right + doubtful, right + doubtful + count("wrong") + count("doubtful_wrong")
        ),
        beliefs_found=_share(hits, sum(len(s.case.beliefs) for s in scores)),
        beliefs_right=_share(hits, believed),
        commands=_share(sum(s.command_is_right for s in scores), len(scores)),
        clean=_share(sum(s.clean for s in scores), len(scores)),
        unjudged=count("unjudged"),
        cases=len(scores),
    )


def _share(part: int, whole: int, *, empty: float = 1) -> float:
    return part / whole if whole else empty


def by_slot(scores: Sequence[Score]) -> list[tuple[str, int, int, int]]:
    """For each slot: how often required, missed, and set wrong; the worst first."""
    counts = {
        name: Counter(leaf[0] for s in scores for leaf in getattr(s, name))
        for name in ("required", "missing", "wrong")
    }
    rows = [
        (slot, counts["required"][slot], counts["missing"][slot], counts["wrong"][slot])
        for slot in set().union(*counts.values())
    ]
    return sorted(rows, key=lambda row: (-(row[2] + row[3]), row[0]))


def first_share(
    cases: Sequence[MessageCase], ask: Callable[[MessageCase], str | None]
) -> tuple[float, list[str]]:
    """How often ``ask`` (the id of the first question asked) decides something still open.

    « DX » in ``first`` stands for any question that was added to the method (DX-01…).
    """
    judged = [case for case in cases if case.first]
    wrong = [case.id for case in judged if not _decides(ask(case), case.first)]
    return _share(len(judged) - len(wrong), len(judged)), wrong


def _decides(question: str | None, first: Sequence[str]) -> bool:
    return question is not None and (question in first or question.split("-")[0] in first)


def failures(result: MessageFigures) -> list[str]:
    """The thresholds that ``result`` does not meet."""
    limits = tomllib.loads(THRESHOLDS.read_text(encoding="utf-8"))["messages"]
    return [
        f"{name} {getattr(result, name):.3f} < {value}"
        for name, value in limits.items()
        if getattr(result, name) < value
    ]


def facts_of(case: MessageCase) -> Facts | None:
    """What was already known when the message came."""
    return parse_facts(nested(case.facts)) if case.facts else None


def coach_reader(corpus: Path) -> Callable[[MessageCase], Read]:
    """The coach's own reading of a message, told of the question it answers."""
    from assistant.coaching.expectation import expectation
    from assistant.coaching.method import load_method
    from assistant.coaching.understanding.lexicon import load_lexicon
    from assistant.coaching.understanding.reader import read_message

    method, lexicon = load_method(corpus), load_lexicon(corpus)

    def read(case: MessageCase) -> Read:
        facts = facts_of(case)
        asked = method.by_id[case.expecting] if case.expecting else None
        reading = read_message(
            case.text,
            lexicon=lexicon,
            today=TODAY,
            expecting=expectation(asked, facts or Facts()) if asked else None,
            facts=facts,
        )
        return Read(
            findings=tuple(reading.findings),
            beliefs=frozenset(belief.id for belief in reading.beliefs),
            command=reading.command.name if reading.command else None,
        )

    return read


def coach_asker(corpus: Path) -> Callable[[MessageCase], str | None]:
    """The first question that the coach asks after one message on a new case file."""
    from datetime import UTC, datetime

    from assistant.bootstrap import build_coach
    from assistant.settings import Settings
    from assistant.texts import load_texts

    coach = build_coach(Settings(corpus=corpus), load_texts(corpus))
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)

    def guide(question: str, *, actor: str | None) -> dict[str, Any]:
        del question, actor
        return {"status": "refused", "answer": "", "citations": []}

    def ask(case: MessageCase) -> str | None:
        made = coach.respond([], "porteur", case.text, now=now, guide=guide)
        return next((part.id for part in made.parts if part.kind == "question"), None)

    return ask


def report(name: str, scores: Sequence[Score]) -> str:
    """The figures, by kind and by slot; what was missed only for the set one may look at."""
    kinds = sorted({s.case.kind for s in scores})
    lines = [_row("everything", figures(scores))]
    lines += [_row(kind, figures([s for s in scores if s.case.kind == kind])) for kind in kinds]
    lines.append(f"\n{'slot':38} required missed wrong")
    lines += [f"{slot:38} {n:8} {lost:6} {bad:5}" for slot, n, lost, bad in by_slot(scores)]
    if name == "dev":
        lines += [line for s in scores if not s.clean for line in _lines_of(s)]
    return "\n".join(lines)


def _row(label: str, result: MessageFigures) -> str:
    return (
        f"{label:14} n={result.cases:<4} found {result.found:.3f}  right {result.right:.3f} "
        f"(all {result.right_all:.3f})  beliefs {result.beliefs_found:.2f}/"
        f"{result.beliefs_right:.2f}  commands {result.commands:.2f}  clean {result.clean:.2f}  "
        f"unjudged {result.unjudged}"
    )


def _lines_of(s: Score) -> list[str]:
    lines = [f"\n{s.case.id} [{s.case.kind}] {s.case.text[:160]}"]
    lines += [
        f"  {name}: {key} = {value!r}"
        for name in ("missing", "wrong", "doubtful_wrong")
        for key, value in getattr(s, name)
    ]
    lost = s.case.beliefs - s.read.beliefs
    added = s.read.beliefs - s.case.beliefs - s.case.may_beliefs
    lines += [f"  belief missed: {belief}" for belief in sorted(lost)]
    lines += [f"  belief wrong: {belief}" for belief in sorted(added)]
    if not s.command_is_right:
        lines.append(f"  command: {s.read.command} instead of {s.case.command}")
    return lines


def main() -> int:
    """Score one set; 1 under a threshold."""
    parser = argparse.ArgumentParser(prog="python -m eval.messages")
    parser.add_argument("name", choices=["dev", "blind", "fresh", "last", "unseen"])
    name = parser.parse_args().name
    read = coach_reader(load_settings().corpus)
    scores = [score(case, read(case)) for case in load_messages(name)]
    print(report(name, scores))
    useful, _ = first_share([s.case for s in scores], coach_asker(load_settings().corpus))
    print(f"\nfirst question useful {useful:.3f}")
    failed = failures(figures(scores))
    for failure in failed:
        print(f"under its threshold: {failure}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
