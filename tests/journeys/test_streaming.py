"""An answer in a model's words, as a reader sees it come: real page, real server, scripted model."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from assistant.bootstrap import Engine
from tests.llm.conftest import ScriptedServer, scripted_process, scripted_server  # noqa: F401
from tests.web.serving import serving, unclosable
from tests.web.test_answer_stream import Switch

QUESTION = "Quels sont les risques d'un partenariat pour une association ?"
NEXT = "Quelles sont les sept étapes d'un partenariat ?"
SPEAKING = "honest?pace=100&length=8"  # a sentence is said in a fraction of a second
# every state of the answer that was ever on the page, in order
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const answer = document.querySelector('.is-pending .answer');
    const said = answer ? [...answer.querySelectorAll('p:not(.waiting)')].map((p) => p.textContent) : [];
    const text = said.join(' ');
    if (answer && text !== (window.seen.at(-1) ?? '')) window.seen.push(text);
  };
  const turns = document.getElementById('turns');
  new MutationObserver(look).observe(turns, {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def switch(scripted_process: ScriptedServer) -> Switch:  # noqa: F811
    return Switch(scripted_process)


@pytest.fixture(scope="module")
def worded(
    switch: Switch, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The application, whose answers a scripted model words."""
    data = tmp_path_factory.mktemp("worded")
    with serving(data, lambda _: unclosable(engine), build_model=lambda _: switch) as url:
        yield url


@pytest.fixture
def chat(worded: str, open_page: Callable) -> Any:
    """The page of a new conversation, whose answers are watched as they come."""
    page = open_page()
    page.goto(f"{worded}/conversation")
    page.evaluate(WATCH)
    return page


def ask(page: Any, question: str = QUESTION) -> None:
    page.fill("#question", question)
    page.keyboard.press("Enter")


def first_sentence(page: Any) -> str:
    """What is on the page as soon as something of the answer is."""
    page.locator(".is-pending .answer p:not(.waiting)").first.wait_for()
    text: str = page.evaluate("window.seen.find((text) => text)")
    return text


def settled(page: Any, number: int = 0) -> Any:
    """The turn as the server draws it."""
    turn = page.locator(".turn[data-id]").nth(number)
    turn.wait_for()
    return turn


def words(text: str) -> str:
    """A text without its numbers, spaces and punctuation: what is said, however it is drawn."""
    return re.sub(r"\W+|(?<=\w)_(?=\w)", "", re.sub(r"\[S?\d+\]", "", text)).lower()


def answer_of(turn: Any) -> str:
    """The words of a settled answer, without the numbers of its sources."""
    said: str = turn.locator(".answer").evaluate(
        """(one) => { const copy = one.cloneNode(true);
        for (const marks of copy.querySelectorAll('.marks')) marks.remove();
        return copy.textContent; }"""
    )
    return said


def test_sentences_come_one_after_another_while_the_model_speaks(
    chat: Any,
    switch: Switch,
    scripted_server: ScriptedServer,  # noqa: F811
) -> None:
    switch.play(SPEAKING)
    ask(chat)
    early = first_sentence(chat)
    assert scripted_server.ask("counters")["open_streams"] == 1
    assert chat.locator("#stop").is_visible()
    assert chat.locator(".is-pending .answer").get_attribute("aria-busy") == "true"
    turn = settled(chat)

    seen = chat.evaluate("window.seen")
    assert seen[0] == early
    assert len(seen) >= 3
    for before, after in pairwise(seen):
        assert after.startswith(before)
        assert re.search(r"[.!?…»:]\s*$", after), after  # never half a sentence
    assert not re.search(r"\[S?\d", "".join(seen))
    assert words(answer_of(turn)) == words(seen[-1])
    assert "Rédigé par un" in turn.locator(".worded-note").inner_text()
    assert turn.locator(".note").count() == 0
    assert chat.locator("#stop").is_hidden()
    assert scripted_server.last()["end"] == "done"


