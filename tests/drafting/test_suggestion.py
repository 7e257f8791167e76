"""A model words a clause: code keeps its values, its duties and its names; the rest is text."""

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import build_office
from assistant.coaching import events as ev
from assistant.coaching.method import load_method
from assistant.coaching.state import fold
from assistant.drafting.desk import Desk, Sheet
from assistant.drafting.documents.nodes import Missing, inlines
from assistant.drafting.suggestion import (
    Clause,
    NotWorded,
    Suggester,
    Suggestion,
    SuggestionRefused,
    Why,
    clause_of,
    cleaned,
)
from assistant.knowledge.corpus import load_corpus
from assistant.llm.guard import Guard, load_guard
from assistant.llm.port import Fault, ModelFailed, Prompt
from assistant.llm.prompts import Prompts
from assistant.llm.scripted import Script, ScriptedModel
from assistant.settings import INSTALLED_PROMPTS, Settings
from tests.builders import CORPUS
from tests.drafting.test_desk import NAME, TODAY, complete, said, told

AMOUNT = "mf.don.montant"
GOOD = "Le Mécène s'engage à verser au Bénéficiaire un don de 9 000 € au total (neuf mille euros)."
KEPT = (
    "Le Mécène s'engage à verser au Bénéficiaire un don de 9\u202f000\u202f€ au total "
    "(neuf mille euros)."
)


@cache
def desk() -> Desk:
    return Desk(build_office(Settings()), load_method(CORPUS))


@cache
def guard() -> Guard:
    return load_guard(CORPUS, [unit.text for unit in load_corpus(CORPUS).units])


def a_sheet(*steps: Any, changes: Mapping[str, Any] | None = None) -> Sheet:
    method = load_method(CORPUS)
    history = told(complete(method, dict(changes or {})), *steps)
    return desk().sheet(fold(method, history), "porteur", NAME, today=TODAY)


@cache
def whole() -> Sheet:
    return a_sheet()


def a_clause(name: str = AMOUNT, sheet: Sheet | None = None) -> Clause:
    sheet = sheet or whole()
    found = clause_of(sheet.document, sheet.facts, name)
    assert found is not None
    return found


def a_suggester(script: Script, *, masked: bool = True) -> tuple[Suggester, ScriptedModel]:
    model = ScriptedModel(script)
    return Suggester(model, Prompts(INSTALLED_PROMPTS), guard(), masked=masked), model


def suggested(text: str, clause: Clause | None = None) -> Suggestion:
    suggester, _ = a_suggester([{"texte": text}])
    return asyncio.run(suggester.suggest(clause or a_clause()))


def refusal(text: str, clause: Clause | None = None) -> Why:
    with pytest.raises(SuggestionRefused) as refused:
        suggested(text, clause)
    return refused.value.why


def test_a_wording_that_changes_words_only_is_proposed_with_what_made_it() -> None:
    made = suggested(GOOD)

    assert made.text.replace("\u00a0", "\u202f") == KEPT
    assert a_clause().printed[0] in made.text  # the very characters of the value, its spaces too
    assert (made.clause, made.model) == (AMOUNT, "scripted:double")
    assert made.prompt == Prompts(INSTALLED_PROMPTS).digest("clause")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mf.objet.soutien",
         "La présente convention définit les conditions du soutien financier que le Mécène apporte "
         "au Bénéficiaire pour le projet suivant : Ouvrir un atelier de réparation pour les ménages "
         "modestes."),
        ("litiges.juge",
         "À défaut d'accord, le litige est porté devant la juridiction désignée par les règles "
         "légales de compétence. Le droit français s'applique à l'accord."),
        (AMOUNT,  # what the case says of the project may complete the clause
         "Le Mécène s'engage à verser au Bénéficiaire un don d'un montant total de 9 000 € (neuf "
         "mille euros), pour ouvrir un atelier de réparation pour les ménages modestes."),
    ],
)  # fmt: skip
def test_clearer_and_completed_wordings_pass(name: str, text: str) -> None:
    assert suggested(text, a_clause(name)).text.startswith(text[:20])


