"""What holds for any text at all."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coaching.understanding import (
    Expectation,
    Lexicon,
    Reading,
    load_lexicon,
    read_message,
)
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
LEXICON: Lexicon = load_lexicon(CORPUS)
PIECES = (
    "on est une asso", "une boîte", "nous donne", "8k", "15 000 €", "sans contrepartie", "le 12", "fin août",
    "12/03/27", "W751234567", "732829320", "« Œuvre & Cie »", "l’œuvre", "3 ans", "20 %", "étape 4", "pourquoi",
    "non", "oui", "?", ",", ".", "\n", "pas", "et", "ou", "avec Durand", "à Lyon", "mécénat", "e\u0301te\u0301",
    "ﬁn", "İ", "99999999999999999999", "31/02/2027", "0 €", "-5", "dans 9999 ans", "½",
)  # fmt: skip
MESSAGES = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
)
KINDS = (
    "choix",
    "multi",
    "echelle",
    "repartition",
    "date",
    "montant",
    "nombre",
    "duree",
    "oui_non",
    "libre",
)


def read(text: str, expecting: Expectation | None = None) -> Reading:
    return read_message(text, lexicon=LEXICON, today=TODAY, expecting=expecting)


@settings(max_examples=300, deadline=None)
@given(text=MESSAGES, kind=st.sampled_from(KINDS), asked=st.booleans())
def test_any_text_is_read_and_its_words_are_where_they_are_said_to_be(
    text: str, kind: str, asked: bool
) -> None:
    expecting = Expectation(slots=("don.montant",), kind=kind) if asked else None  # type: ignore[arg-type]
    reading = read(text, expecting)

    found = [*reading.findings, *reading.beliefs, *reading.unread]
    found += [reading.command] if reading.command else []
    for one in found:
        assert text[one.start : one.end] == one.words
        assert one.words


@settings(max_examples=100, deadline=None)
@given(text=MESSAGES)
def test_the_same_text_is_read_the_same(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "piece",
    ["une boite nous donne 8 000 € sans contrepartie, ", "a", "1 ", "un ", "le ", "l'", "Aa ", "le projet ", "((((", "12/", "? ",
     "mecenat 25 % loi ", "é", "du 1 au ", "pas de "],
)  # fmt: skip
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        start = time.perf_counter()
        read(text)
        return time.perf_counter() - start

    seconds(1_000)
    short, long = seconds(10_000), seconds(100_000)

    assert long < 40 * short + 1.0
    assert long < 30
