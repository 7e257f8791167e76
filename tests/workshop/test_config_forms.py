"""Every activity is set with a form, and the form says back what it was given."""

import contextlib
from typing import Any

import pytest

from assistant.workshop.activity import InvalidConfig
from assistant.workshop.config_forms import PREFIX, fields_of, read_config, refilled
from assistant.workshop.starters import load_starters
from tests.builders import ROOT
from tests.workshop.building import activities

STARTERS = load_starters(ROOT / "corpus")


def form_of(kind: str, config: Any, **changed: Any) -> dict[str, list[str]]:
    """What a browser sends of the fields as they are shown."""
    sent: dict[str, list[str]] = {}
    for field in fields_of(activities()[kind], config):
        if field.widget == "flag":
            sent[PREFIX + field.name] = ["oui"] if field.value else []
        elif field.widget == "several":
            sent[PREFIX + field.name] = [one for one, _ in field.options if one in field.value]
        else:
            sent[PREFIX + field.name] = [field.value]
    return sent | {PREFIX + name: value for name, value in changed.items()}


@pytest.mark.parametrize("kind", sorted(activities()))
def test_a_form_sent_as_it_was_shown_changes_nothing(kind: str) -> None:
    activity, config = activities()[kind], STARTERS[kind].config

    read = read_config(activity, form_of(kind, config), config)

    assert activity.configured(read) == activity.configured(config)


@pytest.mark.parametrize("kind", sorted(activities()))
def test_an_empty_form_breaks_nothing(kind: str) -> None:
    activity = activities()[kind]
    read = read_config(activity, {}, STARTERS[kind].config)

    with contextlib.suppress(InvalidConfig):
        activity.configured(read)


@pytest.mark.parametrize(
    ("kind", "config", "changed", "expected"),
    [
        ("nuage", {"question": "?"}, {"words": ["2"]}, {"question": "?", "words": 2}),
        ("nuage", {"question": "?"}, {"words": [""]}, {"question": "?"}),
        ("expose", {}, {"points": ["un\n\n  deux  fois "]}, {"points": ["un", "deux fois"]}),
        ("mur", {"question": "?"}, {"columns": ["Risques\nÀ l'écart"]},
         {"columns": [{"id": "risques", "label": "Risques"},
                      {"id": "a-l-ecart", "label": "À l'écart"}]}),
        ("gommettes", {"question": "?"}, {"options": ["Eau | Nature\nPain\nPain"]},
         {"options": [{"id": "eau", "label": "Eau", "family": "Nature"},
                      {"id": "pain", "label": "Pain"}, {"id": "pain-2", "label": "Pain"}]}),
        ("quiz", {"questions": ["mot-alliance"]}, {"rounds": ["2"], "podium": ["oui"]},
         {"rounds": 2, "podium": True}),
        ("quiz", {"questions": ["mot-alliance"]}, {"questions": ["face-a-face", "inconnue"]},
         {"questions": ["face-a-face"]}),
        ("criteres", {"grid": "eco", "case": "potager-des-ecoles"},
         {"grid": ["sig"], "candidates": ["Coop | Une coop\nAutre"]},
         {"grid": "sig", "candidates": [{"id": "coop", "name": "Coop", "brief": "Une coop"},
                                        {"id": "autre", "name": "Autre"}]}),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_what_the_activity_reads(kind, config, changed, expected) -> None:
    read = read_config(activities()[kind], form_of(kind, config, **changed), config)

    assert {name: read[name] for name in expected} == expected
    activities()[kind].configured(read)


def test_chosen_questions_keep_their_order() -> None:
    config = {"questions": ["face-a-face", "mot-alliance", "delai-signature"]}

    read = read_config(activities()["quiz"], form_of("quiz", config), config)

    assert read["questions"] == config["questions"]


def test_what_keeps_its_name_keeps_its_id() -> None:
    config = {"question": "?", "options": [{"id": "old-1", "label": "Eau"},
                                           {"id": "old-2", "label": "Pain"}]}  # fmt: skip
    read = read_config(
        activities()["gommettes"], form_of("gommettes", config, options=["Sel\nEau"]), config
    )

    assert [one["id"] for one in read["options"]] == ["sel", "old-1"]


def test_another_case_forgets_what_was_chosen_for_the_former() -> None:
    config = STARTERS["convention-express"].config
    sent = form_of("convention-express", config, case=["potager-des-ecoles"])

    read = read_config(activities()["convention-express"], sent, config)

    assert read == {"case": "potager-des-ecoles"}


@pytest.mark.parametrize("typed", ["abc", "99", "-1", "²"])
def test_a_number_that_is_none_is_refused_and_shown_again(typed: str) -> None:
    activity, config = activities()["nuage"], {"question": "?"}
    form = form_of("nuage", config, words=[typed])

    with pytest.raises(InvalidConfig) as refused:
        activity.configured(read_config(activity, form, config))

    assert refused.value.details["champ"] == "words"
    shown = {field.name: field.value for field in refilled(fields_of(activity, config), form)}
    assert shown == {"question": "?", "words": typed}


def test_what_opening_settles_is_not_asked() -> None:
    asked = {f.name for kind in activities() for f in fields_of(activities()[kind],
             STARTERS[kind].config)}  # fmt: skip

    assert not asked & {"given", "deal"}
