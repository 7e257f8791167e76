"""Drafts of clean cases through the office, and what tests ask of them."""

from functools import cache
from typing import Any

from assistant.bootstrap import build_office
from assistant.casefile.facts import parse_facts
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.nodes import Missing, Value, inlines
from assistant.drafting.office import Office
from assistant.settings import Settings
from tests.builders import ROOT
from tests.drafting.documents.samples import TODAY


@cache
def office() -> Office:
    return build_office(Settings(corpus=ROOT / "corpus"))


def written(document: str, facts: dict[str, Any]) -> DocumentConvention:
    return office().write(parse_facts(facts), document, today=TODAY)


def nodes(document: DocumentConvention) -> list[Any]:
    return [n for a in document.articles for b in a.blocs for n in inlines(b)]


def clauses(document: DocumentConvention) -> set[str]:
    return {clause.id for article in document.articles for clause in article.clauses}


def text(document: DocumentConvention) -> str:
    return "\n".join(article.texte for article in document.articles)


def alerts(document: DocumentConvention) -> set[str]:
    """The rules that fire above the rank of advice."""
    return {alert.regle for alert in document.alertes if alert.severite != "conseil"}


def check_complete(document: DocumentConvention, *expected: str) -> None:
    """Nothing missing, nothing marked, every value from somewhere, these alerts and no others."""
    assert document.champs_manquants == ()
    assert "[À" not in text(document)
    assert alerts(document) == set(expected)
    values = [n for n in nodes(document) if isinstance(n, Value)]
    assert values
    assert all(value.origine is not None for value in values)


def check_bare(document: DocumentConvention) -> None:
    """Nothing was said: no value is printed, and each gap that shows is listed."""
    assert not [n for n in nodes(document) if isinstance(n, Value)]
    listed = {path for field in document.champs_manquants for path in field.chemins}
    assert {n.slot for n in nodes(document) if isinstance(n, Missing)} <= listed


def missing(document: DocumentConvention, *, certain: bool = True) -> set[str]:
    return {f.champ for f in document.champs_manquants if not (certain and f.conditionnel)}
