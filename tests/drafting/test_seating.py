"""Names said in the interview take a seat at the document; what is not certain stays missing."""

from datetime import UTC, date, datetime

import pytest

from assistant.bootstrap import build_coach, build_office
from assistant.casefile.facts import parse_facts
from assistant.coaching import events as ev
from assistant.coaching.sides import Side
from assistant.coaching.state import State, fold
from assistant.drafting.desk import Desk
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.seating import seated
from assistant.settings import Settings
from assistant.texts import load_texts
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
SETTINGS = Settings(corpus=CORPUS)
METHOD = build_coach(SETTINGS, load_texts(CORPUS)).method
DESK = Desk(build_office(SETTINGS), METHOD)
TOLD = {
    "acteur_nom": "Les Jardins du Canal", "acteur_type": "association",
    "partenaire_nom": "Verdier", "partenaire_type": "entreprise", "sens_apport": "E_vers_A",
}  # fmt: skip


def roles(document: str, **changes: object) -> list[tuple[str | None, str | None]]:
    facts = seated(parse_facts({**TOLD, **changes}), document)
    return [(party.denomination, party.role) for party in facts.parties or ()]


def state(*given: tuple[Side, dict[str, object]]) -> State:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return fold(METHOD, [
        ev.Recorded(seq=n, at=at, side=side, author=side, event=ev.Answered(values=values))
        for n, (side, values) in enumerate(given, 1)
    ])  # fmt: skip


def written(found: State, viewer: Side = "porteur") -> DocumentConvention:
    return DESK.sheet(found, viewer, "mecenat_financier", today=TODAY).document


@pytest.mark.parametrize(
    ("document", "changes", "expected"),
    [
        ("mecenat_financier", {}, ("beneficiaire", "mecene")),
        ("mecenat_competences", {"sens_apport": "A_vers_E"}, (None, None)),
        ("mecenat_nature", {"sens_apport": None}, (None, None)),
        ("mecenat_financier", {"partenaire_type": "fondation"}, ("beneficiaire", "mecene")),
        ("mecenat_financier", {"acteur_type": "entreprise"}, (None, None)),
        ("parrainage", {"sens_apport": "A_vers_E"}, ("parraine", "parrain")),
        ("prestation", {"sens_apport": "A_vers_E"}, ("prestataire", "client")),
        ("prestation", {}, (None, None)),
        ("partenariat", {}, ("association", "entreprise")),
        ("partenariat", {"acteur_type": "fondation"}, (None, "entreprise")),
    ],
)
def test_a_role_is_given_only_when_it_is_certain(
    document: str, changes: dict[str, object], expected: tuple[str | None, str | None]
) -> None:
    names = ("Les Jardins du Canal", "Verdier")

    assert roles(document, **changes) == list(zip(names, expected, strict=True))


def test_parties_that_were_given_are_not_touched_and_no_name_seats_nobody() -> None:
    given = parse_facts({**TOLD, "parties": [{"denomination": "Autre"}]})

    assert seated(given, "mecenat_financier") is given
    unnamed = parse_facts({"acteur_type": "association", "partenaire_type": "entreprise"})
    assert seated(unnamed, "mecenat_financier") is unnamed


def test_what_was_said_in_the_interview_is_in_the_document_with_its_origin() -> None:
    document = written(state(("porteur", {**TOLD, "don.montant": 8000})))
    text = "\n".join(article.texte for article in document.articles)

    assert "Les Jardins du Canal" in text
    assert "Verdier" in text
    held = {
        field.slot: field.origine
        for article in document.articles for field in article.champs
        if field.slot.startswith("parties") and field.valeur
    }  # fmt: skip
    assert held
    assert all(origin is not None and origin.who == "porteur" for origin in held.values())


def filled(values: dict[str, object]) -> int:
    found = state(("porteur", values))
    return DESK.sheet(found, "porteur", "mecenat_financier", today=TODAY).checked.filled


def test_a_name_counts_as_filled() -> None:
    assert filled({**TOLD, "don.montant": 8000}) > filled({"don.montant": 8000})


def test_both_sides_read_the_names_that_each_gave_itself() -> None:
    found = state(
        ("porteur", {**TOLD, "partenaire_nom": "Verdié"}),
        ("partenaire", {"acteur_nom": "Maison Verdier", "acteur_type": "entreprise"}),
    )
    texts = {side: str(written(found, side)) for side in ("porteur", "partenaire")}

    for text in texts.values():
        assert "Maison Verdier" in text
        assert "Les Jardins du Canal" in text
        assert "Verdié" not in text


def test_the_private_name_of_a_partner_stays_with_who_gave_it() -> None:
    found = state(("porteur", TOLD))

    assert "Verdier" in str(written(found, "porteur"))
    assert "Verdier" not in str(written(found, "partenaire"))
