"""« Convention express »: what a table writes, what the office says of it, tables side by side."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.casefile.facts import parse_facts
from assistant.casefile.paths import nested, read
from assistant.workshop.activities import build_activities
from assistant.workshop.activities.express import day_of, facts_of_table
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.playing import Play, a_case, over, rectangular

SLOTS = ["objet.projet", "duree.date_fin", "don.montant", "pilotage.frequence"]
REGISTRY = over(a_case())
EXPRESS = REGISTRY["convention-express"]


def express(tables: int = 3, slots=SLOTS, registry=REGISTRY, **config) -> Play:
    """Two people at each table: t1a, t1b, t2a…"""
    if slots:
        config["slots"] = slots
    played = Play("convention-express", registry=registry, case="le-don", **config)
    played.arranged(tables)
    for table in range(1, tables + 1):
        played.comes(f"t{table}a", f"t{table}b", table=table)
    return played.opens()


def wrote(slot: str, *given_texts: str) -> dict[str, list[str]]:
    return {"slot": [slot], slot: list(given_texts)}


def lines(played: Play, table: int) -> dict[str, str | None]:
    (sheet,) = [sheet for sheet in played.results.tables if sheet.number == table]
    return {line.slot: line.text for line in sheet.lines}


def test_what_the_case_says_is_given_and_what_is_asked_is_not() -> None:
    config = express().scene.config

    assert config.slots == tuple(SLOTS)
    assert config.given["acteur_nom"] == "Les Jardins"
    assert config.given["duree.date_debut"] == "2027-03-01"
    assert "don.montant" not in config.given


def test_without_slots_something_of_each_block_that_lacks_is_asked() -> None:
    slots = express(slots=None).scene.config.slots

    assert len(slots) == 8
    assert len({slot.partition(".")[0] for slot in slots}) == 8
    missing = EXPRESS.tools.office.check(a_case().known(), today=date(2026, 11, 21)).missing
    assert [slot for slot in missing if slot in slots] == list(slots)


def test_the_last_who_writes_at_a_table_wins_and_all_see_it() -> None:
    played = express()
    played.says("t1a", wrote("don.montant", "5 000")).says(
        "t1b", wrote("don.montant", "6 000,50 €")
    )
    played.says("t2a", wrote("don.montant", "9000"))

    assert lines(played, 1)["don.montant"] == "6\u202f000,50\u202f€"
    assert lines(played, 2)["don.montant"] == "9\u202f000\u202f€"
    work = played.private("t1a")
    shown = {one.line.slot: (one.line.text, one.field.value) for one in work.fields}
    assert shown["don.montant"] == ("6\u202f000,50\u202f€", "6000.5")
    assert [one.line.slot for one in work.fields if one.current] == ["objet.projet"]


def test_the_facts_of_a_table_are_the_case_with_its_answers() -> None:
    played = express()
    played.says("t1a", wrote("don.montant", "5 000")).says(
        "t1b", wrote("duree.date_fin", "31/12/2027")
    )
    played.says("t2a", wrote("don.montant", "7 000"))

    facts = facts_of_table(played.scene, 1)
    assert read(facts, "don.montant") == Decimal(5000)
    assert read(facts, "duree.date_fin") == date(2027, 12, 31)
    assert facts.acteur_nom == "Les Jardins"
    assert read(facts_of_table(played.scene, 2), "don.montant") == Decimal(7000)
    assert facts_of_table(played.scene, 3) == parse_facts(nested(dict(played.scene.config.given)))


def test_a_table_s_convention_can_be_written() -> None:
    played = express().says("t1a", wrote("objet.projet", "Nourrir le quartier."))
    office, facts = EXPRESS.tools.office, facts_of_table(played.scene, 1)
    document = office.write(facts, office.convention_of(facts), today=day_of(played.scene))

    assert document.type_document == "mecenat_financier"
    assert "Nourrir le quartier" in str(document)


def test_gaps_and_alerts_are_those_of_the_office_for_what_the_table_may_mend() -> None:
    played = express().says("t1a", wrote("objet.projet", "Nourrir le quartier."))
    first, second, _ = played.results.tables
    checked = EXPRESS.tools.office.check(
        facts_of_table(played.scene, 2), today=day_of(played.scene)
    )

    assert (second.filled, second.required) == (checked.filled, checked.required)
    assert first.filled == second.filled + 1
    assert "GEN-01" in {finding.rule for finding in second.alerts}
    assert "GEN-01" not in {finding.rule for finding in first.alerts}
    strong = [i for i in checked.issues if i.severity.value != "conseil"]
    assert len(second.blocking) + len(second.alerts) + second.beyond == len(strong)
    assert second.advice == len(checked.issues) - len(strong)
    assert (first.answered, [line.slot for line in first.gaps]) == (1, SLOTS[1:])
    assert second.contract == "convention de mécénat financier"


def test_what_stands_in_the_way_of_several_tables_is_said_once() -> None:
    played = express().says("t2a", wrote("objet.projet", "Nourrir le quartier."))

    (common,) = [one for one in played.results.findings if one.finding.rule == "GEN-01"]
    assert (common.tables, common.where) == ((1, 3), "1, 3")
    severities = [one.finding.blocking for one in played.results.findings]
    assert severities == sorted(severities, reverse=True)


def test_answers_are_compared_slot_by_slot() -> None:
    played = express(4)
    for who, amount in (("t1a", "5 000"), ("t2a", "8000"), ("t4a", "5000")):
        played.says(who, wrote("don.montant", amount))

    (answers,) = [one for one in played.results.comparison if one.slot == "don.montant"]
    assert answers.values == (("5\u202f000\u202f€", (1, 4)), ("8\u202f000\u202f€", (2,)))
    assert answers.silent == (3,)


def test_an_empty_answer_takes_the_table_s_away() -> None:
    played = (
        express().says("t1a", wrote("don.montant", "5000")).says("t1b", wrote("don.montant", ""))
    )

    assert lines(played, 1)["don.montant"] is None
    with pytest.raises(Refused, match="reponse_vide"):
        played.says("t1a", wrote("don.montant", " "))
    told = [played.activity.said(v) for _, v in played.activity.values(played.scene.entries)]
    assert told == ["Montant du don\u00a0: 5\u202f000\u202f€", "Montant du don\u00a0: laissé vide"]


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({}, "contribution_refusee"),
        (wrote("acteur_nom", "Autre"), "contribution_refusee"),
        (wrote("nulle.part", "x"), "contribution_refusee"),
        (wrote("don.montant", "beaucoup"), "slot_nombre"),
        (wrote("don.montant", "-5"), "slot_nombre"),
        (wrote("duree.date_fin", "31/02/2027"), "slot_date"),
        (wrote("objet.projet", ""), "reponse_vide"),
    ],
)
def test_what_the_facts_do_not_take_is_refused_with_its_reason(form, refused) -> None:
    played = express()
    with pytest.raises(Refused) as error:
        played.says("t1a", form)

    assert error.value.name == refused
    assert played.scene.entries == ()
    assert EXPRESS.tools.texts.explain(error.value)


def test_a_refusal_names_the_field_in_words() -> None:
    with pytest.raises(Refused) as error:
        express().says("t1a", wrote("don.montant", "beaucoup"))

    assert "Montant" in EXPRESS.tools.texts.explain(error.value)


def test_who_has_no_table_is_told_to_say_where_they_sit() -> None:
    played = express().comes("nobody")

    assert played.private("nobody") is None
    with pytest.raises(Refused, match="sans_table"):
        played.says("nobody", wrote("don.montant", "5000"))


def test_a_room_without_tables_is_one_table() -> None:
    played = Play("convention-express", registry=REGISTRY, case="le-don", slots=SLOTS)
    played.comes("ana", "bob").opens().says("bob", wrote("don.montant", "5000"))

    assert [sheet.number for sheet in played.results.tables] == [1]
    assert played.private("ana").sheet.answered == 1


def test_what_is_hidden_gives_way_to_what_was_written_before() -> None:
    played = (
        express().says("t1a", wrote("don.montant", "5000")).says("t1b", wrote("don.montant", "1"))
    )

    assert lines(played.hides("t1b"), 1)["don.montant"] == "5\u202f000\u202f€"
    assert lines(played.hides("t1a"), 1)["don.montant"] is None


def test_answers_that_no_longer_agree_are_left_out_not_an_error() -> None:
    slots = ["duree.date_debut", "duree.date_fin", "don.montant"]
    played = express(slots=slots)
    played.says("t1a", wrote("don.montant", "5000"))
    scene = played.scene
    (place, entry), = scene.stage.entries.items()  # fmt: skip
    wrong = {**(entry.value or {}), "slot": "duree.date_fin", "value": "pas une date"}
    entries = {
        place: entry,
        ("t1b", "duree.date_fin", 1): replace(entry, seq=entry.seq + 1, value=wrong),
    }
    broken = replace(scene, stage=replace(scene.stage, entries=entries))

    assert read(facts_of_table(broken, 1), "don.montant") == Decimal(5000)
    assert played.activity.results(broken).tables[0].required > 0


def test_each_state_of_a_table_is_checked_once() -> None:
    calls = []
    tools = EXPRESS.tools

    class Counting:
        def __getattr__(self, name):
            return getattr(tools.office, name)

        def check(self, facts, **options):
            calls.append(facts)
            return tools.office.check(facts, **options)

    registry = build_activities(replace(tools, office=Counting()))
    played = express(30, registry=registry)
    assert len(played.results.tables) == 30
    assert len(calls) == 1
    for round_ in range(3):
        played.says("t7a", wrote("don.montant", str(5000 + round_)))
        assert len(played.results.tables) == 30
        assert played.private("t7b").sheet.answered == 1
        assert len(calls) == 2 + round_


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"case": "inconnu"},
        {"case": "le-don", "slots": ["nulle.part"]},
        {"case": "le-don", "slots": ["don.montant", "don.montant"]},
        {"case": "le-don", "autre": 1},
    ],
)
def test_a_wrong_express_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        EXPRESS.configured(config)


def test_opening_keeps_what_the_case_said_that_day() -> None:
    played = express()
    changed = over(a_case(facts={"acteur_type": "entreprise", "acteur_nom": "Autre"}))
    found = played.story.room.agenda.item("moment")
    assert found is not None

    scene = changed["convention-express"].scene(played.story.room, found)
    assert facts_of_table(scene, 1).acteur_nom == "Les Jardins"


def test_the_sheets_of_the_export_hold_every_table() -> None:
    played = express(2).says("t1a", wrote("don.montant", "5000"))
    progress, answers, alerts = played.sheets()

    assert [row[:4] for row in progress] == [
        (1, 1, 4, "convention de mécénat financier"), (2, 0, 4, "convention de mécénat financier"),
    ]  # fmt: skip
    assert ("Montant du don", "5\u202f000\u202f€", None) in answers
    assert {row[0] for row in alerts} == {1, 2}
    assert {row[1] for row in alerts} <= {"bloquant", "alerte"}
    assert rectangular(played.activity.tables(played.scene))


@pytest.mark.parametrize("case", sorted(activities()["convention-express"].tools.cases))
def test_every_case_of_the_library_can_be_worked_on(case) -> None:
    registry = activities()
    facts = registry["convention-express"].tools.cases[case].known()
    if registry["convention-express"].tools.office.contract_of(facts) == "aucun":
        with pytest.raises(InvalidConfig):  # nothing is to be written
            registry["convention-express"].configured({"case": case})
        return
    played = Play("convention-express", case=case).comes("ana").opens()
    work = played.private("ana")
    assert 1 <= len(work.fields) <= 8
    assert all(one.field.label for one in work.fields)
    assert played.results.known


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["t1a", "t1b", "t2a"]),
            st.sampled_from(["don.montant", "objet.projet"]),
            st.sampled_from(["1000", "2000", "3000"]),
        ),
        max_size=8,
    )
)
def test_the_room_is_what_each_table_wrote_last(said) -> None:
    played = express()
    last: dict[tuple[str, str], str] = {}
    for who, slot, text in said:
        played.says(who, wrote(slot, text))
        last[who[:2], slot] = text
    only = express()
    for (table, slot), text in last.items():
        only.says(f"{table}a", wrote(slot, text))

    assert played.results == only.results
    assert sum(sheet.answered for sheet in played.results.tables) == len(last)
    for answers in played.results.comparison:
        spoken = [table for _, tables in answers.values for table in tables]
        assert sorted([*spoken, *answers.silent]) == [1, 2, 3]
