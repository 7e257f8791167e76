"""What is projected can be read from the back of a room: gates on every activity's screen."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from assistant.bootstrap import Engine
from tests.journeys.staging import FORMS, KINDS, LONG, Played, asked, plays, stage
from tests.journeys.test_looks import violations_of

MANY = 200
WALLS = ("nuage", "mur", "engagements", "satisfaction")  # what grows with the room
SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080)}
# every visible text: its size, its contrast, and whether it is all on the screen
LOOK = """() => {
  const parts = (colour) => {
    const found = colour.match(/[\\d.]+/g).map(Number);
    if (colour.startsWith('color(')) for (const n of [0, 1, 2]) found[n] *= 255;
    return [...found.slice(0, 3), found.length > 3 ? found[3] : 1];
  };
  const light = ([r, g, b]) => [r, g, b].map((n) => n / 255)
    .map((n) => (n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
    .reduce((sum, n, at) => sum + n * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let up = node; up; up = up.parentElement) {
      const found = parts(getComputedStyle(up).backgroundColor);
      if (found[3] === 1) return found;
    }
    return [255, 255, 255, 1];
  };
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const words = node.textContent.trim();
    const holder = node.parentElement;
    if (!words || holder.closest('noscript, script, title, .visually-hidden')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height || getComputedStyle(holder).visibility === 'hidden') continue;
    const style = getComputedStyle(holder);
    const [one, other] = [light(parts(style.color)), light(ground(holder))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const faint = Number(style.opacity) < 1;
    const size = parseFloat(style.fontSize);
    const frame = holder.closest('.ecran-corps');
    const edge = frame ? frame.getBoundingClientRect() : { bottom: innerHeight, right: innerWidth };
    const low = box.bottom - 0.35 * size > edge.bottom + 1;
    const wide = box.right > edge.right + 2 && !holder.closest('.ecran-titre');
    const problems = [];
    if (size < 28) problems.push(`${size}px`);
    if (ratio < 7 || faint) problems.push(`contrast ${ratio.toFixed(2)}`);
    if (low || wide) problems.push(low ? 'too low' : 'too wide');
    if (problems.length) said.push(`${problems.join(', ')}: ${words.slice(0, 40)}`);
  }
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) said.push('scrolls');
  if (document.querySelector('.est-coupe')) said.push('cut off');
  const touchable = 'a[href], button, input, select, textarea, summary, [tabindex]:not(.tableau)';
  for (const one of document.querySelectorAll(touchable)) {
    if (one.checkVisibility()) said.push(`touchable: ${one.outerHTML.slice(0, 60)}`);
  }
  return said;
}"""


def faults(page: Any, text: str) -> dict[str, list[str]]:
    """What cannot be read, in both themes and sizes."""
    found = {}
    stage(page, text)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for _ in range(40):  # a busy machine takes its time to fit the scene to the screen
                page.wait_for_timeout(30)
                if not (said := page.evaluate(LOOK)):
                    break
            else:
                found[f"{name} {scheme}"] = said
    return found


@pytest.fixture(scope="module")
def small() -> Mapping[str, Played]:
    return dict(plays(12))


@pytest.fixture(scope="module")
def large() -> Mapping[str, Played]:
    return dict(plays(MANY, WALLS))


def reply_of(engine: Engine, question: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = engine.answerer.answer(question).to_json()
    return found


@pytest.fixture(scope="module")
def others(engine: Engine) -> Mapping[str, str]:
    """The screens that are no activity's results."""
    question = "Quels sont les risques d'un partenariat pour une association ?"
    open_, none = Played("nuage").answered(12), Played("nuage")
    return {
        "accueil": Played("nuage").screen(current=None),
        "verrouillé": none.screen(current=None, locked=True),
        "consigne": none.come(2).does("aller").screen(),
        "ouvert": open_.screen(),
        "clos": Played("nuage").answered(3).does("fermer").screen(),
        "noir": open_.screen(blank=True),
        "fin": open_.screen(ended=True),
        "question": asked(question, reply_of(engine, question)).screen(),
        "refus": asked("La tarte ?", reply_of(engine, "Quelle recette de tarte ?")).screen(),
    }


