"""The desk: what a document of a case says, what holds it up, what changed, who said what."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from assistant.bootstrap import build_office
from assistant.casefile.shape import leaves
from assistant.coaching import events as ev
from assistant.coaching.method import Method, load_method
from assistant.coaching.sides import OWN, PRIVATE, SIDES, Side
from assistant.coaching.state import State, fold
from assistant.drafting.desk import Desk, NotReady
from assistant.drafting.difference import compared, difference
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.documents.nodes import Missing, Value, inlines
from assistant.drafting.documents.template import UnknownDocument
from assistant.drafting.office import Checked
from assistant.drafting.rules.rule import Severity
from assistant.settings import Settings
from tests.builders import ROOT
from tests.drafting.clean_cases import a_case, changed

TODAY = date(2026, 11, 21)
NAME = "mecenat_financier"
Step = tuple[Side, ev.Event]


@pytest.fixture(scope="module")
def method() -> Method:
    return load_method(ROOT / "corpus")


@pytest.fixture(scope="module")
def desk(method: Method) -> Desk:
    return Desk(build_office(Settings()), method)


def complete(method: Method, changes: dict[str, Any] | None = None, name: str = NAME) -> Step:
    facts = changed(a_case(name)[1], changes or {})
    plain = json.loads(json.dumps(facts, default=str))
    return "porteur", ev.Answered(values=dict(leaves(plain, whole=method.by_slot)), via="form")


def told(*steps: Step, author: str = "") -> list[ev.Recorded]:
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    return [
        ev.Recorded(seq=n, at=start + timedelta(minutes=n), side=side, author=author, event=event)
        for n, (side, event) in enumerate(steps, 1)
    ]


def state(method: Method, *steps: Step) -> State:
    return fold(method, told(*steps))


def said(side: Side, **values: Any) -> Step:
    return side, ev.Answered(values={n.replace("__", "."): v for n, v in values.items()})


def did(**fields: Any) -> Step:
    return "porteur", ev.ClauseEdited(document=NAME, **fields)


def nodes(document: DocumentConvention, kind: type) -> list[Any]:
    return [
        node for article in document.articles for block in article.blocs
        for node in inlines(block) if isinstance(node, kind)
    ]  # fmt: skip


def text(document: DocumentConvention) -> str:
    return "\n".join(article.texte for article in document.articles)


def order_of(document: DocumentConvention, code: str) -> list[str]:
    return [clause.id for a in document.articles if a.code == code for clause in a.clauses]


def test_a_complete_case_is_written_with_who_gave_each_value_and_when(
    desk: Desk, method: Method
) -> None:
    sheet = desk.sheet(state(method, complete(method)), "porteur", NAME, today=TODAY)

    assert nodes(sheet.document, Missing) == []
    values = nodes(sheet.document, Value)
    assert values
    assert all(value.origine.who == "porteur" and value.origine.when for value in values)
    assert sheet.document.projet
    assert not sheet.ready
    assert sheet.obstacles == ()


def test_an_empty_case_is_all_gaps_and_each_is_an_obstacle(desk: Desk) -> None:
    sheet = desk.sheet(State(), "porteur", NAME, today=TODAY)

    assert nodes(sheet.document, Value) == []
    assert {"don.montant", "objet.projet", "parties[].denomination"} <= set(sheet.obstacles)
    assert sheet.checked.filled == 0
    with pytest.raises(NotReady):
        desk.make_ready(sheet)


def test_an_unknown_document_is_named(desk: Desk) -> None:
    with pytest.raises(UnknownDocument):
        desk.sheet(State(), "porteur", "bail", today=TODAY)


def test_ready_is_a_state_with_conditions(desk: Desk, method: Method) -> None:
    first = state(method, complete(method))
    event = desk.make_ready(desk.sheet(first, "porteur", NAME, today=TODAY))
    held = state(method, complete(method), ("porteur", event))
    sheet = desk.sheet(held, "porteur", NAME, today=TODAY)

    assert sheet.ready
    assert not sheet.document.projet
    assert not sheet.changed


@pytest.mark.parametrize(
    ("later", "obstacle"),
    [
        (said("porteur", contreparties=[{"nature": "Concert", "valeur": 90_000}]), "MEC-03"),
        (("porteur", ev.Dismissed(slots=("don.montant",))), "don.montant"),
    ],
)
def test_it_is_a_draft_again_when_facts_stand_in_the_way(
    desk: Desk, method: Method, later: Step, obstacle: str
) -> None:
    ready: Step = ("porteur", ev.MarkedReady(document=NAME))
    sheet = desk.sheet(state(method, complete(method), ready, later), "porteur", NAME, today=TODAY)

    assert obstacle in sheet.obstacles
    assert not sheet.ready
    assert sheet.document.projet


@pytest.mark.parametrize(
    "event",
    [
        ev.Reopened(document=NAME),
        ev.ClauseEdited(document=NAME, operation="rewritten", clause="mf.objet.soutien", text="X"),
    ],
)
def test_it_is_a_draft_again_when_it_is_reopened_or_its_text_changes(
    desk: Desk, method: Method, event: ev.Event
) -> None:
    ready: Step = ("porteur", ev.MarkedReady(document=NAME))
    after = state(method, complete(method), ready, ("porteur", event))

    assert not desk.sheet(after, "porteur", NAME, today=TODAY).ready


def test_an_answer_that_changes_without_harm_is_said(desk: Desk, method: Method) -> None:
    ready: Step = ("porteur", ev.MarkedReady(document=NAME))
    later = said("porteur", objet__projet="Une ressourcerie mobile.")
    sheet = desk.sheet(state(method, complete(method), ready, later), "porteur", NAME, today=TODAY)

    assert sheet.ready
    assert sheet.changed


def test_conditions_are_looked_at_again_on_the_day(
    desk: Desk, method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that comes into force on 1 January 2028 makes a ready document a draft."""
    known = state(method, complete(method), ("porteur", ev.MarkedReady(document=NAME)))
    check = desk.office.check
    issue = check(a_facts(desk, known), today=TODAY, contract=NAME).issues[0]
    new = replace(issue, rule="NEW-01", severity=Severity.BLOCKING)

    def dated(*args: Any, today: date, **options: Any) -> Checked:
        checked = check(*args, today=today, **options)
        in_force = today >= date(2028, 1, 1)
        return replace(checked, issues=(new, *checked.issues)) if in_force else checked

    monkeypatch.setattr(desk.office, "check", dated)
    assert desk.sheet(known, "porteur", NAME, today=TODAY).ready
    late = desk.sheet(known, "porteur", NAME, today=date(2028, 1, 1))
    assert late.obstacles == ("NEW-01",)
    assert late.document.projet
    with pytest.raises(NotReady):
        desk.make_ready(late)


