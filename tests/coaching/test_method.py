"""The method's content holds together, and a file that does not is refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.coaching.check import expected_ids, main, problems
from assistant.coaching.conditions import CONDITIONS
from assistant.coaching.fitting import unfit
from assistant.coaching.method import Method, load_method
from assistant.errors import InvalidContent
from assistant.knowledge.content import validate
from tests.builders import ROOT

CORPUS = ROOT / "corpus"


@pytest.fixture(scope="module")
def method() -> Method:
    return load_method(CORPUS)


def test_the_content_has_no_problem() -> None:
    assert problems(CORPUS) == []


def test_every_question_of_the_interview_table_is_there(
    method: Method, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(expected_ids()) == {q.id for q in method.questions if not q.supplement}
    assert len(expected_ids()) == 71

    assert main([str(CORPUS)]) == 0
    assert "71/71" in capsys.readouterr().out


def test_questions_stand_in_the_order_of_the_steps(method: Method) -> None:
    steps = [question.etape for question in method.questions]

    assert steps == sorted(steps)
    assert [step.numero for step in method.etapes] == [1, 2, 3, 4, 5, 6, 7]


def test_pages_of_steps_follow_each_other(method: Method) -> None:
    pages = [page for step in method.etapes for page in step.pages]

    assert pages == sorted(pages)
    assert (pages[0], pages[-1]) == (40, 58)


def test_a_question_of_a_step_cites_a_page_of_the_guide_or_says_why_not(method: Method) -> None:
    for question in method.questions:
        documents = {source.document for source in question.pourquoi.sources}
        assert documents & {"guide", "droit", "typologie", "projet"}, question.id


def test_the_magic_square_speaks_the_language_of_the_actor(method: Method) -> None:
    innovation = method.question("D1-04").choice("innovation")

    assert innovation is not None
    assert innovation.label("entreprise") == "innover"
    assert innovation.label("association") == "innover et déployer"
    assert innovation.label("fondation") == innovation.label() == "inventer une réponse nouvelle"


def test_a_question_speaks_the_language_of_the_actor(method: Method) -> None:
    question = method.question("D1-09")

    assert "projet associatif" in question.text("association")
    assert "RSE" in question.text("entreprise")
    assert question.text(None) == question.texte


def test_texts_are_typeset_on_loading(method: Method) -> None:
    assert "’" in method.step(1).titre
    assert method.question("D1-01").texte.endswith("\u202f?")


def test_sixteen_fragilities_stand_in_four_families(method: Method) -> None:
    families = [choice.famille for choice in method.question("D1-03").choix]

    assert len(families) == 16
    assert [families.count(name) for name in dict.fromkeys(families)] == [3, 5, 6, 2]


def test_the_smallest_set_for_an_orientation_is_in_the_skeleton_s(method: Method) -> None:
    orientation = {question.id for question in method.minimal("orientation")}
    skeleton = {question.id for question in method.minimal("squelette")}

    assert orientation == {
        "D1-01", "D1-04", "D1-07", "D1-08", "D2-01", "D4-06", "D4-07", "D4-08", "D4-09", "D4-10",
        "D4-11", "DX-06",
    }  # fmt: skip
    assert skeleton - orientation == {
        "D4-01", "D4-02", "D4-03", "D4-04", "D4-05", "D4-14", "D4-15", "D5-01", "D5-02", "D6-01",
    }  # fmt: skip


def test_questions_are_found_by_what_they_fill(method: Method) -> None:
    assert [q.id for q in method.by_slot["flux"]] == ["D4-06"]
    assert [q.id for q in method.by_slot["objectif_dominant"]] == ["D1-04"]
    assert method.asking(["don.montant"]) == {"D4-07"}
    assert method.asking(["rgpd"]) == {"D4-16"}


def test_a_change_puts_in_doubt_what_rests_on_it(method: Method) -> None:
    resting = method.resting_on("flux")

    assert {"don.montant", "contrepartie_niveau", "beneficiaire_eligible"} <= set(resting)
    assert "flux" not in resting
    assert "contrepartie_niveau" in method.resting_on("don")


def test_a_composite_question_is_asked_part_by_part(method: Method) -> None:
    composite, simple = method.question("D4-14"), method.question("D1-05")

    assert [part.slot for part in composite.champs] == list(composite.slots)  # type: ignore[union-attr]
    assert composite.parts() == composite.champs
    assert simple.parts() == (simple,)


@pytest.mark.parametrize(
    ("slot", "asked_as", "values", "opened", "fits"),
    [
        ("acteur_nom", "texte", [], False, True),
        ("acteur_nom", "date", [], False, False),
        ("initiative", "choix", ["association"], False, False),
        ("maturite", "choix", [1, 2, 3, 4], False, True),
        ("maturite", "choix", [1, 2, 3], False, False),
        ("rituels", "choix", ["souvent"], False, False),
        ("rituels", "choix", ["souvent"], True, True),
        ("rituels", "choix", ["souvent", "souvent"], True, False),
        ("rituels", "choix", [], True, False),
        ("criteres_eco", "echelle", ["confiance"], False, False),
        ("objectif_carre", "repartition", [], False, False),
    ],
)
def test_how_a_question_is_asked_fits_its_slot(
    slot: str, asked_as: str, values: list[Any], opened: bool, fits: bool
) -> None:
    assert (not list(unfit(slot, asked_as, values, opened=opened))) is fits


def raw() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CORPUS / "methode.yaml").read_text(encoding="utf-8"))
    return found


def change(name: str, **values: Any) -> dict[str, Any]:
    data = raw()
    (question,) = (q for q in data["questions"] if q["id"] == name)
    question.update(values)
    return data


BROKEN = [
    (change("D1-05", id="D1-06"), "D1-06: id"),
    (change("D1-05", slots=["attente"]), "D1-05: attente"),
    (change("D1-05", depend=["carre"]), "D1-05: carre"),
    (change("D1-05", derive=["carre"]), "D1-05: carre"),
    (change("D1-05", condition="jamais"), "D1-05: condition jamais"),
    (change("D1-05", slots=["attentes", "flux"]), "D1-05: champs"),
    (change("D4-14", slots=["duree.mois"]), "D4-14: champs"),
    (change("D4-05", colonnes=["qui"]), "D4-05: actions_macro qui"),
    (change("D1-01", choix=[{"valeur": "asso", "libelle": "asso"}]), "D1-01: acteur_type choix"),
    (change("D1-05", pourquoi={"texte": "x", "sources": ["guide p. 99"]}), "guide p. 99"),
    (change("D1-05", pourquoi={"texte": "x", "sources": []}), "sources"),
    (change("D1-05", libelle="x"), "libelle"),
    ({**raw(), "conditions": {"prix": "x"}}, "conditions: don_envisage"),
    ({**raw(), "etapes": list(reversed(raw()["etapes"]))}, "etapes"),
]


@pytest.mark.parametrize(("data", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_what_does_not_hold_is_refused_and_named(data: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidContent) as caught:
        validate(Method, data, name="methode.yaml")

    assert said in str(caught.value.details)


def test_a_card_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    for path in CORPUS.iterdir():
        if path.name != "methode.yaml":
            (tmp_path / path.name).symlink_to(path)
    data = change("D1-05", fiche="une-fiche-absente")
    (tmp_path / "methode.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")

    assert problems(tmp_path) == ["D1-05: fiche une-fiche-absente"]
    assert main([str(tmp_path)]) == 1


def test_a_missing_method_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent) as caught:
        load_method(tmp_path)

    assert caught.value.name == "fichier_introuvable"


def test_every_condition_is_used_and_explained(method: Method) -> None:
    used = {part.condition for q in method.questions for part in (q, *q.champs)}

    assert set(CONDITIONS) - used == set()
    assert set(CONDITIONS) == set(method.conditions)
