"""One condition over a few facts: what it says, and that a neighbour is silent."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.paths import nested
from assistant.drafting.parameters import Parameters, load_parameters
from assistant.drafting.rules.catalogue import Issue, Message, check, load_messages
from assistant.drafting.rules.rule import Context, Hit, conditions
from tests.builders import CORPUS

TODAY = date(2026, 11, 16)


class Row(NamedTuple):
    """Facts that fire a rule, and the change of one slot that silences it."""

    rule: str
    contract: str | None
    facts: Mapping[str, Any]
    silenced_by: Mapping[str, Any]


@cache
def parameters() -> Parameters:
    return load_parameters(CORPUS)


@cache
def messages() -> Mapping[str, Message]:
    return load_messages(CORPUS)


def _parsed(facts: Mapping[str, Any]) -> Facts:
    return parse_facts(nested({slot: value for slot, value in facts.items() if value is not None}))


def hits(
    rule: str, contract: str | None, facts: Mapping[str, Any], today: date = TODAY
) -> list[Hit]:
    """What a rule finds in facts by dotted slot; a value of None takes the slot away."""
    case = Context(_parsed(facts), contract, parameters(), today)
    return list(conditions()[rule](case))


def _said(row: Row) -> tuple[Issue, ...]:
    return check(
        _parsed(row.facts), row.contract, parameters=parameters(), today=TODAY, messages=messages()
    )


def titled(row: Row) -> str:
    return f"{row.rule}-{'-'.join(row.silenced_by)}"


def check_row(row: Row) -> None:
    assert hits(row.rule, row.contract, row.facts)
    assert row.rule in {issue.rule for issue in _said(row)}  # its message is whole
    assert not hits(row.rule, row.contract, {**row.facts, **row.silenced_by})