def a_facts(desk: Desk, known: State) -> Any:
    return desk.sheet(known, "porteur", NAME, today=TODAY).facts


def test_the_end_of_an_experiment_blocks_after_its_day(desk: Desk, method: Method) -> None:
    """Public agents: the dated parameter ends on 27 December 2027 (rule MC-11)."""
    name = "mecenat_competences"
    if name not in desk.office.library.documents:
        pytest.skip("no such template")
    found = complete(
        method, {"mc.agents_publics": True, "mc.debut": None, "mc.fin": None,
                 "duree.date_debut": None, "duree.date_fin": None, "payeur_public": True},
        "mecenat_competences_pret",
    )  # fmt: skip
    known = state(method, found)
    seen = [
        "MC-11" in desk.sheet(known, "porteur", name, today=day).obstacles
        for day in (date(2027, 12, 27), date(2027, 12, 28))
    ]

    assert seen == [False, True]


def test_two_sides_that_differ_leave_a_point_to_negotiate_in_their_words(
    desk: Desk, method: Method
) -> None:
    known = state(
        method,
        complete(method),
        said("porteur", acteur_nom="La Ressourcerie"),
        said("partenaire", don__montant=12_000),
    )
    for viewer in ("porteur", "partenaire"):
        sheet = desk.sheet(known, viewer, NAME, today=TODAY)  # type: ignore[arg-type]
        gaps = [gap for gap in nodes(sheet.document, Missing) if gap.slot == "don.montant"]
        assert gaps
        assert all(gap.a_negocier for gap in gaps)
        assert "don.montant" in sheet.obstacles
    positions = desk.negotiations(known, "porteur")["don.montant"]
    assert [(p.partie, p.texte.replace("\u202f", " ")) for p in positions] == [
        ("La Ressourcerie", "9 000 €"),
        ("le partenaire", "12 000 €"),
    ]


def test_the_same_amount_written_differently_is_no_disagreement(desk: Desk, method: Method) -> None:
    known = state(
        method, said("porteur", don__montant=8000), said("partenaire", don__montant=8000.0)
    )
    assert desk.negotiations(known, "porteur") == {}


def test_every_private_slot_is_a_side_s_own() -> None:
    assert PRIVATE <= OWN


@pytest.mark.parametrize("viewer", SIDES)
def test_nothing_that_another_side_keeps_to_itself_is_printed(
    desk: Desk, method: Method, viewer: Side
) -> None:
    secrets = {
        side: {"lignes_rouges": [f"secret-{side}"], "sujets_sensibles": f"secret-{side}"}
        for side in SIDES
    }
    steps = [said(side, **values) for side, values in secrets.items()]
    known = state(method, complete(method), *steps)
    for name in desk.office.library.documents:
        printed = desk.sheet(known, viewer, name, today=TODAY).document.model_dump_json()
        assert [side for side in SIDES if side != viewer and f"secret-{side}" in printed] == []


