"""What every block of facts is made of."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)


class Block(BaseModel):
    """Facts that belong together. ``None`` is not known yet; an empty list is « none »."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True
    )


def slug(value: Any) -> Any:
    """« Très long » → « tres_long »; anything but a string is left alone."""
    if not isinstance(value, str):
        return value
    bare = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def listed(value: Any) -> Any:
    """One value alone is a list of one."""
    return [value] if isinstance(value, str) else value


def _no_flag(value: Any) -> Any:
    # True is an int for Python; nobody gives an amount of « vrai »
    if isinstance(value, bool):
        raise ValueError("nombre")  # noqa: TRY004 - pydantic turns ValueError into its own error
    return value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]
# Euros. Cents at most, and no more than the wealth of the world.
Money = Annotated[
    Decimal,
    BeforeValidator(_no_flag),
    Field(ge=0, max_digits=15, decimal_places=2),
    PlainSerializer(_number, return_type=float, when_used="json"),
]
# Percent, 0 to 100.
Percent = Annotated[
    Decimal,
    BeforeValidator(_no_flag),
    Field(ge=0, le=100, max_digits=6, decimal_places=3),
    PlainSerializer(_number, return_type=float, when_used="json"),
]
# Points shared out: ten in all.
Points = Annotated[
    Decimal,
    BeforeValidator(_no_flag),
    Field(ge=0, le=10, decimal_places=1),
    PlainSerializer(_number, return_type=float, when_used="json"),
]
Count = Annotated[int, BeforeValidator(_no_flag), Field(ge=0, le=1_000_000_000)]
Days = Annotated[int, BeforeValidator(_no_flag), Field(ge=0, le=3_650)]
Months = Annotated[int, BeforeValidator(_no_flag), Field(ge=0, le=1_200)]
Day = Annotated[date, Field(ge=date(1901, 7, 1), le=date(2200, 12, 31))]
Mark = Annotated[int, BeforeValidator(_no_flag), Field(ge=1, le=5)]
