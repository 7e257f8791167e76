"""Facts for these tests, and the recommendation they lead to."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from assistant.casefile.facts import parse_facts
from assistant.coaching.recommendation import Recommendation, Wording, load_wording, recommend
from tests.builders import CORPUS

SHORT = {
    "acteur": "acteur_type", "objectif": "objectif_dominant", "sens": "sens_apport",
    "retour": "contrepartie_niveau", "coco": "coconstruction", "mat": "maturite",
}  # fmt: skip


@cache
def wording() -> Wording:
    return load_wording(CORPUS)


def facts_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {SHORT.get(name, name): value for name, value in values.items() if value is not None}


def advised(**values: Any) -> Recommendation:
    return recommend(parse_facts(facts_of(values)), wording())


def ids(remarks: Any) -> set[str]:
    return {remark.id for remark in remarks}
