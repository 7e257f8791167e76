"""The workshops' content holds, and the check sees it when it does not."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.casefile.source import parse_source
from assistant.errors import InvalidContent
from assistant.knowledge.content import Card
from assistant.knowledge.corpus import load_corpus
from assistant.workshop import content_check as check
from assistant.workshop.agenda import Case, Format, Item
from assistant.workshop.content_check import Content, load_content
from assistant.workshop.quiz_bank import Question, load_quiz
from assistant.workshop.starters import load_starters
from tests.builders import CORPUS
from tests.workshop.building import activities

CONTENT = load_content(CORPUS)
SOURCES = CORPUS.resolve().parents[1] / "shared" / "sources"


def a_format(**changes: Any) -> Content:
    first = CONTENT.formats[0].model_copy(update=changes)
    return replace(CONTENT, formats=(first, *CONTENT.formats[1:]))


def an_item(**changes: Any) -> Content:
    items = CONTENT.formats[0].items
    return a_format(items=(items[0].model_copy(update=changes), *items[1:]))


def a_case(**changes: Any) -> Content:
    case = CONTENT.cases["potager-des-ecoles"].model_copy(update=changes)
    return replace(CONTENT, cases={case.id: case})


@cache
def cards() -> dict[str, Card]:
    return {card.id: card for card in load_corpus(CORPUS).cards}


def names() -> tuple[str, ...]:
    return check.real_names(example.organisations for example in load_corpus(CORPUS).examples)


def found(problems: Iterable[str]) -> str:
    return "\n".join(problems)


def test_the_content_has_no_problem() -> None:
    assert check.problems(CORPUS, SOURCES) == []


def test_formats_last_what_they_announce() -> None:
    assert [(f.hours, f.agenda().minutes) for f in CONTENT.formats] == [
        (2, 120), (4, 240), (12, 720),
    ]  # fmt: skip


def test_the_formats_use_every_kind_of_activity() -> None:
    used = {item.kind for chosen in CONTENT.formats for item in chosen.items}
    assert used == set(activities()) == set(CONTENT.starters)
    assert len(used) == 14


def test_the_two_hour_format_needs_no_table() -> None:
    two_hours = CONTENT.formats[0]
    assert not {"convention-express", "jeu-de-role"} & {item.kind for item in two_hours.items}
    assert "200" in two_hours.audience


def test_every_activity_of_a_format_tells_the_trainer_what_to_say() -> None:
    for chosen in CONTENT.formats:
        assert all(1 <= len(item.say) <= 5 for item in chosen.items), chosen.id
        assert any(item.spare for item in chosen.items), chosen.id


def test_long_formats_pause_once_in_four_hours_and_once_in_each_session_of_three() -> None:
    pauses = [sum(item.title == "Pause" for item in f.items) for f in CONTENT.formats]
    assert pauses == [0, 1, 4]


def test_each_session_of_the_longest_format_lasts_three_hours() -> None:
    sessions: dict[str, int] = {}
    for item in CONTENT.formats[-1].items:
        session = item.id.partition("-")[0]
        sessions[session] = sessions.get(session, 0) + item.minutes
    assert sessions == {"s1": 180, "s2": 180, "s3": 180, "s4": 180}


def test_cases_cover_levels_categories_and_who_leads() -> None:
    cases = CONTENT.cases.values()
    assert len(cases) >= 14
    assert {case.level for case in cases} == {"decouverte", "pratique", "expert"}
    assert {case.lead for case in cases} == {"association", "entreprise", "collectivite"}
    assert {case.expected.categorie for case in cases} == {
        "mecenat", "pratiques_responsables", "cooperation_economique", "innovation_societale",
        "hors_typologie",
    }  # fmt: skip
    assert {"scission", "marche_public", "subvention_cpo", "aucun"} <= {
        case.expected.contrat for case in cases
    }
    assert sum(len({role.actor for role in case.roles}) == 3 for case in cases) >= 3
    assert sum(len(case.candidates) >= 3 for case in cases) >= 4


@pytest.mark.parametrize("name", sorted(CONTENT.cases))
def test_the_coach_concludes_what_a_case_expects(name: str) -> None:
    case = CONTENT.cases[name]
    advice = activities()["jeu-de-role"].tools.office.recommend(case.known()).to_json()
    expected = case.expected
    assert advice["categorie"] == expected.categorie
    assert advice["modele"] == expected.modele
    assert advice["contrat"] == expected.contrat
    assert advice["confidence"] == "haute"


def test_the_bank_is_large_and_covers_every_theme_and_level() -> None:
    questions = CONTENT.quiz.values()
    assert len(questions) >= 80
    for level in ("decouverte", "pratique", "expert"):
        assert sum(question.level == level for question in questions) >= 15
    for theme in ("chiffres", "vocabulaire", "categorie", "methode", "juridique", "risques"):
        assert sum(question.theme == theme for question in questions) >= 10


def test_the_right_answer_is_no_more_often_at_one_place() -> None:
    answers = [question.answer for question in CONTENT.quiz.values()]
    assert max(answers.count(letter) for letter in "abc") <= len(answers) * 0.4


def test_every_starter_makes_an_item_that_its_activity_takes() -> None:
    for kind, starter in load_starters(CORPUS).items():
        item = starter.item("nouveau")
        assert isinstance(item, Item)
        assert activities()[kind].configured(item.config)


def test_a_question_knows_its_answer_by_letter() -> None:
    question = load_quiz(CORPUS)["jur-cerfa"]
    right = question.choice(question.answer)
    assert right is not None
    assert right.correct
    assert "16216" in right.text
    assert question.choice("z") is None


@pytest.mark.parametrize("choices", [
    [{"text": "A", "correct": True}, {"text": "B", "correct": True}, {"text": "C"}],
    [{"text": "A"}, {"text": "B"}, {"text": "C"}],
    [{"text": "A", "correct": True}, {"text": "B"}, {"text": "B"}],
    [{"text": "A", "correct": True}, {"text": "B"}],
])  # fmt: skip
def test_a_question_has_one_right_answer_among_three_different_ones(choices: list[Any]) -> None:
    whole = CONTENT.quiz["jur-cerfa"].model_dump(mode="python")
    with pytest.raises(ValueError, match="Question"):
        Question.model_validate({**whole, "choices": choices})


def test_two_questions_may_not_share_an_id(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / "ateliers", tmp_path / "ateliers")
    path = tmp_path / "ateliers" / "quiz.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id: mot-cooperation", "id: mot-alliance"), encoding="utf-8")
    with pytest.raises(InvalidContent):
        load_quiz(tmp_path)


@pytest.mark.parametrize(("content", "said"), [
    (a_format(hours=4), "120 min for 4 h"),
    (a_format(case="inconnu"), "case inconnu"),
    (a_format(items=(*CONTENT.formats[0].items, CONTENT.formats[0].items[0])), "accueil twice"),
])  # fmt: skip
def test_a_format_that_does_not_hold_is_seen(content: Content, said: str) -> None:
    assert said in found(check.about_formats(content))


@pytest.mark.parametrize(("content", "said"), [
    (an_item(kind="karaoke"), "kind karaoke"),
    (replace(CONTENT, starters={}), "kind without a starter: mur"),
    (replace(CONTENT, formats=CONTENT.formats[:1]), "kind in no format: jeu-de-role"),
])  # fmt: skip
def test_a_kind_that_nobody_knows_or_uses_is_seen(content: Content, said: str) -> None:
    assert said in found(check.about_kinds(content, set(activities())))


@pytest.mark.parametrize(("changes", "said"), [
    ({"kind": "nuage", "config": {"words": 99}}, "activite_mal_reglee"),
    ({"kind": "quiz", "config": {"questions": ["perdue"]}}, "question perdue"),
    ({"kind": "jeu-de-role", "config": {"case": "perdu"}}, "case perdu"),
    ({"kind": "convention-express",
      "config": {"case": "velos-du-bassin", "slots": ["perdu.ici"]}}, "slot perdu.ici"),
])  # fmt: skip
def test_a_configuration_that_names_nothing_is_seen(changes: dict[str, Any], said: str) -> None:
    assert said in found(check.about_configs(an_item(**changes), activities()))


@pytest.mark.parametrize(("changes", "said"), [
    ({"fiche": "perdue"}, "fiche perdue"),
    ({"fiche": "carre-magique"}, "16216 is not in carre-magique"),
    ({"sources": (parse_source("guide p. 12"),)}, "guide p. 12 is no page"),
])  # fmt: skip
def test_a_question_that_its_card_does_not_answer_is_seen(
    changes: dict[str, Any], said: str
) -> None:
    question = CONTENT.quiz["jur-cerfa"].model_copy(update=changes)
    content = replace(CONTENT, quiz={question.id: question})
    assert said in found(check.about_quiz(content, cards()))


def test_a_rule_that_nobody_read_again_must_say_so() -> None:
    told = {"sources": ["droit ? : C. civ., art. 1210"], "explanation": "Une règle."}
    whole = {**CONTENT.quiz["jur-cerfa"].model_dump(mode="python"), **told}
    question = Question.model_validate(whole)
    assert "does not say so" in found(
        check.about_quiz(replace(CONTENT, quiz={question.id: question}), cards())
    )


def changed(case: Case, **facts: Any) -> Content:
    return a_case(facts={**case.facts, **facts})


@pytest.mark.parametrize(("content", "said"), [
    (changed(CONTENT.cases["potager-des-ecoles"], contrepartie_niveau="equivalente"), "expected"),
    (changed(CONTENT.cases["potager-des-ecoles"], inventee=1), "inventee"),
    (a_case(lead="entreprise"), "lead entreprise"),
    (a_case(story="Entre nous, aucun logo d'entreprise dans la cour d'une école."), "secret told"),
])  # fmt: skip
def test_a_case_that_does_not_hold_is_seen(content: Content, said: str) -> None:
    office = activities()["jeu-de-role"].tools.office
    assert said in found(check.about_cases(content, office))


@pytest.mark.parametrize("name", ["Wimoov", "Fondation SNCF", "Réseau Cocagne"])
def test_a_case_may_not_name_a_real_organisation(name: str) -> None:
    assert name in names()
    content = a_case(story=f"{name} propose son aide.")
    assert f"real organisation {name}" in found(check.about_names(content, names()))
    assert not found(check.about_names(CONTENT, names()))


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source texts are not here")
def test_a_sentence_of_a_source_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "ateliers"
    folder.mkdir()
    source = (SOURCES / "guide-cooperer-efficacement-2023.txt").read_text(encoding="utf-8")
    start = source.index("n'est pas à l'abri") if "n'est pas à l'abri" in source else 30_000
    (folder / "copie.yaml").write_text(source[start : start + 600].lower(), encoding="utf-8")
    assert "copied from a source" in found(check.about_copies(tmp_path, SOURCES))


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / "ateliers", tmp_path / "ateliers")
    (tmp_path / "ateliers" / "formats" / "deux-heures.yaml").write_text("id: [", encoding="utf-8")
    assert len(check.problems(tmp_path)) == 1


def test_the_command_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([str(CORPUS)]) == 0
    assert "3 formats, 18 cases, 127 questions, 14 kinds" in capsys.readouterr().out


def test_a_format_gives_an_agenda_to_edit() -> None:
    chosen: Format = CONTENT.formats[0]
    agenda = chosen.agenda("Le nôtre")
    assert (agenda.title, agenda.case) == ("Le nôtre", chosen.case)
    assert agenda.item("carre") is not None
