"""A figure that is taken back gives way to the one that stands."""

from datetime import date

import pytest

from assistant.casefile.facts import parse_facts
from assistant.coaching.understanding.lexicon import load_lexicon
from assistant.coaching.understanding.reader import read_message
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
LEXICON = load_lexicon(CORPUS)


@pytest.mark.parametrize(
    "text",
    [
        "ils nous donnent 3 500 € et non 3 000 €",
        "la société Pons nous donne 3 000 €, pardon, 3 500 €",
        "la société Pons nous donne pas 3 000 € mais 3 500 €",
    ],
)
def test_the_figure_that_stands_is_offered_alone(text: str) -> None:
    read = read_message(text, lexicon=LEXICON, today=TODAY)
    amounts = [one for one in read.findings if one.slot == "don.montant"]

    assert [one.value for one in amounts] == [3500]


def test_a_figure_already_known_is_the_one_corrected() -> None:
    facts = parse_facts({"subvention": {"montant_annuel": 4500}})
    read = read_message("J'ai écrit 4 500, c'est 5 400", lexicon=LEXICON, today=TODAY, facts=facts)

    assert ("subvention.montant_annuel", 5400) in [(f.slot, f.value) for f in read.findings]


def test_a_figure_that_only_a_correction_names_is_to_confirm() -> None:
    text = "c'est pas 3 000 c'est 3 500 que met le garage Pons pour notre club"
    read = read_message(text, lexicon=LEXICON, today=TODAY)
    amounts = [one for one in read.findings if one.slot == "don.montant"]

    assert [(one.value, one.sure) for one in amounts] == [(3500, False)]


def test_two_figures_side_by_side_correct_nothing() -> None:
    text = "la société Pons nous donne 3 000 € et la mairie 3 500 € de subvention"
    read = read_message(text, lexicon=LEXICON, today=TODAY)

    assert {f.value for f in read.findings if f.slot == "don.montant"} >= {3000}
