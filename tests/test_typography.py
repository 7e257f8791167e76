"""French typography: no-break spaces and apostrophes, applied once and for all."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.typography import french

TYPED = st.text(alphabet=" '’\u00a0\u202f\n«»;:!?%€‰0123456789aéœMk.,-", max_size=60) | st.text()


@pytest.mark.parametrize(
    ("typed", "set_in_type"),
    [
        ("l'alliance", "l’alliance"),
        ("aujourd'hui", "aujourd’hui"),
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("Bien ; vite !", "Bien\u202f; vite\u202f!"),
        ("Deux choses : une", "Deux choses\u00a0: une"),
        ("« faire alliance »", "«\u00a0faire alliance\u00a0»"),
        ("«serré»", "«\u00a0serré\u00a0»"),
        ("1 200 000 euros", "1\u202f200\u202f000\u00a0euros"),
        ("57 % et 57%", "57\u202f% et 57\u202f%"),
        ("10 € ou 3 ans", "10\u202f€ ou 3\u00a0ans"),
        ("http://exemple.fr", "http://exemple.fr"),
        ("à 12:30", "à 12:30"),
    ],
)
def test_what_authors_type_is_set_as_french_printers_do(typed: str, set_in_type: str) -> None:
    assert french(typed) == set_in_type


@given(TYPED)
@example("ainsi :»")
@example("« ;»")
@example("1 234 567 890 %")
def test_setting_twice_changes_nothing_more(text: str) -> None:
    assert french(french(text)) == french(text)


@given(TYPED)
def test_no_character_is_lost_but_spaces_and_apostrophes(text: str) -> None:
    def bare(typed: str) -> str:
        return re.sub(r"[ \u00a0\u202f]", "", typed).replace("'", "’")

    assert bare(french(text)) == bare(text)
