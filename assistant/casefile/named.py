"""Who a case names: what is masked before a text of the case leaves this machine."""

from collections.abc import Iterator

from assistant.casefile.facts import Facts


def names(facts: Facts) -> dict[str, str]:
    """The names of a case, each with its kind: ``personne``, ``organisation`` or ``lieu``."""
    found: dict[str, str] = {}
    for name, kind in _all(facts):
        if name:
            found.setdefault(name, kind)
    return found


def _all(facts: Facts) -> Iterator[tuple[str | None, str]]:
    for party in facts.parties or ():
        yield party.denomination, "organisation"
        yield party.designation_courte, "organisation"
        yield party.groupe, "organisation"
        yield party.siege, "lieu"
        if party.representant:
            yield party.representant.nom, "personne"
    yield facts.acteur_nom, "organisation"
    yield facts.partenaire_nom, "organisation"
    yield facts.facilitateur_nom, "personne"
