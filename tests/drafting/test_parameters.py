"""Dated figures: each is there, typed, sourced, and says when it is old or doubtful."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.drafting import figures
from assistant.drafting.parameters import Figures, Parameters, Status, load_parameters
from assistant.errors import CallerError, InvalidContent
from tests.builders import CORPUS

TODAY = date(2026, 11, 16)
ONE = """
mentions: {expired: "jusqu'au {jusqu_au}", unverified: "à vérifier"}
parametres:
  un.seuil:
    libelle: "Un seuil"
    valeur: 23000
    unite: "€"
    verifie_le: 2026-01-01
    sources: ["projet"]
"""


@pytest.fixture(scope="module")
def known() -> Parameters:
    return load_parameters(CORPUS)


def written(directory: Path, text: str) -> Path:
    (directory / "parametres.yaml").write_text(text, encoding="utf-8")
    return directory


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mecenat.taux.normal", 60),
        ("mecenat.taux.reduit", 40),
        ("mecenat.taux.seuil", 2_000_000),
        ("mecenat.plafond.minimum", 20_000),
        ("mecenat.plafond.pour_mille", 5),
        ("mecenat.competences.plafond.montant", 12_015),
        ("mecenat.competences.plafond.pmss", 4_005),
        ("mecenat.contreparties.usage", 25),
        ("mecenat.decl_entreprise.seuil", 10_000),
        ("rescrit.mecenat.mois", 6),
        ("pret_mo.L8241-3.mois", 36),
        ("pret_mo.fonction_publique.population", 3_500),
        ("subvention.seuil_convention", 23_000),
        ("subvention.compte_rendu.mois", 6),
        ("subvention.versement.jours", 60),
        ("subvention.de_minimis.general", 300_000),
        ("subvention.de_minimis.sieg", 750_000),
        ("asso.commissaire.dons", 153_000),
        ("asso.franchise_lucratif", 80_011),
        ("cp.dispense.services", 60_000),
        ("cp.dispense.travaux", 100_000),
        ("cp.procedure_formalisee", 216_000),
        ("presta.vigilance.seuil", 5_000),
        ("outil.contreparties.blocage", 50),
    ],
)
def test_the_figures_of_the_conventions_are_there(
    known: Parameters, path: str, expected: int
) -> None:
    assert known.amount(path) == Decimal(expected)


def test_dates_and_words_are_there_too(known: Parameters) -> None:
    assert known.day("pret_mo.fonction_publique.fin") == date(2027, 12, 27)
    assert known.day("greenwashing.application") == date(2026, 9, 27)
    assert known.text("mecenat.recu.cerfa") == "16216"


def test_the_ceiling_of_skills_is_the_multiple_of_the_monthly_one(known: Parameters) -> None:
    key = "mecenat.competences.plafond"

    assert known.amount(f"{key}.montant") == known.amount(f"{key}.pmss") * known.amount(
        f"{key}.multiple"
    )


def test_every_parameter_that_comes_from_memory_says_that_it_is_to_be_verified(
    known: Parameters,
) -> None:
    doubtful = {key for key in known if any(source.verify for source in known.entry(key).sources)}

    assert doubtful
    assert all(known.entry(key).a_verifier and known.entry(key).reserve for key in doubtful)


def test_what_the_conventions_doubt_is_marked(known: Parameters) -> None:
    for key in (
        "mecenat.competences.plafond",
        "pret_mo.R8241-2",
        "asso.franchise_lucratif",
        "greenwashing",
        "mecenat.lf2026",
        "sapin2.seuils",
    ):
        assert known.entry(key).a_verifier, key


def test_choices_of_the_tool_name_the_project(known: Parameters) -> None:
    choices = [key for key in known if key.startswith("outil.")]

    assert choices
    assert all("projet" in {s.document for s in known.entry(key).sources} for key in choices)


@pytest.mark.parametrize(
    ("key", "today", "expected"),
    [
        ("subvention.seuil_convention", TODAY, Status.VALID),
        ("mecenat.competences.plafond", TODAY, Status.UNVERIFIED),
        ("mecenat.competences.plafond", date(2026, 12, 31), Status.UNVERIFIED),
        ("mecenat.competences.plafond", date(2027, 1, 1), Status.EXPIRED),
        ("asso.franchise_lucratif", date(2025, 12, 31), Status.UNVERIFIED),
        ("asso.franchise_lucratif", TODAY, Status.EXPIRED),
        ("pret_mo.fonction_publique", date(2027, 12, 27), Status.VALID),
        ("pret_mo.fonction_publique", date(2027, 12, 28), Status.EXPIRED),
    ],
)
def test_a_figure_is_valid_unverified_or_past_its_date(
    known: Parameters, key: str, today: date, expected: Status
) -> None:
    assert known.entry(key).status(today) is expected


def test_a_figure_says_so_wherever_it_is_shown(known: Parameters) -> None:
    shown = Figures(known, TODAY)

    assert shown["subvention.seuil_convention"] == "23 000 €"
    assert shown["mecenat.taux.normal"] == "60 %"
    assert shown["mecenat.competences.plafond.montant"] == "12 015 € (à vérifier)"
    assert "31 décembre 2025" in shown["asso.franchise_lucratif"]
    assert "à vérifier" in shown["asso.franchise_lucratif"]
    assert shown["pret_mo.fonction_publique.fin"] == "27 décembre 2027"
    template = "{p[subvention.seuil_convention]}"
    assert template.format(p=shown) == "23 000 €"
    assert list(shown) == list(known)
    assert len(shown) == len(list(known))


def test_every_figure_can_be_shown(known: Parameters) -> None:
    def paths() -> Iterator[str]:
        for key in known:
            value = known.entry(key).valeur
            yield from ([f"{key}.{name}" for name in value] if isinstance(value, dict) else [key])

    for path in paths():
        assert known.shown(path, TODAY).strip()


def test_asking_for_another_kind_of_value_is_a_mistake(known: Parameters) -> None:
    with pytest.raises(TypeError):
        known.amount("mecenat.recu.cerfa")
    with pytest.raises(TypeError):
        known.day("subvention.seuil_convention")
    with pytest.raises(TypeError):
        known.text("subvention.seuil_convention")


@pytest.mark.parametrize(
    "path", ["rien", "mecenat.taux.rien", "mecenat.taux", "subvention.seuil_convention.x"]
)
def test_an_unknown_path_is_a_key_error(known: Parameters, path: str) -> None:
    with pytest.raises(KeyError):
        known.amount(path)


def test_the_vintage_is_the_last_check(known: Parameters) -> None:
    assert known.vintage == max(known.entry(key).verifie_le for key in known)


def test_a_decimal_is_exact(tmp_path: Path) -> None:
    read = load_parameters(written(tmp_path, ONE.replace("23000", "0.1")))

    assert read.amount("un.seuil") == Decimal("0.1")


@pytest.mark.parametrize(
    "changed",
    [
        ONE.replace("23000", "true"),
        ONE.replace('sources: ["projet"]', "sources: []"),
        ONE.replace("projet", "ouï-dire"),
        ONE + "    inconnu: 1\n",
        ONE + "    valide_du: 2026-01-01\n    valide_jusqu_au: 2025-01-01\n",
        ONE.replace('unite: "€"', "unite: {autre: €}"),
        ONE.replace("verifie_le", "verifiee_le"),
    ],
)
def test_a_wrong_file_is_refused_by_the_name_of_its_field(tmp_path: Path, changed: str) -> None:
    with pytest.raises(InvalidContent):
        load_parameters(written(tmp_path, changed))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CallerError) as raised:
        load_parameters(tmp_path)

    assert raised.value.name == "fichier_introuvable"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8000", "8 000 €"),
        ("12.5", "12,50 €"),
        ("0", "0 €"),
        ("1234567.89", "1 234 567,89 €"),
        ("5000.00", "5 000 €"),
    ],
)
def test_amounts_are_written_in_french(value: str, expected: str) -> None:
    assert figures.euros(Decimal(value)) == expected


def test_numbers_shares_and_days_are_written_in_french() -> None:
    assert figures.number(Decimal("1234.50")) == "1 234,5"
    assert figures.number(100) == "100"
    assert figures.percent(Decimal("0.254")) == "25,4 %"
    assert figures.percent(Decimal(1)) == "100 %"
    assert figures.day(date(2026, 3, 1)) == "1er mars 2026"
    assert figures.day(date(2026, 8, 15)) == "15 août 2026"
