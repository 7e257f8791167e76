"""Someone asks, reads a source, goes on, disagrees, shares."""

import re
import uuid
from pathlib import Path

from assistant.store.store import Store
from assistant.store.values import NewMessage
from web.owner import COOKIE

QUESTION = "Quels sont les risques d'un partenariat pour une association ?"


def ask(page, question: str = QUESTION) -> None:
    turns = page.locator(".turn[data-id]").count()
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.locator(".turn[data-id]").nth(turns).wait_for()


def test_a_newcomer_asks_and_opens_a_source_by_keyboard_alone(address, open_page) -> None:
    page = open_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".turn[data-id]").wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if "mark-link" in page.evaluate("document.activeElement.className"):
            break
    page.keyboard.press("Enter")
    panel = page.locator("#panel[open]")
    panel.wait_for()
    assert panel.locator("mark.is-cited").count() >= 1
    assert "Guide" in panel.inner_text()
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    assert page.locator("#panel[open]").count() == 0
    assert "mark-link" in page.evaluate("document.activeElement.className")


def test_the_cited_sentence_is_the_one_beside_the_number(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page)
    item = page.locator(".answer li").first
    item.locator(".mark-link").first.click()
    cited = page.locator("#panel mark.is-cited").first.inner_text()
    assert cited in item.inner_text().replace("\n", " ")