def test_the_words_of_a_message_do_not_leave_with_the_document(desk: Desk, method: Method) -> None:
    answered = ev.Answered(values={"don.montant": 8000}, words={"don.montant": "8k les radins"})
    document = desk.sheet(
        state(method, ("porteur", answered)), "porteur", NAME, today=TODAY
    ).document

    assert "radins" not in document.model_dump_json()


def test_clauses_are_removed_added_moved_said_otherwise_and_restored(
    desk: Desk, method: Method
) -> None:
    base = desk.sheet(state(method, complete(method)), "porteur", NAME, today=TODAY).document
    proposed = [name for article in base.articles for name in article.proposees]
    optional = [c.id for article in base.articles for c in article.clauses if c.optionnelle]
    don = order_of(base, "don")
    moved = (don[1], don[0], *don[2:])
    known = state(
        method,
        complete(method),
        did(operation="removed", clause=optional[0]),
        did(operation="added", clause=proposed[0]),
        did(operation="moved", clause=don[0], order=moved),
        did(operation="rewritten", clause=don[0], text="Nos mots.\n\nEn deux paragraphes."),
    )
    sheet = desk.sheet(known, "porteur", NAME, today=TODAY)
    names = [c.id for article in sheet.document.articles for c in article.clauses]

    assert optional[0] not in names
    assert proposed[0] in names
    assert order_of(sheet.document, "don") == list(moved)
    assert "Nos mots." in text(sheet.document)
    restored = fold(
        method, [*told(complete(method), did(operation="rewritten", clause=don[0], text="Nos mots.")),
                 *told(*[did(operation="restored", clause=don[0])] * 3)[2:]],
    )  # fmt: skip
    assert "Nos mots." not in text(desk.sheet(restored, "porteur", NAME, today=TODAY).document)


def test_what_an_optional_clause_would_say_is_known_before_it_is_added(
    desk: Desk, method: Method
) -> None:
    known = state(method, complete(method))
    base = desk.sheet(known, "porteur", NAME, today=TODAY).document
    proposed = next(article.proposees for article in base.articles if article.proposees)
    texts = desk.offered(known, "porteur", NAME, proposed, today=TODAY)

    assert set(texts) == set(proposed)
    assert all(words not in text(base) for words in texts.values())
    assert desk.offered(known, "porteur", NAME, (), today=TODAY) == {}


def test_an_old_version_is_as_it_was_then(desk: Desk, method: Method) -> None:
    history = told(complete(method), said("porteur", don__montant=50_000))
    old = desk.at(history, 1, "porteur", NAME, today=TODAY)
    new = desk.at(history, 2, "porteur", NAME, today=TODAY)

    assert "50\u202f000" not in text(old)
    assert "50\u202f000" in text(new)


def test_a_difference_shows_what_went_and_what_came(desk: Desk, method: Method) -> None:
    history = told(
        complete(method), said("porteur", engagements_beneficiaire=["Tenir deux réunions."])
    )
    old, new = (desk.at(history, seq, "porteur", NAME, today=TODAY) for seq in (1, 2))
    changes = difference(old, new)

    assert [change.title for change in changes] == ["Engagements du Bénéficiaire"]
    assert rebuilt(changes[0].lines, "added").strip() == "- Tenir deux réunions."
    assert "prévenir de toute dérive" in rebuilt(changes[0].lines, "removed")
    assert difference(old, old) == ()


def rebuilt(lines: Iterable[Any], kind: str) -> str:
    return "\n".join(
        "".join(piece.text for piece in line if piece.kind in (kind, "same")) for line in lines
    )


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (["Le don est de 8 €."], ["Le don est de 9 €."], [["same", "removed", "added", "same"]]),
        (["a"], ["a", "b"], [["added"]]),
        (["a", "b"], ["b"], [["removed"]]),
        (["un deux trois"], ["rien de pareil ici"], [["removed"], ["added"]]),
        (
            ["Le montant est de [À COMPLÉTER : don]."],
            ["Le montant est de 8 €."],
            [["same", "removed", "added"]],
        ),
        (["x " * 5000], ["y " + "x " * 5000], [["removed"], ["added"]]),
    ],
)
def test_only_changed_lines_are_shown_cut_where_they_changed(
    old: list[str], new: list[str], kinds: list[list[str]]
) -> None:
    lines = list(compared(old, new))

    assert [[piece.kind for piece in line] for line in lines] == kinds
