"""A complete case of financial patronage, and the shipped templates."""

from datetime import date
from functools import cache
from typing import Any

import yaml

from assistant.drafting.documents.template import TemplateLibrary, load_templates
from tests.builders import ROOT

MODELS = ROOT / "corpus" / "modeles"
TODAY = date(2026, 11, 21)


@cache
def library() -> TemplateLibrary:
    return load_templates(MODELS)


def patronage() -> dict[str, Any]:
    path = ROOT / "tests" / "drafting" / "documents" / "mecenat_complet.yaml"
    value: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value
