"""The questions that measure us: well formed, numerous enough, and in no card."""

import json
from collections import Counter
from functools import cache

import pytest

from assistant.answering.answerer import ACTORS
from assistant.knowledge.analysis import words
from assistant.knowledge.asked import load_asked
from assistant.knowledge.corpus import load_corpus
from eval.dataset import DATASETS, OPEN, SEALED, Case, load_cases
from tests.builders import CORPUS

NAMES = ("dev", "blind", "test", "near_dev", "near_blind")
KINDS = {"answerable", "unanswerable", "twin", "multi"}
REASONS = {"not_in_corpus", "out_of_scope", "false_premise", "unsafe", "private_data"}


@cache
def cases(name: str) -> list[Case]:
    return load_cases(name)


def both() -> list[Case]:
    return [case for name in NAMES for case in cases(name)]


@pytest.mark.parametrize("name", NAMES)
def test_each_case_is_well_formed(name: str) -> None:
    documents = {d.id: d for d in load_corpus(CORPUS).documents}
    for case in cases(name):
        assert case.id.startswith(f"{name}-"), case.id
        assert case.kind in KINDS, case.id
        assert case.question.strip() == case.question != "", case.id
        assert case.actor is None or case.actor in ACTORS, case.id
        assert case.step is None or case.step in range(1, 8), case.id
        if case.answerable:
            assert case.facts, case.id
            assert all(fact and all(fact) for fact in case.facts), case.id
            assert case.places, case.id
            assert case.reason is None, case.id
        else:
            assert case.reason in REASONS, case.id
            assert not case.facts, case.id
        for place in case.places:
            document = documents[place.document]
            assert place.page is None or 1 <= place.page <= (document.pages or 0), case.id


@pytest.mark.parametrize("name", NAMES)
def test_expected_sections_are_those_of_the_sources(name: str) -> None:
    sections = {(d.id, s.titre) for d in load_corpus(CORPUS).documents for s in d.sections}

    unknown = {(c.id, p.document, p.section) for c in cases(name) for p in c.places} - {
        (c.id, p.document, p.section)
        for c in cases(name)
        for p in c.places
        if (p.document, p.section) in sections
    }

    assert unknown == set()


def test_there_are_enough_questions_of_each_kind() -> None:
    kinds = Counter(case.kind for case in cases("dev"))

    assert len(cases("dev")) >= 300
    assert kinds["answerable"] >= 160
    assert kinds["unanswerable"] >= 80
    assert kinds["twin"] >= 40
    assert kinds["multi"] >= 20


@pytest.mark.parametrize("name", [*OPEN[len(("dev", "blind", "test")) :], SEALED])
def test_a_set_written_by_others_is_well_formed_too(name: str) -> None:
    for case in cases(name):
        assert case.id.startswith(f"{name}-"), case.id
        assert case.kind in KINDS, case.id
        assert bool(case.facts) is case.answerable, case.id
        assert all(fact and all(fact) for fact in case.facts), case.id
        assert (case.reason in REASONS) is not case.answerable, case.id
        assert case.actor in (None, *ACTORS), case.id
    assert len({case.id for case in cases(name)}) == len(cases(name)) > 100


def test_every_kind_is_in_the_blind_set_too() -> None:
    assert {case.kind for case in cases("blind")} == KINDS


def test_every_reason_and_every_register_is_measured() -> None:
    assert {case.reason for case in both() if case.reason} == REASONS
    assert len({case.register for case in both()}) >= 7
    assert {case.actor for case in both()} == {None, *ACTORS}


def test_ids_and_questions_are_unique() -> None:
    assert [i for i, n in Counter(c.id for c in both()).items() if n > 1] == []
    asked = Counter(" ".join(words(case.question)) + f"|{case.actor}" for case in both())
    assert [q for q, n in asked.items() if n > 1] == []


def test_a_twin_asks_what_its_model_asks() -> None:
    by_id = {case.id: case for case in both()}
    for case in both():
        if case.kind == "twin":
            model = by_id[case.twin_of or ""]
            assert model.answerable, case.id
            assert model.facts == case.facts, case.id
            assert words(model.question) != words(case.question), case.id
        else:
            assert case.twin_of is None, case.id


def test_a_question_of_several_parts_has_several_facts_and_places() -> None:
    for case in both():
        if case.kind == "multi":
            assert min(len(case.facts), len(case.places)) >= 2, case.id


@pytest.mark.parametrize("name", [*OPEN, "near_dev", "near_blind", SEALED])
def test_no_measured_question_was_written_into_the_content(name: str) -> None:
    authored = {" ".join(words(q)) for unit in load_corpus(CORPUS).units for q in unit.questions}
    authored |= {" ".join(words(one.question)) for one in load_asked(CORPUS)}

    assert [case.id for case in cases(name) if " ".join(words(case.question)) in authored] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_line_is_one_json_object(name: str) -> None:
    for line in (DATASETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        assert isinstance(json.loads(line), dict)
