"""Amounts, dates and numbers as French documents write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from num2words import num2words

from assistant.drafting import figures
from assistant.typography import NARROW, NO_BREAK, french


def number(value: Decimal | int) -> str:
    """1234.5 → « 1 234,5 »."""
    return french(figures.number(value))


def amount(value: Decimal | int) -> str:
    """1234.5 → « 1 234,50 € »; no cents when there are none."""
    return french(figures.euros(value))


def _counted(value: int, unit: str) -> str:
    words = num2words(value, lang="fr")
    link = " d'" if words.endswith(("million", "millions", "milliard", "milliards")) else " "
    return f"{words}{link}{unit}{'s' if value >= 2 else ''}".replace("'", "\u2019")


def in_words(value: Decimal | int) -> str:
    """1234.5 → « mille deux cent trente-quatre euros et cinquante centimes »."""
    cents = int((Decimal(value) * 100).to_integral_value())
    euros, rest = divmod(cents, 100)
    if not rest:
        return _counted(euros, "euro")
    tail = _counted(rest, "centime")
    return f"{_counted(euros, 'euro')} et {tail}" if euros else tail


def day(value: date) -> str:
    """2027-01-01 → « 1er janvier 2027 »."""
    number_of_day, _, rest = figures.day(value).partition(" ")
    return f"{number_of_day}{NO_BREAK}{rest}"


def days(value: int) -> str:
    """30 → « 30 jours »."""
    return f"{number(value)}{NO_BREAK}jour{'s' if value >= 2 else ''}"


def months(value: int) -> str:
    """12 → « 12 mois »."""
    return f"{number(value)}{NO_BREAK}mois"


def percent(value: Decimal | int) -> str:
    """25 → « 25 % »."""
    return f"{number(value)}{NARROW}%"


def plain(value: Any) -> str:
    """A value of any scalar type; text is left exactly as it was given."""
    match value:
        case date():
            return day(value)
        case int() | Decimal():
            return number(value)
        case _:
            return str(value)
