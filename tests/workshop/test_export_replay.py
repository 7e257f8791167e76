"""A workshop as JSON and back: the same room, nobody's name, and files that are not one."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assistant.clock import SystemClock
from assistant.errors import AssistantError
from assistant.store.store import Store
from assistant.texts import load_texts
from assistant.workshop.exporting import replay, sheets
from assistant.workshop.exporting.minutes import Told
from assistant.workshop.room import fold
from assistant.workshop.workshops import Workshops
from tests.builders import ROOT
from tests.workshop.building import activities
from tests.workshop.exported import NAMES, named, told, until


def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(replay.exported_text(told()))
    return found


@pytest.fixture
def workshops(tmp_path: Path) -> Workshops:
    return Workshops(Store.open(tmp_path).workshops, activities())


def results(found: Told) -> Any:
    return [(name, grid) for name, grid in sheets.every(found)]


def test_the_file_follows_its_schema_and_says_its_version() -> None:
    Draft202012Validator(replay.schema()).validate(data())

    assert (data()["format"], data()["version"]) == ("cote-a-cote/atelier", 1)
    assert len(data()["evenements"]) == len(told().history)
    assert data()["participants"] == 22


def test_the_file_names_nobody_and_holds_nothing_by_which_a_phone_is_known() -> None:
    text = json.dumps(data(), ensure_ascii=False)

    assert not [name for name in NAMES if f'"{name}"' in text]
    assert "00000000-0000-4000" not in text
    assert "envoi-" not in text
    assert all(f'"{name}"' in json.dumps(replay.exported(named()), ensure_ascii=False)
               for name in NAMES)  # fmt: skip


def test_a_replayed_workshop_is_the_same_room(workshops: Workshops) -> None:
    session = replay.replayed(workshops, "trainer", json.dumps(data()))

    room = workshops.room(session.id)
    again = Told(room=room, history=workshops.history(session.id), activities=activities(),
                 words=told().words, now=told().now)  # fmt: skip
    assert results(again) == results(told())
    assert room.ended
    assert session.code is None
    assert {person.name for person in room.here} == {None}
    assert [i.id for i in workshops.store.listing("trainer")] == [session.id]
    assert replay.exported(again) == data()


def test_a_workshop_that_goes_on_is_replayed_open(workshops: Workshops) -> None:
    session = replay.replayed(workshops, "trainer", replay.exported_text(until(200)))

    assert session.code
    assert workshops.join(session.id, name=None, actor=None, table=None)
    assert len(workshops.room(session.id).here) == 23


def test_names_of_a_file_that_has_some_are_left_behind() -> None:
    events = replay.restored(replay.exported_text(named()))

    assert {person.name for person in fold(events).here} == {None}


def test_a_template_is_the_agenda_alone() -> None:
    assert replay.template(replay.exported_text(told()), activities()) == told().room.agenda


def broken(**changes: Any) -> dict[str, Any]:
    return {**data(), **changes}


def without(number: int) -> dict[str, Any]:
    found = data()
    del found["evenements"][number]
    return found


def event(number: int, **changes: Any) -> dict[str, Any]:
    found = data()
    found["evenements"][number] = {**found["evenements"][number], **changes}
    return found


def crooked() -> dict[str, Any]:
    """A contribution that its activity cannot read."""
    found = data()
    given = next(e for e in found["evenements"] if e["event"]["kind"] == "contributed"
                 and (e["event"]["value"] or {}).get("words"))  # fmt: skip
    given["event"]["value"] = {"words": 3}
    return found


def without_case() -> dict[str, Any]:
    found = data()
    found["evenements"][0]["event"]["agenda"]["items"][1]["kind"] = "inconnu"
    return found


@pytest.mark.parametrize(
    "file",
    [
        "", "{", "[]", "null", '"x"', b"\xff\xfe", "[" * 100_000, {}, without(0), without(5),
        broken(format="autre"), broken(version="1"), broken(version=0), broken(evenements=[]),
        broken(autre=1), event(3, seq=1), event(3, by="p9999"), event(3, by="animation"),
        event(-1, by="p1"), event(2, event={"kind": "inconnu"}), event(2, at="hier"),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_a_file_that_is_not_an_export_is_refused_in_one_sentence(file: Any) -> None:
    with pytest.raises(replay.NotAnExport) as refused:
        replay.restored(file if not isinstance(file, dict) else json.dumps(file))

    assert "n’est pas l’export d’un atelier" in explained(refused.value)


@pytest.mark.parametrize("file", [crooked(), without_case()])
def test_an_export_that_an_activity_cannot_read_is_refused_and_nothing_is_kept(
    file: Any, workshops: Workshops
) -> None:
    with pytest.raises(replay.NotAnExport):
        replay.replayed(workshops, "trainer", json.dumps(file))

    assert workshops.store.listing("trainer") == []


def test_an_export_of_a_later_version_is_refused_as_such() -> None:
    with pytest.raises(replay.NewerExport) as refused:
        replay.restored(broken(version=2, nouveau={}))

    assert "version plus récente" in explained(refused.value)


def explained(error: AssistantError) -> str:
    return load_texts(ROOT / "corpus").explain(error)


def test_the_clock_of_the_store_dates_the_copy(workshops: Workshops) -> None:
    session = replay.replayed(workshops, "trainer", replay.exported_text(told()))

    assert abs((session.created_at - SystemClock().now()).total_seconds()) < 60
    assert workshops.history(session.id)[5].at == told().history[5].at