def test_on_a_phone_the_source_is_a_sheet_at_the_bottom(address, open_page) -> None:
    page = open_page(390, 844)
    page.goto(f"{address}/conversation")
    ask(page)
    page.locator(".mark-link").first.click()
    box = page.locator("#panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] > 150
    page.keyboard.press("Escape")
    assert "mark-link" in page.evaluate("document.activeElement.className")


def test_the_answer_is_announced_once(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    page.evaluate(
        """() => { window.said = [];
        new MutationObserver(() => window.said.push(document.getElementById('announcement').textContent))
          .observe(document.getElementById('announcement'), {childList: true, characterData: true, subtree: true}); }"""
    )
    ask(page)
    page.locator("#announcement", has_text="risques").wait_for(state="attached")
    said = [text for text in page.evaluate("window.said") if text]
    assert len(said) == 1
    assert "cinq risques" in said[0]
    assert page.locator("[aria-live], [role=status]").count() == 1


def test_enter_sends_and_shift_enter_goes_to_the_line(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    page.fill("#question", "Une ligne")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("et une autre")
    assert page.input_value("#question") == "Une ligne\net une autre"
    assert page.locator(".turn").count() == 0


def test_stop_leaves_no_turn_and_gives_the_question_back(slow_address, open_page) -> None:
    page = open_page()
    page.goto(f"{slow_address}/conversation")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator("#stop:visible").click()
    page.locator(".is-failed .note").wait_for()
    assert page.input_value("#question") == QUESTION
    assert page.evaluate("document.activeElement.id") == "question"
    page.wait_for_timeout(2_000)
    page.goto(f"{slow_address}/conversations")
    assert "Aucune conversation" in page.locator("main").inner_text()


def test_what_is_typed_while_the_answer_comes_is_kept(slow_address, open_page) -> None:
    page = open_page()
    page.goto(f"{slow_address}/conversation")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator(".is-pending").wait_for()
    page.locator("#question").press_sequentially("et ensuite ?")
    page.locator(".turn[data-id]").wait_for()
    assert page.input_value("#question") == "et ensuite ?"


def test_a_follow_up_and_a_suggestion(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page)
    assert re.search(r"/conversations/[0-9a-f-]{36}$", page.url)
    assert "risques" in page.title()
    ask(page, "à quelle page ?")
    assert "page" in page.locator(".turn").nth(1).locator(".answer").inner_text()
    suggestion = page.locator(".turn").first.locator(".suggestion").first
    asked = suggestion.inner_text()
    suggestion.click()
    page.locator(".turn[data-id]").nth(2).wait_for()
    assert page.locator(".turn").nth(2).locator(".question").inner_text() == asked
    page.reload()
    assert page.locator(".turn").count() == 3


def test_thumbs_down_with_a_reason(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page)
    page.locator(".complaint summary").click()
    page.get_by_label("Elle est incomplète").check()
    page.get_by_label("Précision").fill("Il manque un exemple.")
    page.get_by_role("button", name="Envoyer l’avis").click()
    page.get_by_text("Avis enregistré, merci.").first.wait_for()
    page.reload()
    page.locator(".complaint summary").click()
    assert page.get_by_label("Elle est incomplète").is_checked()
    assert page.get_by_label("Précision").input_value() == "Il manque un exemple."


def test_a_shared_link_opens_for_someone_else(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page)
    page.get_by_text("Partager", exact=True).click()
    page.get_by_role("button", name="Créer le lien").click()
    link = page.locator("#share-link").get_attribute("href")
    other = open_page()
    other.goto(f"{address}{link}")
    assert "lecture seule" in (other.locator("main").text_content() or "")
    assert other.locator("form").count() == 0
    other.locator(".mark-link").first.click()
    assert other.locator("#panel mark").count() >= 1


def test_copying_gives_the_answer_and_its_sources(address, open_page) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/conversation")
    ask(page)
    page.get_by_role("button", name="Copier avec les sources").click()
    page.locator(".copy.is-done").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in text
    assert re.search(r"\[1\] Guide .*p\. \d+", text)


def test_a_refusal_is_honest_and_helpful(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page, "Quelle est la recette de la tarte Tatin ?")
    refusal = page.locator(".turn.is-refusal")
    assert refusal.locator(".refusal-name").is_visible()
    assert refusal.locator(".sources").count() == 0


def test_the_server_that_stops_is_told_and_the_question_kept(address, open_page, browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/conversation")
    context.set_offline(True)
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator(".is-failed .note").wait_for()
    assert page.input_value("#question") == QUESTION
    context.close()


def test_without_javascript_everything_still_works(address, open_page) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address)
    page.fill("#question", QUESTION)
    page.get_by_role("button", name="Poser la question").click()
    assert "#tour-1" in page.url
    page.locator(".mark-link").first.click()
    assert page.url.endswith("#tour-1-s1")
    assert page.locator("#tour-1-s1 mark").first.is_visible()
    page.locator(".complaint summary").click()
    page.get_by_label("Elle est inexacte").check()
    page.get_by_role("button", name="Envoyer l’avis").click()
    assert "Avis enregistré" in page.locator(".turn").inner_text()
    page.fill("#question", "à quelle page ?")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    assert page.locator(".turn").count() == 2
    page.goto(f"{address}/fiches")
    page.fill("input[name=q]", "budget")
    page.get_by_role("button", name="Filtrer").click()
    assert "q=budget" in page.url
    assert "sur" in page.locator(".count").inner_text()


def grown_to(turns: int, kept: Path, page) -> str:
    """Repeat the last turn of the page's conversation, as the server kept it; returns its id."""
    identifier = page.url.rsplit("/", 1)[1]
    (owner,) = (one["value"] for one in page.context.cookies() if one["name"] == COOKIE)
    store = Store.open(kept)
    *_, last = store.messages(store.conversation(identifier, owner=owner))
    for _ in range(last.position, turns):
        again = str(uuid.uuid4())
        new = NewMessage(
            id=again, question=last.question, actor=last.actor, resolved=last.resolved,
            reply={**last.reply, "id": again}, units=last.units,
        )  # fmt: skip
        store.add(identifier, new, owner=owner)
    store.close()
    return identifier


def test_two_hundred_turns_stay_quick(address, kept, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/conversation")
    ask(page)
    ask(page, "Quelles sont les sept étapes d’un partenariat ?")
    conversation = grown_to(200, kept, page)
    page.reload()
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    assert page.locator(".turn").count() == 20
    assert took < 2_500
    page.goto(f"{address}/conversations/{conversation}?depuis=1")
    assert page.locator(".turn").count() == 200
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 6_000
