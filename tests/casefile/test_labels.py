"""Every slot, every column and every allowed value has a French name."""

import re
from pathlib import Path

import pytest
import yaml

from assistant.casefile.labels import Labels, gaps, load_labels
from assistant.casefile.shape import columns, degrees, kind, literals, paths
from assistant.errors import InvalidContent
from tests.builders import ROOT

CORPUS = ROOT / "corpus"


@pytest.fixture(scope="module")
def labels() -> Labels:
    return load_labels(CORPUS)


def test_everything_has_a_label_and_nothing_else_does(labels: Labels) -> None:
    assert gaps(labels) == []


def copied(tmp_path: Path, name: str, old: str, new: str) -> Labels:
    for file in ("champs.yaml", "valeurs.yaml"):
        text = (CORPUS / file).read_text(encoding="utf-8")
        assert file != name or old in text
        changed = text.replace(old, new, 1) if file == name else text
        (tmp_path / file).write_text(changed, encoding="utf-8")
    return load_labels(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "missing"),
    [
        ("champs.yaml", 'salaries.poste: "Poste occupé"\n', "", "champs.yaml: salaries.poste"),
        ("champs.yaml", "salaries.poste:", "salaries.post:", "champs.yaml: salaries.post"),
        ("valeurs.yaml", '      tacite: "renouvellement automatique"\n', "",
         "valeurs.yaml: duree.renouvellement.tacite"),
        ("valeurs.yaml", "tacite:", "taciturne:", "valeurs.yaml: duree.renouvellement.taciturne"),
        ("valeurs.yaml", "champs: [usage]", "champs: [usages]", "valeurs.yaml: usage"),
        ("valeurs.yaml", "champs: [usage]", "champs: [usage, forme]", "valeurs.yaml: forme"),
        ("valeurs.yaml", '      "4": "une alliance stratégique"\n', "", "valeurs.yaml: maturite.4"),
    ],
)  # fmt: skip
def test_a_gap_is_named(tmp_path: Path, name: str, old: str, new: str, missing: str) -> None:
    assert missing in gaps(copied(tmp_path, name, old, new))


def test_labels_are_short_and_stand_alone(labels: Labels) -> None:
    long = [path for path in paths() if len(labels.name(path)) > 60]

    assert long == []


def test_labels_start_with_a_capital_and_end_without_a_stop(labels: Labels) -> None:
    wrong = [path for path in paths() if not re.fullmatch(r"[A-ZÉÀÎŒ].*[^.:;]", labels.name(path))]

    assert wrong == []


def test_slots_of_one_document_cannot_be_confused(labels: Labels) -> None:
    from assistant.casefile.paths import slots

    names = [labels.name(slot) for slot in slots() if kind(slot) != "bloc"]
    twice = {name for name in names if names.count(name) > 1}

    # the same thing asked in two steps, or amounts of the same grant
    assert twice <= {"Subvention par an"}


def test_a_row_number_is_ignored(labels: Labels) -> None:
    assert labels.name("parties.1.representant.nom") == labels.name("parties.representant.nom")


def test_an_unknown_path_has_no_label(labels: Labels) -> None:
    with pytest.raises(KeyError):
        labels.of("don.montants")


def test_values_read_in_french(labels: Labels) -> None:
    assert labels.value("sens_apport", "E_vers_A") == "l’entreprise apporte à l’association"
    assert labels.value("maturite", 4) == "une alliance stratégique"
    assert labels.value("parties.0.type_acteur", "ESAT") == "ESAT ou entreprise adaptée"
    assert labels.value("payeur_public", True) == "oui"
    assert labels.value("payeur_public", False) == "non"
    assert labels.value("risques", "la pluie d'été") == "la pluie d’été"
    assert labels.values("don.montant") == {}


def test_help_and_example_are_kept(labels: Labels) -> None:
    montant = labels.of("don.montant")

    assert montant.libelle == "Montant du don"
    assert montant.aide
    assert montant.exemple == "8\u202f000"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent) as caught:
        load_labels(tmp_path)

    assert caught.value.details["fichier"].endswith("champs.yaml")


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "champs.yaml").write_text(yaml.safe_dump({"flux": {"libele": "x"}}), "utf-8")

    with pytest.raises(InvalidContent):
        load_labels(tmp_path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("acteur_type", "choix"), ("flux", "multi"), ("payeur_public", "oui_non"),
        ("duree.date_debut", "date"), ("don.montant", "montant"), ("tva.taux", "pourcentage"),
        ("repartition_CA_pct.pourcentage", "pourcentage"), ("maturite", "nombre"),
        ("objectif_carre.innovation", "nombre"), ("objectifs.commun", "texte"),
        ("attentes", "liste"), ("parties", "tableau"), ("engagements", "par_partie"),
        ("duree", "bloc"), ("prestation.jalons.livrable", "texte"),
    ],
)  # fmt: skip
def test_a_slot_has_a_kind(path: str, expected: str) -> None:
    assert kind(path) == expected


def test_a_row_has_columns_and_a_block_has_none() -> None:
    assert columns("prestation.jalons") == ("date", "livrable")
    assert "representant.nom" in columns("parties")
    assert columns("duree") == columns("flux") == ()
    with pytest.raises(KeyError):
        kind("nulle.part")


def test_allowed_values_come_from_the_type() -> None:
    assert literals("duree.renouvellement") == ("aucun", "expres", "tacite")
    assert literals("resiliation.cas")[0] == "manquement"
    assert literals("acteur_nom") == ()
    assert degrees("coconstruction") == (1, 2, 3, 4)
    assert degrees("eval.notes.note") == (1, 2, 3, 4, 5)
    assert degrees("duree.mois") == ()
