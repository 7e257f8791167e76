"""The trained tagger: written messages, the shipped weights, and how its reading is joined."""

import random
from datetime import date

import numpy as np
import pytest

from assistant.coaching.understanding.features import tokens
from assistant.coaching.understanding.learning.dataset import (
    NAME,
    Press,
    digest,
    examples,
    fold_of,
    grammar_labels,
    label_names,
    press,
)
from assistant.coaching.understanding.learning.grammar import (
    Grammar,
    InvalidGrammar,
    load_grammar,
    parse,
)
from assistant.coaching.understanding.learning.handwritten import Told, load_written
from assistant.coaching.understanding.learning.noise import bare, written
from assistant.coaching.understanding.learning.scenarios import Word, elided
from assistant.coaching.understanding.lexicon import load_lexicon
from assistant.coaching.understanding.reader import read_message
from assistant.coaching.understanding.tagger import DEFAULT_TAGGER, load_tagger, runs
from assistant.coaching.understanding.text import Preparer
from tests.builders import CORPUS

TODAY = date(2026, 11, 21)
LEXICON = load_lexicon(CORPUS)
WRITTEN: tuple[Told, ...] = load_written(CORPUS / "apprentissage" / "ecrits")


def grammar() -> Grammar:
    found = load_grammar(CORPUS / "apprentissage")
    return Grammar(found.rules, {**found.lists, "said": ("Que dit le guide ?",)})


def test_the_shipped_weights_were_trained_on_this_grammar() -> None:
    # « make tagger » after any change of the grammar or of the messages written by hand
    assert load_tagger().grammar == digest(grammar(), WRITTEN)


def test_the_shipped_labels_are_those_of_the_grammar_and_of_the_messages() -> None:
    assert load_tagger().labels == label_names(grammar(), WRITTEN)


def test_the_shipped_weights_are_small() -> None:
    assert DEFAULT_TAGGER.stat().st_size < 6_000_000


def test_one_seed_writes_the_same_messages() -> None:
    first, again = (list(examples(grammar(), 30, seed=4)) for _ in range(2))

    assert first == again
    assert first != list(examples(grammar(), 30, seed=5))


def test_every_message_says_its_labels_with_words_of_its_own() -> None:
    known = set(label_names(grammar()))

    for one in examples(grammar(), 400, seed=1):
        for start, end, label in one.spans:
            assert label in known
            assert one.text[start:end].strip() == one.text[start:end] != ""


def test_a_family_kept_out_is_never_written() -> None:
    kept = {one.text for one in examples(grammar(), 300, seed=2, held=0)}
    alone = {one.text for one in examples(grammar(), 300, seed=2, held=0, only=True)}

    assert len(kept & alone) < 30  # only what no family shares out: courtesy, empty messages


@pytest.mark.parametrize("text", ["(un|deux", "[mots]", "un) deux", "[mots{a=b}", "a | b"])
def test_an_ill_formed_turn_of_phrase_is_refused(text: str) -> None:
    with pytest.raises(InvalidGrammar):
        parse(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["de", "le", "club"], "du club"),
        (["la", "association"], "l' association"),
        (["d'", "le", "club"], "du club"),
        (["à", "les", "jeunes"], "aux jeunes"),
        (["d'", "une", "ville"], "d' une ville"),
    ],
)
def test_words_are_put_together_as_french_does(words: list[str], expected: str) -> None:
    assert " ".join(word.text for word in elided([Word(one) for one in words])) == expected


def test_noise_keeps_what_words_say() -> None:
    words = [Word("nous", frozenset({"a=b"})), Word("donne"), Word("8k", frozenset({"c=d"}))]

    for seed in range(40):
        made = written(words, random.Random(seed), {"nous": ["ns"]})
        assert {label for _, _, label in made.spans} <= {"a=b", "c=d"}
        assert "c=d" in {label for _, _, label in made.spans}


def test_accents_go() -> None:
    assert bare("éçàÎ") == "ecaI"


def test_runs_are_the_stretches_over_the_floor() -> None:
    assert runs([0.9, 0.1, 0.1, 0.7, 0.4, 0.1, 0.8, 0, 0, 0.4], 0.6, 0.3) == [(0, 1), (3, 7)]


def test_probabilities_are_one_a_word_and_label_whatever_the_length() -> None:
    tagger, preparer = load_tagger(), Preparer(LEXICON)

    for text in ("", "ok", "une boite nous donne 8k", "mot " * 900):
        seen = tokens(preparer.prepare(text), LEXICON, tagger.known)
        scores = tagger.probabilities(seen)
        assert scores.shape == (len(seen.starts), len(tagger.labels))
        assert ((scores >= 0) & (scores <= 1)).all()


