"""A whole workshop, as a room lives it: phones, a projection, bad Wi-Fi, a server that restarts."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import Engine
from tests.journeys.staging import Played, asked, plays, stage
from tests.journeys.test_looks import overflow_of, violations_of
from tests.journeys.test_projection import reply_of
from tests.web.rooming import House, housing, until
from tests.workshop.building import agenda, item
from web.rendering import STATIC, html
from web.workshop_pages import JoinPage

QUESTION = "Quels sont les risques d'un partenariat pour une association ?"
STEPS = (
    item("accueil", "expose", points=["Bienvenue"]),
    item("mots", question="Une alliance, en un mot ?"),
    item("points", "gommettes", question="Où agir ?", dots=2, per_option=1,
         options=[{"id": x, "label": x.title()} for x in ("toit", "soin", "lien")]),
    item("fin", "engagements", question="Quel premier pas ?"),
)  # fmt: skip


@pytest.fixture(scope="module")
def house(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housing(engine, tmp_path_factory.mktemp("workshop")) as served:
        yield served


class Room:
    """A workshop with its trainer, who works without a browser, and pages opened on it."""

    def __init__(self, house: House, open_page: Callable) -> None:
        self.house, self.open = house, open_page
        self.session = house.create(agenda(*STEPS))
        self.screen = open_page(1280, 720)
        self.screen.goto(f"{house.url}/ecran/{self.session.screen}")

    def does(self, action: str, **given: Any) -> None:
        self.house.do(self.session.id, action, **given)

    def phone(self, name: str = "", **options: Any) -> Any:
        page = self.open(390, 800, has_touch=True, **options)
        page.goto(f"{self.house.url}/rejoindre")
        page.get_by_label("Le code affiché").fill(self.session.code.lower())
        page.get_by_role("button", name="Continuer").click()
        if name:
            page.get_by_label("Un pseudonyme").fill(name)
        page.get_by_role("button", name="Entrer").click()
        page.wait_for_url("**/salle/*")
        return page

    @property
    def state(self) -> Any:
        return self.house.services.workshops.room(self.session.id)

    def entries(self, name: str) -> int:
        return len(self.state.stage(name).entries)


@pytest.fixture
def rough(browser) -> Iterator[Callable]:
    """Opens a page whose network may fail; fails on any script error."""
    contexts, problems = [], []

    def opened(width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def room(house: House, rough: Callable) -> Room:
    return Room(house, rough)


def says(page: Any, *words: str) -> None:
    for rank, word in enumerate(words):
        page.locator("input[name=mot]").nth(rank).fill(word)
    page.get_by_role("button", name="Envoyer", exact=True).click()


def soon(page: Any, found: Callable[[], Any]) -> None:
    """Wait for ``found`` while the browser's own requests are still answered here."""
    for _ in range(500):
        if found():
            return
        page.wait_for_timeout(20)
    pytest.fail("nothing came")


def sees(page: Any, text: str, place: str = "main") -> None:
    page.locator(place).get_by_text(text).first.wait_for()


