"""A trainer leads a room from the keyboard, on a laptop and on a phone."""

import re

import httpx
import pytest

from tests.journeys.test_looks import overflow_of, violations_by_theme

OPEN = re.compile(r"^\s*ouverte")  # not « pas encore ouverte »


def a_workshop(page, address: str) -> str:
    """Prepare the shortest format; returns the address of the workshop."""
    page.goto(f"{address}/ateliers")
    page.locator(".atelier-format button").first.click()
    page.wait_for_url(re.compile(r"/ateliers/[0-9a-f-]{36}$"))
    return page.url


class Phone:
    """A participant without a browser."""

    def __init__(self, address: str, code: str, name: str) -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True)
        self.room = self.client.post("/rejoindre", data={"code": code, "nom": name}).url.path

    def say(self, word: str) -> None:
        page = self.client.get(self.room).text
        item = re.search(r'name="_activite" value="([^"]+)"', page)[1]
        nonce = re.search(r'name="_envoi" value="([^"]+)"', page)[1]
        sent = {"_activite": item, "_envoi": nonce, "mot": [word]}
        assert self.client.post(f"{self.room}/contribuer", data=sent).status_code == 200

    def ask(self, words: str) -> None:
        self.client.post(f"{self.room}/question", data={"question": words, "envoi": "12345678"})


@pytest.fixture
def room(address, open_page):
    """The cockpit on « un mot », closed, and three phones."""
    page = open_page(1280, 800)
    workshop = a_workshop(page, address)
    code = page.locator(".tete-code").inner_text()
    phones = [Phone(address, code, name) for name in ("Ana", "Bob", "Zoé")]
    page.goto(f"{workshop}/animer")
    yield page, workshop, phones
    for phone in phones:
        phone.client.close()


def title(page, words: str) -> None:
    page.locator("#titre-scene", has_text=words).wait_for()


def test_a_room_is_led_with_the_keys(address, room) -> None:
    page, _, phones = room
    projected = page.context.new_page()
    projected.goto(address + page.locator(".tete-porte a").get_attribute("href"))
    page.keyboard.press("ArrowRight")
    title(page, "Bienvenue")
    page.keyboard.press("PageDown")
    title(page, "Une alliance, en un mot")
    page.keyboard.press("o")
    page.locator(".phase", has_text=OPEN).wait_for()

    for phone, word in zip(phones, ("confiance", "confiance", "projet"), strict=True):
        phone.say(word)
    page.locator(".cockpit-resultats .nuage", has_text="confiance").wait_for()
    assert not projected.locator(".nuage").count()
    page.keyboard.press("e")
    projected.locator(".nuage", has_text="confiance").wait_for()
    page.keyboard.press("p")
    page.locator("#b-telephones[aria-pressed=true]").wait_for()
    page.keyboard.press("n")
    page.locator("#b-noir[aria-pressed=true]").wait_for()
    page.keyboard.press("u")
    page.locator("#b-noir[aria-pressed=false]").wait_for()
    page.keyboard.press("m")
    page.locator("#b-annuler", has_text="minuteur").wait_for()
    page.keyboard.press("c")
    page.locator("#b-chrono", has_text="Minuteur").wait_for()
    page.keyboard.press("o")
    page.locator(".phase", has_text="close").wait_for()
    page.keyboard.press("ArrowLeft")
    title(page, "Bienvenue")
    page.keyboard.press("?")
    assert page.locator("#volet-aide").get_attribute("open") is not None


def test_keys_stay_letters_while_one_types_and_can_be_put_off(room) -> None:
    page, _, phones = room
    page.keyboard.press("ArrowRight")
    title(page, "Bienvenue")
    page.keyboard.press("ArrowRight")
    title(page, "Une alliance")
    page.keyboard.press("o")
    page.locator(".phase", has_text=OPEN).wait_for()
    phones[0].say("projet")
    page.locator("#volet-contributions summary").click()
    page.locator("#groupe").fill("")
    page.locator("#groupe").press_sequentially("noue")
    assert page.locator("#groupe").input_value() == "noue"
    assert page.locator("#b-noir").get_attribute("aria-pressed") == "false"

    page.locator("#volet-aide summary").click()
    page.locator("#raccourcis").uncheck()
    page.locator("h1").click()
    page.keyboard.press("n")
    page.reload()
    assert page.locator("#b-noir").get_attribute("aria-pressed") == "false"
    page.locator("#volet-aide summary").click()
    assert not page.locator("#raccourcis").is_checked()
    page.locator("#raccourcis").check()
    page.locator("h1").click()
    page.keyboard.press("n")
    page.locator("#b-noir[aria-pressed=true]").wait_for()


