"""What the checker gives back: whole, sorted, the same every time, and never an exception."""

import copy
import random
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.casefile.facts import Facts, parse_facts
from assistant.casefile.vocabulary import Contract
from assistant.drafting.rules import catalogue
from assistant.drafting.rules.catalogue import Issue, check, first_shown, load_messages
from assistant.drafting.rules.rule import Severity, conditions, rule
from assistant.errors import InvalidContent
from tests.builders import CORPUS
from tests.drafting import cases
from tests.drafting.any_facts import any_facts
from tests.drafting.rules.firing import TODAY, parameters
from tests.drafting.rules.neighbours import messages

CONTRACTS = [None, *Contract.__origin__.__args__]  # type: ignore[attr-defined]
RULES_OF_A = {
    *(f"ID-{n:02d}" for n in range(1, 7)), *(f"SIG-{n:02d}" for n in range(1, 7)),
    *(f"QUAL-{n:02d}" for n in range(1, 5)), *(f"GEN-{n:02d}" for n in range(1, 12)),
    *(f"MEC-{n:02d}" for n in range(1, 18)), *(f"NAT-{n:02d}" for n in range(1, 5)),
    *(f"MC-{n:02d}" for n in range(1, 13)),
}  # fmt: skip


def checked(facts: Facts | dict[str, Any], contract: str | None, **more: Any) -> tuple[Issue, ...]:
    known = facts if isinstance(facts, Facts) else parse_facts(facts)
    return check(
        known,
        contract,
        parameters=parameters(),
        today=more.pop("today", TODAY),
        messages=messages(),
        **more,
    )


def test_every_rule_of_the_conventions_is_there() -> None:
    assert conditions().keys() >= RULES_OF_A


def test_the_complete_patronage_raises_no_alert() -> None:
    found = [
        i
        for i in checked(cases.COMPLETE_PATRONAGE, "mecenat_financier")
        if i.severity is not Severity.ADVICE
    ]

    assert [(i.rule, i.fact) for i in found] == []


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, Mapping):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


@given(st.integers(0, 10**9), st.sampled_from(CONTRACTS), st.integers(0, 10**6))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_facts_are_checked_and_the_order_of_keys_does_not_matter(
    seed: int, contract: str | None, order: int
) -> None:
    facts = any_facts(seed)
    found = checked(facts, contract)

    assert found == checked(shuffled(facts, random.Random(order)), contract)
    assert found == checked(facts, contract)


@given(
    st.integers(0, 10**9),
    st.sampled_from(CONTRACTS),
    st.sampled_from(CONTRACTS),
    st.sampled_from([None, True, False]),
)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_said_is_whole_whatever_the_facts(
    seed: int, contract: str | None, recommended: str | None, notice: bool | None
) -> None:
    issues = checked(
        any_facts(seed), contract, recommended=recommended, notice=notice, origins={"don": 1}
    )

    ranks = [list(Severity).index(issue.severity) for issue in issues]
    assert ranks == sorted(ranks)
    for issue in issues:
        assert issue.message == f"{issue.fact} {issue.why} {issue.action}"
        assert all((issue.title, issue.sources, issue.article, issue.theme))
        assert "{p[" not in issue.message


def test_a_case_dated_at_the_ends_of_time_is_checked() -> None:
    facts = {
        "date_cible": "2200-12-31",
        "duree": {"date_debut": "1901-07-01", "date_fin": "2200-12-31"},
    }

    for today in (date(1901, 7, 1), date(2200, 12, 31)):
        checked(facts, "mecenat_competences", today=today)


def an_issue(name: str, severity: Severity, theme: str) -> Issue:
    return Issue(name, severity, "don", theme, "t", "m", "f", "w", "a", (), ())


def test_a_conversation_shows_five_at_most_by_theme_and_no_advice() -> None:
    block, alert, advice = Severity
    issues = (
        an_issue("A-1", block, "mecenat"), an_issue("B-1", block, "identite"),
        an_issue("A-2", alert, "mecenat"), an_issue("B-2", alert, "identite"),
        an_issue("C-1", alert, "duree"), an_issue("C-2", alert, "duree"), an_issue("D-1", advice, "don"),
    )  # fmt: skip

    shown = first_shown(issues)

    assert list(shown) == ["mecenat", "identite", "duree"]
    assert [i.rule for i in shown["mecenat"]] == ["A-1", "A-2"]
    assert [i.rule for i in shown["duree"]] == ["C-1"]
    assert first_shown(issues, limit=1) == {"mecenat": (issues[0],)}
    assert first_shown(issues[-1:]) == {}


def test_issues_are_sorted_by_severity_then_by_rule() -> None:
    issues = checked(
        {"parties": [{"siren": "1", "type_acteur": "association"}]}, "mecenat_financier"
    )
    order = [(list(Severity).index(i.severity), i.rule) for i in issues]

    assert order == sorted(order)
    assert issues[0].severity is Severity.BLOCKING


@pytest.fixture
def corpus() -> Any:
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(CORPUS / "regles", Path(directory) / "regles")
        yield Path(directory)


def rewritten(corpus: Path, name: str, old: str, new: str) -> Path:
    path = corpus / "regles" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return corpus


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("mecenat.yaml", "\nMEC-01:", "\nMEC-99:"),
        ("mecenat.yaml", "article: fiscal", "article: fisc"),
        ("mecenat.yaml", "theme: mecenat", "theme: divers"),
        ("mecenat.yaml", "severite: bloquant", "severite: grave"),
        ("mecenat.yaml", "  action:", "  actions:"),
        ("mecenat.yaml", '"guide p. 32"', '"guide p. 99"'),
        ("nature.yaml", "\nNAT-01:", "\nMEC-01:"),
    ],
)
def test_a_message_that_does_not_follow_is_refused(
    corpus: Path, file: str, old: str, new: str
) -> None:
    assert load_messages(corpus)

    with pytest.raises(InvalidContent):
        load_messages(rewritten(corpus, file, old, new))


def test_a_rule_without_a_message_is_named(corpus: Path) -> None:
    (corpus / "regles" / "nature.yaml").unlink()

    with pytest.raises(InvalidContent) as raised:
        load_messages(corpus)

    assert raised.value.name == "regles_incoherentes"
    assert raised.value.details["regles"] == "NAT-01, NAT-02, NAT-03, NAT-04"


def test_an_id_is_registered_once() -> None:
    with pytest.raises(ValueError, match="MEC-01"):
        rule("MEC-01")(conditions()["MEC-01"])


def test_a_message_that_comes_from_memory_says_that_it_is_to_be_verified() -> None:
    """Sources from memory (« droit ? ») show « à vérifier », or a figure that does."""
    for name, message in messages().items():
        if all(source.verify for source in message.sources):
            texts = " ".join(
                [message.constat, *message.cas.values(), message.pourquoi, message.action]
            )
            doubt = any(word in texts for word in ("à vérifier", "p["))
            assert doubt, name


def test_facts_are_left_as_they_were() -> None:
    before = copy.deepcopy(cases.COMPLETE_PATRONAGE)
    checked(cases.COMPLETE_PATRONAGE, "mecenat_financier")

    assert before == cases.COMPLETE_PATRONAGE


def test_rules_never_read_a_figure_from_their_own_code() -> None:
    """A threshold of four digits stands in the content, not in a condition (1000: per mille)."""
    import ast

    for path in sorted(Path(catalogue.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        numbers = [
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is int
        ]
        assert [n for n in numbers if n > 1000] == [], path.name