def test_every_activity_is_played_here(small: Mapping[str, Played]) -> None:
    assert set(KINDS) <= set(small)
    assert set(FORMS) == set(KINDS) - {"expose"}


def test_results_are_large_contrasted_and_whole(
    open_page: Callable, small: Mapping[str, Played]
) -> None:
    page = open_page()
    found = {kind: faults(page, played.screen()) for kind, played in small.items()}
    assert {kind: said for kind, said in found.items() if said} == {}


def test_two_hundred_answers_stay_on_the_screen(
    open_page: Callable, large: Mapping[str, Played]
) -> None:
    page = open_page()
    found = {kind: faults(page, played.screen()) for kind, played in large.items()}
    assert {kind: said for kind, said in found.items() if said} == {}


def test_the_other_screens_are_as_readable(open_page: Callable, others: Mapping[str, str]) -> None:
    page = open_page()
    found = {name: faults(page, text) for name, text in others.items()}
    assert {name: said for name, said in found.items() if said} == {}


def test_what_is_left_out_is_counted(open_page: Callable, large: Mapping[str, Played]) -> None:
    page = open_page(1280, 720)
    stage(page, large["mur"].screen())
    notes = page.locator(".ecran-autres")

    left = sum(int(text.split()[1]) for text in notes.all_inner_texts())
    shown = page.locator(".mur-carte:visible").count()

    assert left + shown == MANY


def test_nobody_is_named_on_the_screen(small: Mapping[str, Played]) -> None:
    for kind, played in small.items():
        assert "Nom-secret" not in played.screen(), kind
        assert "Nom-secret-1" not in played.phone(0), kind


def test_the_code_can_be_read_from_the_back(open_page: Callable, others: Mapping[str, str]) -> None:
    page = open_page(1280, 720)
    stage(page, others["accueil"])
    code, picture = page.locator(".ecran-code"), page.locator(".ecran-qr svg")

    assert float(code.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 84
    assert picture.bounding_box()["height"] >= 0.6 * 720
    dark = open_page(1280, 720, color_scheme="dark")
    stage(dark, others["accueil"])
    ground = "e => getComputedStyle(e).backgroundColor"
    assert dark.locator(".ecran-qr svg").evaluate(ground) == "rgb(255, 255, 255)"


def test_letters_only_get_smaller_within_a_scene(
    open_page: Callable, large: Mapping[str, Played]
) -> None:
    page = open_page(1280, 720)
    few = Played("mur").come(MANY).does("ouvrir").shown()
    few.says(0, {"colonne": ["risques"], "texte": [LONG]})
    stage(page, few.screen())
    size = "() => parseFloat(getComputedStyle(document.getElementById('direct')).fontSize)"
    at_first = page.evaluate(size)
    stage(page, large["mur"].screen())
    assert page.evaluate(size) <= at_first


@pytest.mark.parametrize("left", [("90", ""), ("60", "dernière minute"), ("0", "c’est l’heure")])
def test_the_last_minute_and_the_end_are_seen(open_page: Callable, left: tuple[str, str]) -> None:
    page = open_page(1280, 720)
    text = Played("nuage").answered(2).screen()
    stage(page, text.replace('data-left="300"', f'data-left="{left[0]}"'))
    page.wait_for_timeout(300)

    assert left[1] in page.locator(".chrono").inner_text().replace("\n", " ")
    assert ("minute" in page.locator(".chrono").inner_text()) == (left[0] == "60")


def test_axe_finds_nothing_to_say_of_the_projection(
    open_page: Callable, small: Mapping[str, Played], others: Mapping[str, str]
) -> None:
    page = open_page(1280, 720)  # contrast is measured above, in both themes
    shown = {kind: played.screen() for kind, played in small.items()} | dict(others)
    found = {}
    for name, text in shown.items():
        stage(page, text)
        found[name] = violations_of(page)
    assert {name: said for name, said in found.items() if said} == {}