def test_a_whole_workshop(room: Room) -> None:
    one, two, three = room.phone("Zoé"), room.phone(), room.phone()
    sees(room.screen, "personnes sont là")
    sees(one, "Vous êtes là, Zoé")

    room.does("suivant")
    sees(one, "Regardez")
    room.does("suivant")
    room.does("ouvrir")
    sees(room.screen, "À vos téléphones")
    says(one, "confiance", "durée")
    sees(one, "C’est envoyé.")
    says(two, "Confiance")
    three.get_by_role("button", name="Je passe").click()
    sees(three, "Vous passez.")
    sees(room.screen, "sur 3 ont répondu")
    assert room.screen.get_by_text("confiance").count() == 0

    room.does("montrer", item="mots", where="screen")
    sees(room.screen, "confiance")
    assert one.locator(".telephone-resultats").count() == 0
    room.does("montrer", item="mots", where="phones")
    sees(three, "confiance", ".telephone-resultats")
    one.get_by_text("Changer ma réponse").first.click()
    one.locator("input[name=mot]").first.fill("réciprocité")
    one.locator("#reponse button.primary").click()
    sees(room.screen, "réciprocité")
    assert not one.locator("#reponse").evaluate("e => e.open")

    room.does("suivant")
    room.does("ouvrir")
    late = room.phone("Tard")
    for page, choices in ((one, ("Toit", "Soin")), (two, ("Toit",)), (late, ("Lien",))):
        for choice in choices:
            page.get_by_label(choice).check()
        page.get_by_role("button", name="Envoyer", exact=True).click()
        sees(page, "C’est envoyé.")
    room.does("montrer", item="points", where="screen")
    sees(room.screen, "sur 4 ont répondu")
    line = room.screen.locator(".ligne", has_text="Toit")
    until(lambda: line.locator(".ligne-valeur").inner_text() == "2")

    two.get_by_text("Poser une question").click()
    two.get_by_label("Votre question").fill(QUESTION)
    two.get_by_role("button", name="Envoyer la question").click()
    sees(two, "Votre question est partie")
    number = room.state.questions[0].seq
    room.does("repondre", question=number, reply=dict(reply_of(room.house._engine, QUESTION)))
    sees(room.screen, "Une question de la salle")
    assert room.screen.locator(".reponse-sources li").count() >= 1
    sees(one, "Une question de la salle")

    room.does("terminer")
    sees(room.screen, "Merci à toutes et à tous")
    for page in (one, two, three, late):
        sees(page, "Vous pouvez fermer cette page")
    room.house.services.workshops.delete(room.session.id, owner="o" * 43)
    sees(one, "n’est pas dans l’atelier", "#refus")
    assert one.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('salle'))") == []


def test_a_phone_without_network_keeps_its_answer_and_finds_the_scene_again(room: Room) -> None:
    phone, other = room.phone(), room.phone()
    room.does("aller", item="mots")
    room.does("ouvrir")
    phone.locator("input[name=mot]").first.wait_for()
    phone.context.set_offline(True)
    says(phone, "patience")
    sees(phone, "gardé sur ce téléphone")
    assert room.entries("mots") == 0
    says(other, "écoute")
    until(lambda: room.entries("mots") == 1)
    room.does("montrer", item="mots", where="phones")

    phone.context.set_offline(False)
    sees(phone, "C’est envoyé.")
    sees(phone, "écoute", ".telephone-resultats")
    assert room.entries("mots") == 2
    soon(phone, lambda: phone.locator("#reseau").inner_text() == "")


def test_an_answer_that_waits_survives_a_reload_and_counts_once(room: Room) -> None:
    phone = room.phone()
    room.does("aller", item="fin")
    room.does("ouvrir")
    field = phone.get_by_label("Ce que je ferai")
    field.fill("appeler la mairie")
    lost: list[str] = []

    def answer_is_lost(route: Any) -> None:
        route.fetch(max_redirects=0)  # the room has it, the phone does not know
        lost.append(route.request.url)
        route.abort()

    phone.route("**/contribuer", answer_is_lost)
    phone.get_by_role("button", name="Ajouter").click()
    soon(phone, lambda: lost)
    phone.unroute_all()
    phone.reload()
    sees(phone, "C’est envoyé.")

    assert room.entries("fin") == 1
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_what_is_being_typed_survives_a_redrawing_and_a_reload(room: Room) -> None:
    phone = room.phone()
    room.does("aller", item="mots")
    room.does("ouvrir")
    word = phone.locator("input[name=mot]").first
    word.fill("brouillon")
    phone.get_by_text("Poser une question").click()
    phone.get_by_label("Votre question").fill("Et si… ?")
    stamp = phone.locator("#direct").get_attribute("data-stamp")
    room.does("montrer", item="mots", where="phones")
    until(lambda: phone.locator("#direct").get_attribute("data-stamp") != stamp)
    assert word.input_value() == "brouillon"
    assert phone.evaluate("document.activeElement.name") == "question"

    phone.reload()
    assert word.input_value() == "brouillon"
    assert phone.get_by_label("Votre question").input_value() == "Et si… ?"
    says(phone, "brouillon")
    sees(phone, "C’est envoyé.")
    room.does("suivant")
    room.does("precedent")
    room.does("ouvrir")
    phone.reload()
    assert phone.get_by_label("Votre question").input_value() == "Et si… ?"


