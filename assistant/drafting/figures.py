"""Numbers and days as French people write them; ``typography.french`` sets the spaces."""

from datetime import date
from decimal import Decimal

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def number(value: Decimal | int) -> str:
    """« 1 234,5 »: groups of three, a comma, no useless zero."""
    whole, _, rest = f"{Decimal(value):,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", " ") + (f",{rest}" if rest else "")


def euros(value: Decimal | int) -> str:
    """« 8 000 € », « 12,50 € »: cents are two or none."""
    exact = Decimal(value)
    if exact == exact.to_integral_value():
        return f"{number(exact.to_integral_value())} €"
    whole, _, cents = f"{exact:,.2f}".partition(".")
    return f"{whole.replace(',', ' ')},{cents} €"


def percent(part: Decimal) -> str:
    """« 26 % », « 25,4 % »: a ratio, one decimal at most; 1 is 100 %."""
    return f"{number(round(part * 100, 1))} %"


def day(value: date) -> str:
    """« 1er mars 2026 »."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first} {MONTHS[value.month - 1]} {value.year}"
