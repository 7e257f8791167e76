"""The texts of the recommendation: all there, all sourced, none left over."""

import shutil
from pathlib import Path

import pytest

from assistant.coaching.recommendation import load_wording
from assistant.coaching.recommendation.counterpart import level_of
from assistant.errors import CallerError, InvalidContent
from tests.builders import CORPUS
from tests.coaching.recommendation.given import wording


def a_copy(tmp_path: Path, old: str, new: str) -> Path:
    shutil.copy(CORPUS / "recommandation.yaml", tmp_path)
    path = tmp_path / "recommandation.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  IS-02:\n", "  IS-99:\n"),
        ("  J5:\n", "  J55:\n"),
        ("  prestation: ", "  autre: "),
        ('sources: ["typologie"]', "sources: []"),
        ('"guide p. 50"', '"guide p. 99"'),
        ("visibilite:\n  - logo", "visibilites:\n  - logo"),
    ],
)
def test_a_text_that_is_missing_unknown_or_without_source_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    with pytest.raises(InvalidContent):
        load_wording(a_copy(tmp_path, old, new))


def test_a_directory_without_the_file_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(CallerError):
        load_wording(tmp_path)


def test_what_nobody_has_read_again_says_so() -> None:
    texts = wording()
    for section in (texts.raisons, texts.alertes, texts.ecartes, texts.suites):
        for name, said in section.items():
            if any(source.verify for source in said.sources):
                assert "à vérifier" in said.texte, name


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        ("0", "aucune"), ("0.01", "symbolique"), ("0.25", "symbolique"),
        ("0.2501", "significative"), ("0.9999", "significative"), ("1", "equivalente"),
        ("3", "equivalente"),
    ],
)  # fmt: skip
def test_a_ratio_has_one_level(ratio: str, level: str) -> None:
    from decimal import Decimal

    assert level_of(Decimal(ratio)) == level


def test_the_thresholds_can_be_given() -> None:
    from decimal import Decimal

    assert level_of(Decimal("0.3"), symbolic=Decimal("0.5")) == "symbolique"
