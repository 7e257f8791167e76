"""Contradictions seeded one by one into complete clean cases: the right rule reports each."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.casefile.facts import parse_facts
from assistant.drafting.rules.catalogue import Issue, check
from assistant.drafting.rules.rule import Severity, conditions
from tests.drafting.clean_cases import a_case, changed, names
from tests.drafting.rules.firing import TODAY, messages, parameters

TEXT = (Path(__file__).parent / "contradictions.yaml").read_text(encoding="utf-8")
SEEDED: list[dict[str, Any]] = yaml.safe_load(TEXT)
ENOUGH = 0.95


def checked(contract: str | None, facts: dict[str, Any]) -> tuple[Issue, ...]:
    return check(
        parse_facts(facts), contract, parameters=parameters(), today=TODAY, messages=messages()
    )


def reported(row: dict[str, Any]) -> set[str]:
    contract, facts = a_case(row["cas"])
    return {issue.rule for issue in checked(contract, changed(facts, row["mettre"]))}


@pytest.mark.parametrize("name", names())
def test_a_complete_clean_case_raises_no_blocking_issue_and_no_alert(name: str) -> None:
    issues = [i for i in checked(*a_case(name)) if i.severity is not Severity.ADVICE]

    assert [(issue.rule, issue.fact) for issue in issues] == []


def test_the_clean_cases_cover_every_document() -> None:
    contracts = {a_case(name)[0] for name in names()}

    assert contracts >= {
        "mecenat_financier", "mecenat_nature", "mecenat_competences", "partenariat", "prestation",
        "parrainage", "protocole_accord",
    }  # fmt: skip


def test_seeded_contradictions_are_reported_under_the_right_rule() -> None:
    missed = [row for row in SEEDED if row["regle"] not in reported(row)]

    assert len(SEEDED) >= 110
    assert len(missed) <= (1 - ENOUGH) * len(SEEDED), missed


@pytest.mark.parametrize("row", SEEDED, ids=lambda row: f"{row['cas']}-{row['regle']}")
def test_a_contradiction_is_not_reported_before_it_is_seeded(row: dict[str, Any]) -> None:
    assert row["regle"] not in {issue.rule for issue in checked(*a_case(row["cas"]))}
    assert row["regle"] in reported(row)


def test_every_rule_that_reads_facts_has_its_condition_and_its_message() -> None:
    assert conditions().keys() == messages().keys()


@pytest.mark.parametrize("row", SEEDED, ids=lambda row: f"{row['cas']}-{row['regle']}")
def test_what_is_said_of_a_contradiction_is_whole(row: dict[str, Any]) -> None:
    contract, facts = a_case(row["cas"])
    issues = checked(contract, changed(facts, row["mettre"]))
    said = [issue for issue in issues if issue.rule == row["regle"]]

    for issue in said:
        assert all((issue.fact, issue.why, issue.action, issue.sources))
        assert "{" not in issue.message
        assert not any(slug in issue.fact for slug in ("_jours", "_pct", "resiliation.", "pi."))


@pytest.mark.parametrize("name", sorted(conditions()))
def test_a_message_promises_nothing_and_names_its_placeholders(name: str) -> None:
    message = messages()[name]
    texts = [message.constat, *message.cas.values(), message.pourquoi, message.action]

    for text in texts:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
        assert all(fields), text
        assert not any(
            promise in text for promise in ("garantit", "assure la validité", "vous bénéficierez")
        )


@pytest.mark.parametrize("name", names())
def test_a_case_with_any_slot_taken_away_can_still_be_checked(name: str) -> None:
    contract, facts = a_case(name)

    for slot in facts:
        checked(contract, changed(facts, {slot: None}))
        checked(None, {slot: facts[slot]})
