"""Scorers without a judge: pure functions of an answer and what was expected."""

import re
from collections.abc import Mapping, Sequence

from assistant.answering.reply import Reply
from assistant.knowledge.analysis import fold
from assistant.knowledge.unit import Passage

_MARKER = re.compile(r"\[(S\d+)\]")
_STATEMENT = re.compile(r"\n+")


def flattened(text: str) -> str:
    """Folded text, single spaces, numbers and units joined: « 1 200 » = 1200, « 57 % » = 57%."""
    flat = " ".join(fold(text).replace("**", "").replace("’", "'").split())
    flat = re.sub(r"(?<=\d) (?=\d{3}\b)", "", flat)
    return re.sub(r" (?=[%‰€])", "", flat)


def holds(text: str, fact: Sequence[str]) -> bool:
    """Whether ``text`` holds one of the wordings of ``fact``."""
    flat = f" {flattened(text)} "
    return any(_wording(wording) in flat for wording in fact)


def _wording(text: str) -> str:
    # a space kept at an end is meant: " 7 " must not match inside 2017
    start, end = text[:1] == " ", text[-1:] == " "
    return f"{' ' * start}{flattened(text)}{' ' * end}"


def covered(text: str, facts: Sequence[Sequence[str]]) -> int:
    """How many facts ``text`` holds."""
    return sum(holds(text, fact) for fact in facts)


def invalid_citations(reply: Reply, passages: Mapping[str, Passage]) -> list[str]:
    """What is wrong with the citations of ``reply``; empty when all is right.

    Every marker resolves, every citation is used, every passage is exactly one that the index
    holds with that page and section, and every statement carries a marker.
    """
    problems = []
    used = set(_MARKER.findall(reply.answer))
    given = {citation.id for citation in reply.citations}
    problems += [f"{marker} resolves to nothing" for marker in sorted(used - given)]
    problems += [f"{marker} is never used" for marker in sorted(given - used)]
    texts = {passage.text for passage in passages.values()}
    places = {
        (passage.text, passage.reference.page, passage.reference.section)
        for passage in passages.values()
    }
    for citation in reply.citations:
        if citation.passage not in texts:
            problems.append(f"{citation.id}: not a passage of the index")
        elif (citation.passage, citation.page, citation.section) not in places:
            problems.append(f"{citation.id}: another page or section")
    if reply.citations:
        problems += [
            f"no marker: {line[:50]}"
            for line in _STATEMENT.split(reply.answer)
            if line.strip() and not _MARKER.search(line)
        ]
    return problems


def reciprocal_rank(ranks: Sequence[bool]) -> float:
    """1 / rank of the first hit, 0 without one."""
    return next((1 / rank for rank, hit in enumerate(ranks, start=1) if hit), 0.0)
