"""Numbers that identify an organisation: form and key (domain/conventions.md §0.5)."""

import re

from stdnum import iban, luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret, tva

LA_POSTE = "356000000"
# overseas numbers carry a letter: observed, not documented
_RNA = re.compile(r"W\d{9}|W9[A-Z]\d{7}")
_SEPARATORS = re.compile(r"[\s.\-]+")
_POSTAL_CODE = re.compile(r"\b(\d{2}) ?(\d{3})\b(?= +[^\W\d])|\b(\d{2})(\d{3})\b")
# départements where associations are registered by the court and have no RNA
LOCAL_LAW = frozenset({"57", "67", "68"})


def compact(number: str) -> str:
    """The number without spaces, dots or dashes, in capitals."""
    return _SEPARATORS.sub("", number).upper()


def siren_is_valid(number: str) -> bool:
    """Nine digits with their Luhn key."""
    return siren.is_valid(compact(number))


def siret_is_valid(number: str) -> bool:
    """Fourteen digits with their Luhn key; those of La Poste may add up to a multiple of five."""
    digits = compact(number)
    if siret.is_valid(digits):
        return True
    # python-stdnum takes the second test alone for La Poste; §0.5 takes either
    whole = len(digits) == 14 and digits.isascii() and digits.isdigit()
    return whole and digits.startswith(LA_POSTE) and luhn.is_valid(digits)


def rna_is_valid(number: str) -> bool:
    """``W`` and nine digits, or the overseas form."""
    return _RNA.fullmatch(compact(number)) is not None


def vat_is_valid(number: str) -> bool:
    """A French VAT number: ``FR``, a key, the SIREN."""
    return compact(number).startswith("FR") and tva.is_valid(compact(number))


def iban_is_valid(number: str) -> bool:
    """Modulo 97, whatever the country."""
    try:
        iban.validate(compact(number), check_country=False)
    except ValidationError:
        return False
    return True


def siren_of(siret_number: str) -> str:
    """The SIREN that a SIRET starts with."""
    return compact(siret_number)[:9]


def department(address: str) -> str | None:
    """The first two digits of the postal code of an address, the last one it has."""
    found = list(_POSTAL_CODE.finditer(address))
    return (found[-1][1] or found[-1][3]) if found else None


def under_local_law(address: str | None) -> bool:
    """Whether an address is in Alsace or Moselle, by its postal code."""
    return address is not None and department(address) in LOCAL_LAW
