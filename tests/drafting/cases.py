"""Facts of complete clean cases by name; every value can be changed in a copy (``changed``)."""

from typing import Any

from tests.drafting.clean_cases import a_case, changed

COMPLETE_PATRONAGE: dict[str, Any] = a_case("mecenat_financier")[1]
COMPLETE_IN_KIND: dict[str, Any] = a_case("mecenat_nature")[1]
COMPLETE_LOAN: dict[str, Any] = a_case("mecenat_competences_pret")[1]
COMPLETE_PARTNERSHIP: dict[str, Any] = a_case("partenariat")[1]
WITH_AUTHORITY: dict[str, Any] = a_case("partenariat_collectivite")[1]
COMPLETE_MEMORANDUM: dict[str, Any] = a_case("protocole_accord")[1]

__all__ = ["changed"]