def test_pages_find_a_server_that_was_killed_and_started_again(
    engine: Engine, tmp_path: Path, rough: Callable
) -> None:
    house = House(engine, tmp_path).start()
    room = Room(house, rough)
    phone = room.phone()
    house.stop(brutally=True)
    phone.get_by_text("Qui je suis").click()
    phone.get_by_label("Pseudonyme").fill("Revenante")
    phone.get_by_role("button", name="Enregistrer").click()
    sees(phone, "gardé sur ce téléphone")

    house.start()
    sees(phone, "Vous êtes là, Revenante")
    room.does("aller", item="mots")
    room.does("ouvrir")
    sees(room.screen, "À vos téléphones")
    phone.locator("input[name=mot]").first.wait_for()
    house.stop(brutally=True)


def test_a_phone_put_out_and_one_refused_say_so(room: Room) -> None:
    phone = room.phone()
    room.does("exclure", participant=room.state.here[0].id)
    sees(phone, "Vous n’êtes plus dans l’atelier")
    room.does("aller", item="mots")
    room.does("ouvrir")
    slow = room.phone()
    slow.locator("input[name=mot]").first.fill("trop tard")
    slow.route("**/flux", lambda route: route.abort())
    slow.route("**/etat", lambda route: route.abort())
    slow.reload()
    room.does("fermer", item="mots")
    slow.get_by_role("button", name="Envoyer").click()
    sees(slow, "n’est pas ouverte")
    sees(slow, "Les réponses sont closes")


def test_a_phone_without_scripts_does_everything(room: Room) -> None:
    page = room.phone(java_script_enabled=False)
    room.does("aller", item="mots")
    room.does("ouvrir")
    page.reload()
    says(page, "papier")
    sees(page, "C’est envoyé.")
    page.get_by_role("link", name="Changer ma réponse").click()
    page.locator("input[name=mot]").first.fill("crayon")
    page.get_by_role("button", name="Changer ma réponse").click()
    sees(page, "crayon")
    page.get_by_role("link", name="Poser une question").click()
    page.get_by_label("Votre question").fill("Combien ?")
    page.get_by_role("button", name="Envoyer la question").click()
    sees(page, "Votre question est partie")
    page.get_by_role("button", name="Trop vite").click()
    assert list(room.state.paces.values()) == ["vite"]


def test_a_phone_of_another_age_follows_the_room(room: Room) -> None:
    page = room.phone()
    page.route("**/live.js*", lambda route: route.abort())
    page.route("**/salle_ancienne.js*", lambda route: route.fulfill(
        body=(STATIC / "salle_ancienne.js").read_text().replace("6000", "150"),
        content_type="text/javascript"))  # fmt: skip
    page.reload()
    page.add_script_tag(url=f"{room.house.url}/static/salle_ancienne.js")
    room.does("aller", item="mots")
    room.does("ouvrir")
    page.locator("input[name=mot]").first.wait_for()
    page.add_script_tag(url=f"{room.house.url}/static/salle_ancienne.js")
    page.locator("input[name=mot]").first.fill("lentement")
    room.does("montrer", item="mots", where="phones")
    page.get_by_role("link", name="voir la suite").wait_for()
    assert page.locator("input[name=mot]").first.input_value() == "lentement"


