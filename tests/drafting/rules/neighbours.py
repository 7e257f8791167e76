"""A complete case, a change that fires a rule, and one more change that silences it."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from assistant.casefile.facts import parse_facts
from assistant.drafting.rules.catalogue import Issue, Message, check, load_messages
from tests.builders import CORPUS
from tests.drafting.clean_cases import a_case, changed
from tests.drafting.rules.firing import TODAY, parameters


class Pair(NamedTuple):
    """``case`` names a clean case, « » no fact at all; ``contract`` replaces its contract."""

    rule: str
    case: str
    fires: Mapping[str, Any]
    silenced_by: Mapping[str, Any]
    contract: str | None = ""


@cache
def messages() -> Mapping[str, Message]:
    return load_messages(CORPUS)


def issues(pair: Pair, changes: Mapping[str, Any], **context: Any) -> list[Issue]:
    """What the rule of a pair says of its case with ``changes``."""
    contract, facts = a_case(pair.case) if pair.case else (None, {})
    if pair.contract != "":
        contract = pair.contract
    found = check(
        parse_facts(changed(facts, copy.deepcopy(dict(changes)))),
        contract,
        parameters=parameters(),
        today=context.pop("today", TODAY),
        messages=messages(),
        **context,
    )
    return [issue for issue in found if issue.rule == pair.rule]


def named(pair: Pair) -> str:
    return f"{pair.rule}-{pair.case or 'rien'}-{'+'.join(pair.silenced_by)}"


def check_pair(pair: Pair) -> None:
    found = issues(pair, pair.fires)

    assert found, "the rule does not fire"
    assert all(issue.fact and issue.why and issue.action for issue in found)
    assert issues(pair, {**pair.fires, **pair.silenced_by}) == []
