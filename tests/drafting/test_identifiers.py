"""Identifiers of organisations: the vectors of domain/conventions.md §0.5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting import identifiers as ids


@pytest.mark.parametrize(
    "number", ["732829320", "732 829 320", "732.829.320", "000001016", "356000000"]
)
def test_a_siren_with_its_key_is_valid(number: str) -> None:
    assert ids.siren_is_valid(number)


@pytest.mark.parametrize(
    "number", ["732829321", "73282932", "7328293200", "", "ABCDEFGHI", "٧٣٢٨٢٩٣٢٠"]
)
def test_a_siren_with_another_key_or_form_is_not(number: str) -> None:
    assert not ids.siren_is_valid(number)


@pytest.mark.parametrize(
    "number",
    [
        "73282932000074",
        "732 829 320 00074",
        "00000138800016",
        "35600000000048",  # the head office of La Poste passes Luhn
        "35600000009075",  # Luhn is wrong, the digits make 35
    ],
)
def test_a_siret_is_valid_by_its_key_and_those_of_la_poste_by_their_sum(number: str) -> None:
    assert ids.siret_is_valid(number)


def test_a_siret_of_la_poste_that_passes_luhn_alone_is_valid() -> None:
    number = next(
        n for n in (f"356000000{i:05d}" for i in range(1, 9999))
        if sum(map(int, n)) % 5 and ids.luhn.is_valid(n) and n != "35600000000048"
    )  # fmt: skip

    assert ids.siret_is_valid(number)


@pytest.mark.parametrize(
    "number",
    [
        "73282932000075",
        "35600000009076",
        "732829320",
        "7328293200007A",
        "",
        # the exception is for La Poste alone: this sum is a multiple of five too
        "73282932000006",
    ],
)
def test_another_siret_is_not(number: str) -> None:
    assert not ids.siret_is_valid(number)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("W442001234", True),
        ("w442 001 234", True),
        ("W9R1234567", True),  # overseas
        ("W8R1234567", False),
        ("W44200123", False),
        ("W4420012345", False),
        ("442001234", False),
        ("", False),
    ],
)
def test_an_rna_has_one_of_two_forms(number: str, valid: bool) -> None:
    assert ids.rna_is_valid(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("FR44732829320", True),
        ("FR 44 732 829 320", True),
        ("FR45732829320", False),
        ("44732829320", False),
        ("DE136695976", False),
    ],
)
def test_a_french_vat_number_has_a_prefix_and_a_key(number: str, valid: bool) -> None:
    assert ids.vat_is_valid(number) is valid


@given(st.integers(0, 99_999_999).map(lambda n: f"{n:08d}"))
def test_the_vat_key_is_the_one_of_the_formula(head: str) -> None:
    siren = head + ids.luhn.calc_check_digit(head)
    key = (12 + 3 * (int(siren) % 97)) % 97

    assert ids.vat_is_valid(f"FR{key:02d}{siren}")
    assert not ids.vat_is_valid(f"FR{(key + 1) % 97:02d}{siren}")


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("FR76 3000 6000 0112 3456 7890 188", False),
        ("BE68 5390 0754 7034", True),
        ("FR76", False),
    ],
)
def test_an_iban_is_checked_modulo_97(number: str, valid: bool) -> None:
    assert ids.iban_is_valid(number) is valid


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("3 place Kléber, 67000 Strasbourg", True),
        ("3 place Kléber, 67 000 Strasbourg", True),
        ("1 rue Serpenoise\n57000 Metz", True),
        ("12 rue du Sauvage, 68100 Mulhouse CEDEX", True),
        ("BP 67123, 75001 Paris", False),
        ("12 quai des Tanneurs, 44000 Nantes", False),
        ("67 rue de la Paix, 75002 Paris", False),
        ("Strasbourg", False),
        (None, False),
    ],
)
def test_local_law_is_told_by_the_postal_code(address: str | None, expected: bool) -> None:
    assert ids.under_local_law(address) is expected


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text: str) -> None:
    for check in (
        ids.siren_is_valid,
        ids.siret_is_valid,
        ids.rna_is_valid,
        ids.vat_is_valid,
        ids.iban_is_valid,
    ):
        assert check(text) in (True, False)
    ids.under_local_law(text)
