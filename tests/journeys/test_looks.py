"""Every page fits small screens and both themes, and axe finds nothing to say of it."""

from pathlib import Path

import pytest

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
ADDRESSES = [
    "/",
    "/conversation",
    "/conversations",
    "/fiches",
    "/fiches/carre-magique",
    "/exemples",
    "/exemples/ares-xpo-log-ins",
    "/glossaire",
    "/methode",
    "/methode/4",
    "/sources",
    "/a-propos",
    "/nulle-part",
]
# the same pages with less of the same: axe looks at every element
LIGHTER = {"/fiches": "/fiches?q=budget", "/glossaire": "/glossaire?q=mecenat"}
QUESTIONS = (
    "Quels sont les risques d'un partenariat pour une association ?",
    "Quelle est la recette de la tarte Tatin ?",
)


def converse(page, address: str) -> str:
    """Ask, then be refused; returns the address of the conversation."""
    page.goto(f"{address}/conversation")
    for number, question in enumerate(QUESTIONS):
        page.fill("#question", question)
        page.keyboard.press("Enter")
        page.locator(".turn[data-id]").nth(number).wait_for()
    return page.url


def overflow_of(page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def violations_of(page) -> list[str]:
    # at the end, the question box covers nothing: a half-covered button looks too small to axe
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate(AXE)
    found = page.evaluate(
        """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
        'wcag21aa', 'wcag22aa', 'best-practice']})).violations.flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`))"""
    )
    return list(found)


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways(address, open_page, width: int) -> None:
    page = open_page(width, 700)
    for place in ADDRESSES:
        page.goto(address + place)
        assert overflow_of(page) == 0, place
    converse(page, address)
    assert overflow_of(page) == 0
    page.locator(".complaint summary").first.click()
    assert overflow_of(page) == 0
    page.locator(".mark-link").first.click()
    assert overflow_of(page) == 0


def test_twice_the_size_still_fits(address, open_page) -> None:
    page = open_page(640, 450)  # 1280 × 900 at 200 %
    for place in ADDRESSES:
        page.goto(address + place)
        assert overflow_of(page) == 0, place


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(address, open_page, scheme: str, width: int) -> None:
    page = open_page(width, 900, color_scheme=scheme)
    found = {}
    for place in (LIGHTER.get(place, place) for place in ADDRESSES):
        page.goto(address + place)
        found[place] = violations_of(page)
    converse(page, address)
    found["conversation"] = violations_of(page)
    page.locator(".complaint summary").first.click()
    found["opinion"] = violations_of(page)
    page.locator(".mark-link").first.click()
    page.locator("#panel[open]").wait_for()
    found["source"] = violations_of(page)
    page.keyboard.press("Escape")
    page.get_by_text("Partager", exact=True).click()
    page.get_by_role("button", name="Créer le lien").click()
    page.locator("#share-link").wait_for()
    found["sharing"] = violations_of(page)
    page.locator("#share-link").click()
    page.wait_for_url("**/partage/*")
    found["shared"] = violations_of(page)
    assert {place: said for place, said in found.items() if said} == {}


def test_the_theme_follows_the_system_and_can_be_changed(address, open_page) -> None:
    page = open_page(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    page.goto(address)
    dark = page.evaluate(background)
    toggle = page.get_by_role("button", name="Thème sombre")
    assert toggle.get_attribute("aria-pressed") == "true"
    toggle.click()
    light = page.evaluate(background)
    assert light != dark
    page.goto(f"{address}/fiches")
    assert page.evaluate(background) == light


def test_filters_answer_as_one_types(address, open_page) -> None:
    page = open_page()
    page.goto(f"{address}/fiches")
    page.get_by_label("Chercher dans les fiches").press_sequentially("budget")
    page.locator(".count", has_text="sur").wait_for()
    page.wait_for_url("**/fiches?q=budget")
    page.locator("select[name=etape]").select_option("4")
    page.wait_for_url("**/fiches?q=budget&etape=4")
