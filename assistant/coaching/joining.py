"""Our reading of a message joined to a language model's: code decides, a person settles.

What only we read is as without a model. What both read is sure when either is. What only the model
read is offered, with its words. Where the two differ nothing is set: the person is shown both.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.casefile import shape
from assistant.coaching import events as ev
from assistant.coaching.assent import heard, question_in
from assistant.coaching.draft import Draft
from assistant.coaching.method import Question
from assistant.coaching.reply import ReadByModel, TwoReadings
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Command, Contest, Finding, Reading
from assistant.coaching.understanding.modelled import ModelReading, fits
from assistant.coaching.understanding.quoted import bare

# an order in our own words is short; what is longer tells something
_LONGEST_ORDER = 200
_FREE = ("texte", "liste", "tableau", "formulaire")


def joined(
    ours: Reading, theirs: ModelReading, text: str, asked: Question | None, lexicon: Lexicon
) -> Reading:
    """``ours`` with what the model adds, agrees with and contests; ``asked`` is being answered."""
    free = asked.slots if asked is not None and asked.type in _FREE else ()
    work = _Joining(ours, theirs, free)
    for slot in dict.fromkeys(finding.slot for finding in theirs.findings):
        work.slot(slot)
    read = replace(
        ours,
        findings=tuple(work.findings),
        offered=tuple(work.offered),
        contested=tuple(work.contested),
    )
    command = _order(read, theirs, text, asked, lexicon)
    return replace(read, command=command) if command is not None else read


def _order(
    read: Reading, theirs: ModelReading, text: str, asked: Question | None, lexicon: Lexicon
) -> Command | None:
    """The order that the model read, where nothing at all was read but for it."""
    said = read.findings or read.offered or read.contested or read.beliefs or read.command
    free = asked is not None and asked.type in _FREE
    if theirs.command is None or said or free or read.pasted or len(text) > _LONGEST_ORDER:
        return None
    begins = heard(text, lexicon)
    if begins.agrees is not None or begins.courtesy or begins.lost or question_in(text):
        return None
    start = len(text) - len(text.lstrip())
    return Command(theirs.command, text.strip(), start, start + len(text.strip()))


@dataclass(slots=True)
class _Joining:
    """One message being joined, slot by slot."""

    ours: Reading
    theirs: ModelReading
    free: Collection[str]
    findings: list[Finding] = field(init=False)
    offered: list[Finding] = field(default_factory=list)
    contested: list[Contest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.findings = list(self.ours.findings)

    def slot(self, slot: str) -> None:
        """Join what is read of one slot."""
        if slot in self.free:
            return  # the message itself is the answer
        held = [f for f in self.findings if f.slot == slot]
        new = [f for f in self.theirs.findings if f.slot == slot]
        if any(isinstance(f.value, list) for f in new):
            self._items(held, new)
        elif not held:
            self.offered += new
        else:
            self._single(held, new[0])

    def _single(self, held: list[Finding], new: Finding) -> None:
        if any(_same(one, new) for one in held):
            self._agreed(held, new)
        else:
            self._contest(held, new)

    def _items(self, held: list[Finding], new: list[Finding]) -> None:
        """Items are read one by one; « none » and items contradict each other."""
        if any(one.value == [] for one in held):
            self._contest([one for one in held if one.value == []], _whole([], new))
            return
        for one in new:
            if any(_same(own, one) for own in held):
                self._agreed([own for own in held if _same(own, one)], one)
        extra = [one for one in new if not any(_same(own, one) for own in held)]
        if not extra:
            return
        now = [f for f in self.findings if f.slot == new[0].slot]
        base = [f for f in now if f.sure] or now
        if not any(f.sure for f in now):
            # they are offered together: one question, one answer
            self.findings = [f for f in self.findings if f not in now]
        self.offered.append(_whole(base, extra))

    def _agreed(self, held: Sequence[Finding], new: Finding) -> None:
        """Both read the same: what was to confirm is sure when they read it in the same words."""
        if self.ours.pasted or len({str(one.value) for one in held}) > 1:
            return
        for one in held:
            together = one.start < new.end and new.start < one.end
            if new.sure and together and not one.sure:
                self.findings[self.findings.index(one)] = replace(one, sure=True)

    def _contest(self, held: Sequence[Finding], new: Finding) -> None:
        ours = next((one for one in held if one.sure), held[-1])
        if not fits(ours.slot, ours.value):
            return  # it is refused, and says why
        self.findings = [f for f in self.findings if f.slot != ours.slot]
        self.contested.append(Contest(_whole([], [ours]), new))


def _whole(base: Iterable[Finding], extra: Sequence[Finding]) -> Finding:
    """Findings of one list as one; the words are those of what is added."""
    first = extra[0]
    if not isinstance(first.value, list):
        return first
    items: list[Any] = []
    for one in (*base, *extra):
        items += [item for item in one.value if item not in items]
    words = " … ".join(dict.fromkeys(one.words for one in extra))
    return replace(first, value=items, words=words, sure=False)


def _same(ours: Finding, theirs: Finding) -> bool:
    """Whether two findings say the same; of free words, one may hold the other."""
    if ours.value == theirs.value:
        return True
    if _kind(ours.slot) not in ("texte", "liste"):
        return False
    one, other = (_words(f.value) for f in (ours, theirs))
    return bool(one and other) and (one in other or other in one)


def _kind(slot: str) -> str:
    try:
        return shape.kind(slot)
    except KeyError:  # a place in a list
        return ""


def _words(value: Any) -> str:
    return bare(" ".join(map(str, value)) if isinstance(value, list) else str(value)).casefold()


def offer(draft: Draft, read: Reading, by: ModelReading) -> bool:
    """Show what the model read besides us, or otherwise; whether there was anything."""
    answers = draft.state.of(draft.side).answers
    held = {slot: answer.value for slot, answer in answers.items()}
    offered = [f for f in read.offered if f.slot not in held or held[f.slot] != f.value]
    contests = [
        c for c in read.contested
        if c.ours.slot not in held or held[c.ours.slot] != c.ours.value
    ]  # fmt: skip
    offered = [f for f in offered if fits(f.slot, f.value)]
    theirs = [*offered, *(c.theirs for c in contests)]
    if not theirs:
        return False
    draft.do(
        ev.ReadByModel(
            values={f.slot: f.value for f in theirs},
            words={f.slot: f.words for f in theirs},
            others={c.ours.slot: c.ours.value for c in contests},
            other_words={c.ours.slot: c.ours.words for c in contests},
            model=by.model,
            prompt=by.prompt,
        )
    )
    if offered:
        words = {f.slot: f.words for f in offered}
        lines = draft.tools.lines({f.slot: f.value for f in offered}, words)
        draft.say(ReadByModel(lines=lines))
    for contest in contests:
        own, other = (
            draft.tools.lines({f.slot: f.value}, {f.slot: f.words})[0]
            for f in (contest.ours, contest.theirs)
        )
        draft.say(TwoReadings(ours=own, theirs=other))
    return True
