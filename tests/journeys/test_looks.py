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
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ALL_RULES = f"runOnly: {[*TAGS]}"
COLOUR_RULES = "runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}"
WIDE = 1000  # pixels
# one element for each look that a text has: its own, and the grounds that it stands on
COLOURED = """() => {
  const looks = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || !one.checkVisibility()) continue;
    const own = getComputedStyle(one);
    const look = [own.color, own.fontSize, own.fontWeight, own.textShadow, own.textDecorationLine, one.tagName];
    for (let up = one; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      look.push(style.backgroundColor, style.backgroundImage, style.opacity, style.position);
    }
    const key = look.join('|');
    if (!looks.has(key)) looks.set(key, one);
  }
  window.coloured = [...looks.values()];
  return looks.size;
}"""
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


def violations_of(page, rules: str = ALL_RULES, where: str = "document") -> list[str]:
    """What axe says of the page as it is."""
    # at the end, the question box covers nothing: a half-covered button looks too small to axe
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    # only violations are read: axe may leave out what it knows of the rest
    found = page.evaluate(
        f"""async () => (await axe.run({where}, {{
          {rules}, resultTypes: ['violations'], selectors: false,
        }})).violations.flatMap((violation) =>
        violation.nodes.map((node) => `${{violation.id}}: ${{node.html.slice(0, 160)}}`))"""
    )
    return list(found)


def violations_by_theme(page) -> dict[str, list[str]]:
    """What axe says of a light page, then of its colours in the dark; the page is light again.

    The theme moves nothing and renames nothing: in the dark only the rules that read colours can
    say something else. Of contrast, which takes axe more time than all the rest, every text is
    measured once, on a wide and light page; elsewhere, one text of each colour, ground, size and
    weight.
    """
    if page.viewport_size["width"] >= WIDE:
        light = violations_of(page)
    else:
        light = violations_of(page, f"{ALL_RULES}, rules: {{'color-contrast': {{enabled: false}}}}")
        light += _violations_of_looks(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    dark = _violations_of_looks(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return {"light": light, "dark": dark}


def _violations_of_looks(page) -> list[str]:
    assert page.evaluate(COLOURED) > 0
    return violations_of(page, COLOUR_RULES, "{include: window.coloured}")


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


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(address, open_page, width: int) -> None:
    page = open_page(width, 900, reduced_motion="reduce")
    found = {}
    for place in (LIGHTER.get(place, place) for place in ADDRESSES):
        page.goto(address + place)
        found[place] = violations_by_theme(page)
    converse(page, address)
    found["conversation"] = violations_by_theme(page)
    page.locator(".complaint summary").first.click()
    found["opinion"] = violations_by_theme(page)
    page.locator(".mark-link").first.click()
    page.locator("#panel[open]").wait_for()
    found["source"] = violations_by_theme(page)
    page.keyboard.press("Escape")
    page.get_by_text("Partager", exact=True).click()
    page.get_by_role("button", name="Créer le lien").click()
    page.locator("#share-link").wait_for()
    found["sharing"] = violations_by_theme(page)
    page.locator("#share-link").click()
    page.wait_for_url("**/partage/*")
    found["shared"] = violations_by_theme(page)
    assert {place: said for place, said in found.items() if any(said.values())} == {}


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
