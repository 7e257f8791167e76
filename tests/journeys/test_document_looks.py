"""Documents of a case file: they fit, axe finds nothing, they are filled by keyboard."""

import json
import re

import pytest

from tests.drafting.clean_cases import a_case, changed
from tests.journeys.test_looks import overflow_of, violations_by_theme

NAME = "mecenat_financier"
HOSTILE = "Un-mot-sans-fin-" * 20


def a_case_on(page, address: str) -> str:
    """A case with gaps, alerts, a rewritten clause, a remark and a version; its documents."""
    made = page.request.post(f"{address}/dossiers", form={"titre": "Atelier"}, max_redirects=0)
    dossier = made.headers["location"]
    facts = changed(a_case(NAME)[1], {"affectation.compte_rendu": None, "parties.0.siege": None})
    facts["contreparties"] = [{"nature": f"Concert {HOSTILE}", "valeur": 90_000}]
    values = json.loads(json.dumps(facts, default=str))
    page.request.post(f"{address}/api/v1{dossier}/answers", data={"values": values})
    documents = f"{address}{dossier}/documents"
    home = f"{documents}/{NAME}"
    page.request.post(f"{home}/versions", form={"nom": "Avant la réunion"})
    page.request.post(f"{home}/remarques", form={"article": "don", "texte": HOSTILE})
    edit = {"article": "don", "clause": "mf.don.montant", "acte": "recrire", "base": "999"}
    page.request.post(f"{home}/clauses", form={**edit, "texte": "Nos mots."})
    return documents


def places(page, documents: str) -> dict[str, str]:
    home = f"{documents}/{NAME}"
    versions = page.request.get(f"{home}/versions").text()
    (seq,) = set(re.findall(r"/versions/(\d+)", versions))
    return {
        "list": documents,
        "sheet": home,
        "parties": f"{home}?article=parties",
        "don": f"{home}?article=don",
        "pilotage": f"{home}?article=pilotage",
        "versions": f"{home}/versions",
        "version": f"{home}/versions/{seq}",
        "difference": f"{home}/differences?avant={seq}",
    }


@pytest.mark.parametrize("width", [320, 390, 640])
def test_documents_fit_small_screens(address, open_page, width: int) -> None:
    page = open_page(width, 700)
    found = {}
    for name, place in places(page, a_case_on(page, address)).items():
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found[name] = overflow_of(page)
    assert {name: over for name, over in found.items() if over} == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_documents(address, open_page, width: int) -> None:
    page = open_page(width, 900, reduced_motion="reduce")
    found = {}
    for name, place in places(page, a_case_on(page, address)).items():
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found[name] = violations_by_theme(page)
    assert {name: said for name, said in found.items() if any(said.values())} == {}


def test_a_gap_is_filled_with_the_keyboard_alone_and_without_a_script(address, open_page) -> None:
    page = open_page(java_script_enabled=False)
    documents = a_case_on(page, address)
    page.goto(f"{documents}/{NAME}")
    gap = page.locator("a.gap", has_text="Compte rendu")
    gap.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#champ-affectation-compte_rendu")
    page.keyboard.press("Tab")  # the fragment is where the keyboard goes on from
    field = page.locator("#champ-affectation-compte_rendu")
    field.focus()
    page.keyboard.type("Un compte rendu chaque année.")
    page.get_by_role("button", name="Enregistrer cet article").press("Enter")
    page.wait_for_url("**#article-affectation")

    article = page.locator("#article-affectation .doc-text")
    assert "Un compte rendu chaque année." in article.inner_text()
    assert page.locator("#article-affectation .value").count() > 0