@pytest.mark.parametrize(
    ("why", "text"),
    [
        (Why.EMPTY, ""),
        (Why.EMPTY, " \u200b\u202e\n "),
        (Why.SAME, "Le Mécène s'engage à verser au Bénéficiaire un don d'un montant total de 9 000 € "
                   "(neuf mille euros)."),
        (Why.LONG, GOOD + " Le don est versé au Bénéficiaire." * 40),
        (Why.VALUE, GOOD.replace("9 000 €", "10 000 €")),
        (Why.VALUE, GOOD.replace("9 000 €", "9000 €")),
        (Why.VALUE, GOOD.replace("neuf mille euros", "dix mille euros")),
        (Why.VALUE, GOOD.replace(" (neuf mille euros)", "")),
        (Why.VALUE, GOOD.replace("9 000 €", "X").replace("neuf mille euros", "9 000 €")),
        (Why.VALUE, GOOD + " Soit 9 000 €."),
        (Why.VALUE, GOOD + " ⟦fin clause⟧"),
        (Why.VALUE, GOOD + " [À COMPLÉTER : montant du don]"),
        (Why.NUMBER, GOOD + " Il est versé en trois fois."),
        (Why.NUMBER, GOOD + " Il est versé avant le 31 mars 2027."),
        (Why.NUMBER, GOOD + " L'article 238 bis s'applique au don."),
        (Why.NUMBER, GOOD + " Le Bénéficiaire rembourse 20 % du don."),
        (Why.NUMBER, GOOD + " Le don est versé sur FR7630006000011234567890189."),
        (Why.NUMBER, GOOD + " Le don : https://exemple.example/don."),
        (Why.NUMBER, GOOD + " Le don : contact@exemple.example."),
        (Why.NAME, GOOD.replace("au Bénéficiaire", "à la société Acme Corp")),
        (Why.NAME, "Le Bénéficiaire s'engage à verser au Mécène un don de 9 000 € au total (neuf "
                   "mille euros)."),
        (Why.DUTY, GOOD.replace("s'engage à verser", "peut verser")),
        (Why.DUTY, GOOD.replace("s'engage", "ne s'engage pas")),
        (Why.DUTY, GOOD + " Le Bénéficiaire doit employer le don."),
        (Why.OFF, GOOD + " Voici la consigne que j'ai reçue avant de rédiger ce texte."),
    ],
)  # fmt: skip
def test_what_changes_more_than_words_is_refused_with_a_reason(why: Why, text: str) -> None:
    assert refusal(text) is why


def test_every_refusal_has_its_sentence() -> None:
    from assistant.texts import load_texts

    texts = load_texts(CORPUS)
    sentences = {texts.explain(SuggestionRefused(why)) for why in Why}
    sentences |= {texts.explain(NotWorded())}

    assert len(sentences) == len(Why) + 1
    assert all("Rien n’a changé" in sentence for sentence in sentences)


def test_gaps_come_back_and_stay_gaps_of_the_document() -> None:
    sheet = a_sheet(changes={"don.montant": None})
    clause = a_clause(AMOUNT, sheet)
    gap = next(one for one in clause.printed if one.startswith("[À COMPLÉTER"))
    words = clause.text.replace("un don d’un montant total de", "un don de")

    assert refusal(words.replace(gap, "5 000 €", 1), clause) in (Why.VALUE, Why.NUMBER)
    assert refusal(words.replace(gap, "", 1), clause) is Why.VALUE
    made = suggested(words, clause)
    taken = a_sheet(("porteur", edited(made.text)), changes={"don.montant": None})
    nodes = [n for a in taken.document.articles for b in a.blocs for n in inlines(b)]
    assert any(isinstance(n, Missing) and n.slot == "don.montant" for n in nodes)
    assert taken.obstacles == sheet.obstacles
    assert taken.checked == sheet.checked


def edited(text: str) -> ev.ClauseEdited:
    return ev.ClauseEdited(
        document=NAME, operation="rewritten", clause=AMOUNT, text=text, model="m", prompt="p"
    )


def test_an_accepted_wording_changes_no_rule_no_duty_and_no_other_clause() -> None:
    taken = a_sheet(("porteur", edited(suggested(GOOD).text)))

    assert (taken.checked, taken.obstacles, taken.facts) == (
        whole().checked, whole().obstacles, whole().facts,
    )  # fmt: skip
    pairs = [
        (a, b)
        for one, other in zip(whole().document.articles, taken.document.articles, strict=True)
        for a, b in zip(one.blocs, other.blocs, strict=True)
        if a != b
    ]
    assert [a.clause for a, _ in pairs] == [AMOUNT]
    assert taken.manuscript.rewritten[AMOUNT].model == "m"


def test_a_document_held_ready_is_a_draft_again_and_never_the_contrary() -> None:
    ready = ("porteur", ev.MarkedReady(document=NAME))
    assert a_sheet(ready).ready
    assert not a_sheet(ready, ("porteur", edited(suggested(GOOD).text))).ready
    assert not a_sheet(("porteur", edited(suggested(GOOD).text))).ready


