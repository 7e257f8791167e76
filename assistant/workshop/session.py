"""A workshop as a value, apart from what happens in it."""

from dataclasses import dataclass
from datetime import datetime

from assistant.errors import CallerError

# neither 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, U and V: read aloud, copied by hand
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 6


class Outdated(CallerError):
    """Something happened in the meantime; whoever acts looks again."""

    code = "atelier_a_change"
    status = 409


@dataclass(frozen=True, slots=True)
class Session:
    """What lists and pages say of a workshop; ``code`` is None once it has ended."""

    id: str
    title: str
    code: str | None
    screen: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    revision: int


def read_code(typed: str) -> str:
    """A code as typed on a phone: case, spaces and hyphens do not matter."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:16]