def test_what_arrives_moves_neither_the_focus_nor_what_is_ticked_or_open(room) -> None:
    page, _, phones = room
    page.locator("#e-un-mot").click()
    title(page, "Une alliance")
    page.locator("#b-ouvrir").focus()
    page.keyboard.press("Enter")
    page.locator(".phase", has_text=OPEN).wait_for()
    assert page.evaluate("document.activeElement.id") == "b-ouvrir"

    phones[0].say("un")
    phones[1].say("deux")
    page.locator("#volet-contributions summary").click()
    box = page.locator(".contributions li", has_text="un").get_by_role("checkbox")
    box.check()
    page.locator("#volet-participants summary").click()
    page.locator("#groupe").fill("Mots")
    page.locator("#groupe").focus()
    phones[2].say("trois")
    phones[2].ask("Qui signe ?")
    page.locator(".contributions li", has_text="trois").wait_for()
    page.locator(".questions-salle", has_text="Qui signe").wait_for()

    assert box.is_checked()
    assert page.locator(".contributions input:checked").count() == 1
    assert page.evaluate("document.activeElement.id") == "groupe"
    assert page.locator("#groupe").input_value() == "Mots"
    assert page.locator("#volet-participants").get_attribute("open") is not None

    page.keyboard.press("Enter")
    page.locator(".contributions li", has_text="un").locator(".tag", has_text="Mots").wait_for()
    assert page.locator(".contributions .tag", has_text="Mots").count() == 1
    assert page.locator(".contributions input:checked").count() == 0
    assert page.locator("#groupe").input_value() == ""


def test_ending_is_asked_twice_and_can_be_undone(room) -> None:
    page, _, _ = room
    page.locator("#volet-aide summary").click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#b-terminer").click()
    page.reload()
    title(page, "Accueil")
    page.locator("#volet-aide summary").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#b-terminer").click()
    title(page, "L’atelier est terminé")
    page.locator("#b-annuler").click()
    title(page, "Accueil")


def test_on_a_laptop_nothing_has_to_be_scrolled_to(room) -> None:
    page, _, phones = room
    page.locator("#e-un-mot").click()
    title(page, "Une alliance")
    page.keyboard.press("o")
    page.locator(".phase", has_text=OPEN).wait_for()
    for phone in phones:
        phone.say("confiance")
    phones[0].ask("Combien d'étapes ?")
    page.locator(".questions-salle li").wait_for()
    page.set_viewport_size({"width": 1280, "height": 720})

    height = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert height[0] <= height[1]
    for name in ("#b-precedent", "#b-ouvrir", "#b-suivant", "#b-ecran", "#b-telephones", "#b-noir",
                 "#b-chrono", "#b-annuler", ".cockpit-resultats", ".tete-compte", ".ecart",
                 ".note-but", "[id^=b-question-]", "#volet-contributions summary"):  # fmt: skip
        box = page.locator(name).first.bounding_box()
        assert box, name
        assert box["y"] >= 0, name
        assert box["y"] + min(box["height"], 40) <= 720, name


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(address, open_page, width: int) -> None:
    page = open_page(width, 900, reduced_motion="reduce")
    workshop = a_workshop(page, address)
    code = page.locator(".tete-code").inner_text()
    phone = Phone(address, code, "Ana")
    phone.ask("Qui signe ?")
    page.goto(f"{workshop}/animer")
    page.locator("#e-risques-freins").click()
    title(page, "Ce qui pourrait mal tourner")
    page.locator("#b-ouvrir").click()
    page.locator(".phase", has_text=OPEN).wait_for()
    found = {}
    for place in ("/animer", "", "/deroule", "/deroule/quiz-reperes", "/deroule/candidats"):
        page.goto(workshop + place)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[place] = violations_by_theme(page)
    page.goto(f"{address}/ateliers")
    found["list"] = violations_by_theme(page)
    assert {place: said for place, said in found.items() if any(said.values())} == {}


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_scrolls_sideways(address, open_page, width: int) -> None:
    page = open_page(width, 700)
    workshop = a_workshop(page, address)
    page.goto(f"{workshop}/animer")
    page.locator("#e-carre").click()
    title(page, "Mon carré magique")
    for place in ("/animer", "", "/deroule", "/deroule/quiz-reperes"):
        page.goto(workshop + place)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert overflow_of(page) == 0, place
    page.goto(f"{address}/ateliers")
    assert overflow_of(page) == 0


def test_a_phone_is_a_clicker(address, open_page) -> None:
    page = open_page(390, 844)
    workshop = a_workshop(page, address)
    page.goto(f"{workshop}/animer")
    for name in ("#b-precedent", "#b-suivant"):
        box = page.locator(name).bounding_box()
        assert box["y"] + box["height"] <= 844
        assert min(box["height"], box["width"]) >= 44
    page.locator("#b-suivant").click()
    title(page, "Bienvenue")


def test_without_a_script_the_room_is_led(address, open_page) -> None:
    page = open_page(java_script_enabled=False)
    workshop = a_workshop(page, address)
    page.goto(f"{workshop}/animer")
    page.locator("#b-suivant").click()
    page.locator("#b-suivant").click()
    page.locator("#b-ouvrir").click()
    assert "ouverte" in page.locator(".phase").inner_text()
    assert page.url == f"{workshop}/animer"


def test_on_paper_the_script_has_no_controls(address, open_page) -> None:
    page = open_page(700, 900)
    workshop = a_workshop(page, address)
    page.goto(f"{workshop}/deroule?debut=14:00")
    page.emulate_media(media="print")
    assert page.locator(".depart").is_hidden()
    assert page.locator(".horaire-heure").first.is_visible()
    assert page.locator(".role").first.is_visible()
