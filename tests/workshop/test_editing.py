"""An agenda is changed one gesture at a time, on the version that was seen."""

from typing import Any

import pytest

from assistant.errors import CallerError, NotFound
from assistant.workshop import editing
from assistant.workshop.activity import InvalidConfig
from assistant.workshop.agenda import MAX_ITEMS, Agenda, load_formats
from assistant.workshop.commands import Command, Over, directing
from assistant.workshop.events import AgendaSet
from assistant.workshop.starters import load_starters
from tests.builders import ROOT
from tests.workshop.building import Story, activities, agenda, item

STARTERS = load_starters(ROOT / "corpus")


def ids(found: Agenda) -> list[str]:
    return [one.id for one in found.items]


def edit(story: Story, change: editing.Change) -> Story:
    seen = story.room.agenda.version
    return story.add(*editing.edited(story.room, activities(), change, seen=seen))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (editing.removed("mots"), ["accueil", "fin"]),
        (editing.moved("fin", -1), ["accueil", "fin", "mots"]),
        (editing.moved("accueil", 1), ["mots", "accueil", "fin"]),
        (editing.moved("accueil", -1), ["accueil", "mots", "fin"]),
        (editing.moved("fin", 1), ["accueil", "mots", "fin"]),
        (editing.added(STARTERS["nuage"], activities()), ["accueil", "mots", "fin", "nuage-1"]),
        (
            editing.added(STARTERS["nuage"], activities(), after="mots"),
            ["accueil", "mots", "nuage-1", "fin"],
        ),
    ],
)
def test_items_come_go_and_move(change: editing.Change, expected: list[str]) -> None:
    assert ids(edit(Story(), change).room.agenda) == expected


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_every_kind_of_the_catalogue_can_be_added_twice(kind: str) -> None:
    add = editing.added(STARTERS[kind], activities())

    assert ids(edit(edit(Story(), add), add).room.agenda)[-2:] == [f"{kind}-1", f"{kind}-2"]


@pytest.mark.parametrize("case", sorted(activities()["nuage"].tools.cases))
def test_every_kind_can_be_added_whatever_the_case(case: str) -> None:
    start = agenda().model_copy(update={"case": case})
    for starter in STARTERS.values():
        made = editing.added(starter, activities())(start)
        activities()[starter.kind].configured(made.items[-1].config)


@pytest.mark.parametrize("change", [editing.removed("x"), editing.moved("x", 1),
                                    editing.rewritten("x", {})])  # fmt: skip
def test_what_is_not_there_cannot_be_changed(change: editing.Change) -> None:
    with pytest.raises(NotFound):
        edit(Story(), change)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"title": " "}, "title"), ({"minutes": "x"}, "minutes"), ({"minutes": "0"}, "minutes"),
     ({"purpose": ""}, "purpose"), ({"instructions": "x" * 4_001}, "instructions")],
)  # fmt: skip
def test_a_wrong_field_is_named(fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(editing.InvalidItem) as refused:
        edit(Story(), editing.rewritten("mots", fields))

    assert refused.value.details["champ"] == wrong


def test_a_configuration_that_an_activity_cannot_follow_changes_nothing() -> None:
    with pytest.raises(InvalidConfig):
        edit(Story(), editing.rewritten("mots", {"config": {"question": "?", "words": 99}}))


def test_words_are_rewritten_and_the_rest_stays() -> None:
    story = edit(Story(), editing.rewritten("mots", {"title": "Autre", "minutes": "7"}))

    found = story.room.agenda.item("mots")
    assert found
    assert (found.title, found.minutes, found.purpose) == ("Autre", 7, "But")


def test_of_two_who_change_at_once_the_second_is_told() -> None:
    story = Story()
    seen = story.room.agenda.version
    edit(story, editing.removed("fin"))

    with pytest.raises(editing.Overtaken):
        editing.edited(story.room, activities(), editing.removed("mots"), seen=seen)


def test_the_version_follows_what_the_agenda_says_and_survives_storage() -> None:
    for found in load_formats(ROOT / "corpus"):
        made = found.agenda()
        again = AgendaSet.model_validate_json(AgendaSet(agenda=made).model_dump_json()).agenda
        assert again.version == made.version
        assert made.model_copy(update={"title": "x"}).version != made.version


def test_what_is_open_stays_and_what_has_ended_is_not_changed() -> None:
    story = Story()
    story.add(*directing(story.room, activities(), Command(action="ouvrir", item="mots")))
    with pytest.raises(editing.OpenNow):
        edit(story, editing.removed("mots"))
    edit(story, editing.removed("fin"))

    story.add(*directing(story.room, activities(), Command(action="terminer")))
    with pytest.raises(Over):
        edit(story, editing.removed("mots"))


def test_there_are_only_so_many_items() -> None:
    full = Story(*(item(f"i-{n}") for n in range(MAX_ITEMS)))

    with pytest.raises(CallerError) as refused:
        edit(full, editing.added(STARTERS["nuage"], activities()))
    assert refused.value.name == "trop_d_activites"


def test_another_case_is_taken_where_it_suits() -> None:
    first = {found.id: found for found in load_formats(ROOT / "corpus")}["deux-heures"].agenda()
    changed = editing.on_case("velos-du-bassin", activities())(first)

    assert changed.case == "velos-du-bassin"
    for before, after in zip(first.items, changed.items, strict=True):
        activities()[after.kind].configured(after.config)
        assert after.config.get("case") in (before.config.get("case"), "velos-du-bassin")


def test_an_activity_that_is_added_works_on_the_case_of_the_workshop() -> None:
    start = agenda().model_copy(update={"case": "potager-des-ecoles"})

    changed = editing.added(STARTERS["jeu-de-role"], activities())(start)

    assert changed.items[-1].config["case"] == "potager-des-ecoles"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Risques", "risques"), ("À l'écart !", "a-l-ecart"), ("Œuvre", "oeuvre"), ("???", "x"),
     ("日本", "x")],
)  # fmt: skip
def test_a_name_is_made_of_what_is_typed(typed: str, name: str) -> None:
    assert editing.slug(typed) == name