def test_stop_ends_the_model_and_leaves_nothing_but_the_question(
    chat: Any,
    worded: str,
    switch: Switch,
    scripted_server: ScriptedServer,  # noqa: F811
) -> None:
    switch.play(SPEAKING)
    ask(chat)
    early = first_sentence(chat)
    chat.locator("#stop").click()
    chat.locator(".is-failed .note").wait_for()

    scripted_server.until(lambda counters: counters["open_streams"] == 0)
    assert scripted_server.last()["end"] == "left"
    failed = chat.locator(".is-failed")
    assert "interrompue" in failed.locator(".note").inner_text()
    assert chat.locator("#announcement").inner_text() == failed.locator(".note").inner_text()
    assert early in failed.inner_text().replace("\n", " ")  # what was read is not taken away
    assert chat.input_value("#question") == QUESTION
    assert chat.locator("#stop").is_hidden()
    assert chat.locator(".turn[data-id]").count() == 0

    switch.play("honest")
    chat.locator("#question").press("Enter")
    kept = answer_of(settled(chat))
    chat.reload()
    assert chat.locator(".turn").count() == 1
    assert answer_of(chat.locator(".turn")) == kept


@pytest.mark.parametrize("accident", ["cut", "error-mid", "hang-mid"])
def test_a_model_that_fails_while_it_speaks_leaves_the_sentences_of_the_sources(
    chat: Any, switch: Switch, engine: Engine, accident: str
) -> None:
    switch.play(f"{accident}?after=90&length=8")
    ask(chat)
    turn = settled(chat)

    source = engine.answerer.answer(QUESTION)
    seen = chat.evaluate("window.seen")
    assert seen[0]  # a sentence of the model had been shown
    shown = seen[: seen.index("")]  # and what was shown was taken back before the others came
    assert all(text.startswith(seen[0]) for text in shown)
    assert words(seen[-1]) == words(source.answer)
    assert words(answer_of(turn)) == words(source.answer)
    note = turn.locator(".reply > .note").inner_text()
    assert note.endswith("telles quelles.")
    assert turn.locator(".worded-note").count() == 0
    assert words(note) in words(chat.locator("#announcement").inner_text())
    chat.reload()
    assert chat.locator(".reply > .note").inner_text() == note


def test_a_number_in_the_model_s_words_opens_the_cited_passage(chat: Any, switch: Switch) -> None:
    switch.play("honest?length=8")
    ask(chat)
    turn = settled(chat)
    cited = turn.locator(".answer .mark-link").evaluate_all(
        "all => all.map((e) => e.dataset.source)"
    )
    assert len(set(cited)) >= 2
    for number in sorted(set(cited)):
        link = turn.locator(f".answer .mark-link[data-source='{number}']").first
        beside = link.evaluate("e => e.closest('li, p').textContent")
        link.click()
        panel = chat.locator("#panel[open]")
        panel.wait_for()
        assert panel.locator("#panel-number").inner_text() == number
        passage = turn.locator(f".source[data-number='{number}'] .passage").text_content()
        assert words(passage) == words(panel.locator(".passage").text_content())
        assert words(panel.locator("mark.is-cited").first.inner_text()) in words(beside)
        chat.keyboard.press("Escape")
        assert chat.locator("#panel[open]").count() == 0


def test_nothing_is_lost_when_a_second_question_is_asked_too_early(
    chat: Any,
    switch: Switch,
    scripted_server: ScriptedServer,  # noqa: F811
) -> None:
    switch.play(SPEAKING)
    ask(chat)
    first_sentence(chat)
    ask(chat, NEXT)  # the model still speaks: it waits in its box
    assert chat.locator(".turn").count() == 1
    assert chat.input_value("#question") == NEXT
    one = answer_of(settled(chat))
    assert chat.input_value("#question") == NEXT
    assert scripted_server.last()["end"] == "done"

    switch.play("honest")
    chat.keyboard.press("Enter")
    other = answer_of(settled(chat, 1))
    assert chat.input_value("#question") == ""
    assert answer_of(chat.locator(".turn").first) == one
    assert one != other
    chat.reload()
    turns = chat.locator(".turn")
    assert turns.locator(".question").all_inner_texts() == [QUESTION, NEXT]
    assert [answer_of(turn) for turn in turns.all()] == [one, other]