def test_the_same_message_is_read_the_same_twice() -> None:
    text = "coach au club de boxe, un patron veut payer un minibus avec son enseigne dessus"

    assert read_message(text, lexicon=LEXICON, today=TODAY) == read_message(
        text, lexicon=LEXICON, today=TODAY
    )


@pytest.mark.torch
def test_training_again_gives_the_same_weights_which_run_without_torch() -> None:
    import torch

    from assistant.coaching.understanding.training import Learned, Row, exported, tensors, train

    printing = press(CORPUS)
    small = Press(printing.grammar, printing.lexicon, printing.written[:30], printing.known)
    learned = Learned.of(small.labels(), grammar_labels(small.grammar))
    samples = small.samples(64, seed=3) + small.retold(1, seed=3)
    made, again = (train(samples, learned, epochs=1) for _ in range(2))
    first = exported(made)

    for name, value in exported(again).weights.items():
        assert np.array_equal(value, first.weights[name])
    flat, offsets, mask, *_ = tensors([Row.of(samples[0])], learned, None)
    with torch.no_grad():
        wanted = torch.sigmoid(made(flat, offsets, mask))[0].numpy()
    assert np.allclose(first.probabilities(samples[0].tokens), wanted, atol=0.01)


def test_a_fold_of_the_messages_by_hand_is_never_trained_on() -> None:
    printing = press(CORPUS)
    small = Press(printing.grammar, printing.lexicon, printing.written[:60], printing.known)
    left_out = {one.text() for one in small.written if fold_of(one) == 0}

    kept = {one.text for one in small.retold(1, seed=1, fold_kept=0)}

    assert left_out
    assert not kept & left_out
    assert kept | left_out == {one.text() for one in small.written}


def test_a_name_is_a_name_whoever_bears_it() -> None:
    printing = press(CORPUS)
    names = printing.labels()
    own, other, name = (names.index(one) for one in ("acteur_nom", "partenaire_nom", NAME))

    for sample in printing.samples(60, seed=5):
        for labels in sample.labels:
            assert (name in labels) == (own in labels or other in labels)


def findings(text: str) -> dict[str, set[str]]:
    read = read_message(text, lexicon=LEXICON, today=TODAY)
    found: dict[str, set[str]] = {}
    for one in read.findings:
        assert text[one.start : one.end] == one.words
        found.setdefault(one.slot, set()).add(str(one.value))
    return found


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        # the author in the third person
        ("L'association Les Petits Pas, que je préside, sollicite la société Lumivert",
         "acteur_type", "association"),
        ("La commune de Vire souhaite prêter une salle à l'association Les Amis du Canal",
         "acteur_type", "collectivite"),
        # what no pattern says
        ("asso de cirque, c'est la directrice de la banque qui est venue nous voir avec 3000 euros",
         "initiative", "entreprise"),
        ("la banque met 10k mais hors de question que notre nom serve à vendre des crédits",
         "lignes_rouges", "nom serve à vendre"),
        ("c koi la diff entre mecenat et sponsoring, pcq un garage veut nous donner 500 euros",
         "flux", "['don_numeraire']"),
    ],
)  # fmt: skip
def test_what_patterns_miss_is_offered(text: str, slot: str, value: str) -> None:
    assert any(value in said for said in findings(text).get(slot, set()))


@pytest.mark.parametrize(
    "text",
    ["Une association peut-elle recevoir un don en nature ?", "bonjour", "merci beaucoup à vous",
     "c'est toujours compliqué avec l'administration, on n'en voit pas le bout"],
)  # fmt: skip
def test_what_says_nothing_of_a_case_gives_nothing_for_sure(text: str) -> None:
    read = read_message(text, lexicon=LEXICON, today=TODAY)

    assert not [one for one in read.findings if one.sure]


def test_a_negative_amount_is_not_offered_as_its_opposite() -> None:
    assert "don.montant" not in findings("ce serait un don de -500 euros pour notre association")


@pytest.mark.parametrize("text", ["on signe le 31 février 2027", "signature le 31/02/2027"])
def test_a_day_of_no_calendar_is_never_another_day(text: str) -> None:
    assert findings(text).get("date_cible") == {"2027-02-31"}


@pytest.mark.parametrize(
    ("text", "name", "step"),
    [
        ("revenons à l'étape 3", "go_to", 3),
        ("étape suivante", "go_to", 0),
        ("passons à la prochaine étape", "go_to", 0),
        ("plus tard", "skip", None),
        ("je reviens plus tard", "pause", None),
    ],
)
def test_small_orders_are_told_apart(text: str, name: str, step: int | None) -> None:
    command = read_message(text, lexicon=LEXICON, today=TODAY).command

    assert command is not None
    assert (command.name, command.step) == (name, step)