def test_the_scripts_speak_the_language_of_old_phones() -> None:
    old = (STATIC / "salle_ancienne.js").read_text(encoding="utf-8")
    assert not re.search(r"=>|`|\b(const|let|class|async|await)\b|\?\.|\?\?", old)
    for name in ("live.js", "live_morph.js", "live_outbox.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        found = re.search(r"\?\.[a-z(\[]|\?\?|\|\|=|&&=|catch \{|replaceChildren|\.at\(", text)
        assert not found, (name, found)


# Looks


@pytest.fixture(scope="module")
def phones(engine: Engine) -> Mapping[str, str]:
    """Every state of the phone, and the door."""
    door = {"code": "", "session": None, "tables": 0, "locked": False}
    shown = {kind: played.phone() for kind, played in plays(6)}
    seated = Played("jeu-de-role", tables=2).come(6).does("ouvrir")
    fresh = {
        kind: Played(kind).come(2).does("ouvrir").phone()
        for kind in ("nuage", "quiz", "gommettes", "carre-magique", "criteres", "mur")
    }
    late = Played("nuage").answered(3).does("fermer")
    ended = Played("nuage").come(1).does("terminer")
    return {
        **{f"{kind} montré": text for kind, text in shown.items()},
        **{f"{kind} ouvert": text for kind, text in fresh.items()},
        "rôle": seated.phone(),
        "accueil": Played("nuage").come(1).phone(),
        "prêt": Played("nuage").come(1).does("aller").phone(),
        "clos": late.phone(sent="oui"),
        "fin": ended.phone(),
        "question": asked(QUESTION, reply_of(engine, QUESTION)).phone(),
        "porte": html(JoinPage(**door)),
        "refus": html(JoinPage(**{**door, "code": "AAAA"}, notice="Ce code ne correspond à rien.")),
        "exclu": html(JoinPage(**door, out=True)),
    }


SMALL = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.closest('noscript'))
  .map((one) => (one.matches('[type=radio], [type=checkbox]') && one.closest('label, li')) || one)
  .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
  .map((one) => `${Math.round(one.getBoundingClientRect().height)}: ${one.outerHTML.slice(0, 90)}`)
"""


def test_every_state_of_the_phone_fits_and_can_be_touched(
    open_page: Callable, phones: Mapping[str, str]
) -> None:
    page = open_page(320, 640)
    found = {}
    for name, text in phones.items():
        stage(page, text)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        said = page.evaluate(SMALL)
        if overflow_of(page):
            said.append(f"{overflow_of(page)} px sideways")
        if said:
            found[name] = said
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_say_of_the_phones(
    open_page: Callable, phones: Mapping[str, str], scheme: str
) -> None:
    page = open_page(320, 700, color_scheme=scheme)
    names = [name for name in phones if "montré" not in name]  # seen with the projection
    found = {}
    # each state once, in one theme or the other: their colours are the same few
    for name in names[scheme == "dark" :: 2]:
        stage(page, phones[name])
        found[name] = violations_of(page)
    assert {name: said for name, said in found.items() if said} == {}


def test_a_keyboard_is_enough_and_the_status_is_told(room: Room) -> None:
    page = room.phone()
    room.does("aller", item="mots")
    room.does("ouvrir")
    page.locator("input[name=mot]").first.wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "mot":
            break
    page.keyboard.type("clavier")
    page.keyboard.press("Enter")
    sees(page, "C’est envoyé.")
    assert page.locator("#etat").get_attribute("role") == "status"
    assert page.locator("#annonce").inner_text() == "Mots"


def test_nothing_moves_for_who_asked_for_calm(open_page: Callable, house: House) -> None:
    room = Room(house, open_page)
    calm = open_page(390, 800, reduced_motion="reduce")
    calm.goto(f"{house.url}/r/{room.session.code}")
    moves = calm.evaluate(
        """() => [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )
    assert moves == 0
    assert json.loads(calm.evaluate("JSON.stringify(innerWidth)")) == 390