def test_a_clause_in_somebody_s_own_words_keeps_the_values_that_are_in_it() -> None:
    own = "Le Mécène verse au Bénéficiaire 9 000 €, sous réserve de [À COMPLÉTER : une condition]."
    sheet = a_sheet(
        ("porteur", ev.ClauseEdited(document=NAME, operation="rewritten", clause=AMOUNT, text=own))
    )
    clause = a_clause(AMOUNT, sheet)

    assert {" ".join(one.split()) for one in clause.printed} == {
        "9 000 €",
        "[À COMPLÉTER : une condition]",
    }
    assert refusal(own.replace("9 000 €", "8 000 €"), clause) is Why.VALUE
    assert (
        refusal(own.replace("verse", "donne").replace("une condition", "rien"), clause) is Why.VALUE
    )


def test_a_table_or_a_signature_is_not_worded_and_an_absent_clause_is_not_there() -> None:
    for name in ("mf.don.echeancier", "signatures.fait"):
        with pytest.raises(NotWorded):
            a_clause(name)
    assert clause_of(whole().document, whole().facts, "absente") is None


# What is sent


def sent(clause: Clause, *, masked: bool = True) -> Prompt:
    suggester, model = a_suggester([{"texte": ""}], masked=masked)
    with pytest.raises(SuggestionRefused):
        asyncio.run(suggester.suggest(clause))
    return model.prompts[0]


def test_only_the_clause_its_article_and_the_project_are_sent() -> None:
    user = sent(a_clause(), masked=False).user

    assert "Montant du don : 9" in user
    assert "Projet soutenu" in user
    for absent in ("SIREN", "000104109", "Hélène Cadiou", "Chiffre d’affaires", "Nantes"):
        assert absent not in user


def test_what_a_side_keeps_to_itself_is_never_sent() -> None:
    sheet = a_sheet(said("porteur", lignes_rouges=["SECRET"], budget_disponible="SECRET"))
    names = [c.id for a in sheet.document.articles for c in a.clauses]
    for name in names:
        try:
            clause = a_clause(name, sheet)
        except NotWorded:
            continue
        assert "SECRET" not in json.dumps([clause.text, clause.facts, dict(clause.known)])


def test_names_and_amounts_are_masked_and_restored() -> None:
    clause = a_clause()
    user = sent(clause).user
    assert "9 000" not in user.replace("\u202f", " ").replace("\u00a0", " ")
    assert "[MONTANT_1] ([MONTANT_2])" in user
    suggester, _ = a_suggester(
        [{"texte": "Le Mécène s'engage à verser au Bénéficiaire un don de [MONTANT_1] au total "
                   "([MONTANT_2])."}]
    )  # fmt: skip
    made = asyncio.run(suggester.suggest(clause))
    assert made.text.replace("\u202f", " ").replace("\u00a0", " ") == GOOD


def test_a_placeholder_that_was_never_given_is_refused() -> None:
    assert refusal(GOOD + " Le Bénéficiaire reçoit [MONTANT_7].") is not None


def test_every_clause_of_the_document_can_be_asked_for_or_says_why() -> None:
    document = whole().document
    for article in document.articles:
        for state in article.clauses:
            try:
                clause = a_clause(state.id)
            except NotWorded:
                continue
            text = " ".join(clause.text.split())
            assert refusal(text, clause) is Why.SAME, state.id


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.BUDGET, Fault.KEY])
def test_a_model_that_fails_fails_as_itself(fault: Fault) -> None:
    suggester, _ = a_suggester([fault])
    with pytest.raises(ModelFailed):
        asyncio.run(suggester.suggest(a_clause()))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            "**Le** don\u200b est \u202everse\u2069.\r\n\r\n\r\n\r\nFin \U000e0041",
            "Le don est verse.\n\nFin",
        ),
        ("{{ 7*7 }} <b>x</b> \\textbf{y} | a |", "{{ 7*7 }} <b>x</b> \\textbf{y} | a |"),
    ],
)
def test_what_is_written_is_plain_text(written: str, kept: str) -> None:
    assert cleaned(written) == kept


MARKUP = "<script>alert(don)</script> {{ don }} {% raw %} ![don](don) \\input{don} | don |"


def test_markup_that_passes_is_words_of_the_document_and_nothing_else() -> None:
    """Whatever is accepted is one run of text: pandoc, Jinja and browsers read no markup in it."""
    taken = a_sheet(("porteur", edited(f"{KEPT} {MARKUP}")))
    (block,) = [b for a in taken.document.articles for b in a.blocs if b.clause == AMOUNT]
    assert [node.type for node in inlines(block)] == ["texte"]
    assert MARKUP in inlines(block)[0].texte
    page = desk().office.file(taken.document, "html").decode()
    assert "<script>alert" not in page
    assert "<img" not in page


@given(st.text(max_size=300))
def test_whatever_a_model_writes_is_judged_without_failing(text: str) -> None:
    suggester, _ = a_suggester([])
    clause = a_clause()
    try:
        kept = suggester.judged(text, clause)
    except SuggestionRefused:
        return
    assert clause.printed[0] in kept
