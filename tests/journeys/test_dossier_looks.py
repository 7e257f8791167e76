"""The result pages of a case file fit small screens and both themes, and axe finds nothing."""

import pytest

from tests.journeys.test_looks import overflow_of, violations_by_theme
from tests.web.test_results import says, told

PLACES = ("reperes", "risques", "calendrier", "rapport", "rapport?version=partage")
SQUARE = {"processus": 2, "modele_eco": 5, "innovation": 2, "positionnement": 1}
OTHER = {"processus": 1, "modele_eco": 1, "innovation": 6, "positionnement": 2}
LONG = "Une structure au nom interminable, de celles qui ne tiennent sur aucune carte de visite"


def a_full_dossier(page, address: str) -> str:
    """Import a case of two sides; returns its address."""
    marks = {"confiance": 4, "egalite": 2, "reflexion": 3, "dialogue": 5, "valeurs": 4}
    content = told([
        says("porteur", acteur_type="association", acteur_nom=LONG, territoire="Roanne",
             objectif_carre=SQUARE, fragilites=["logement", "sante"], dependance_pct=60),
        says("porteur", partenaire_nom="Transports", partenaire_type="entreprise", maturite=2,
             flux=["don_numeraire"], contrepartie_niveau="symbolique", sens_apport="E_vers_A",
             coconstruction=2, don__montant=8000, date_cible="2027-06-30", criteres_eco=marks),
        says("porteur", candidats=[
            {"nom": LONG, "criteres_eco": marks},
            {"nom": "Coop", "criteres_eco": marks, "criteres_sig": {"viabilite": 3}},
        ], objectifs__ponderation_4={"equilibre": 40, "hybridation": 10, "innovation": 20,
                                     "territoire": 30}),
        says("partenaire", "Ada", acteur_type="entreprise", objectif_carre=OTHER,
             attentes=["https://exemple.fr/" + "x" * 120]),
    ])  # fmt: skip
    page.goto(f"{address}/dossiers")
    return page.evaluate(
        """async ([address, content]) => {
            const form = new FormData();
            form.append('fichier', new Blob([content], {type: 'application/json'}), 'd.json');
            const made = await fetch(address + '/dossiers/importer', {method: 'POST', body: form});
            return made.url;
        }""",
        [address, content.decode()],
    )


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_scrolls_sideways(address, open_page, width: int) -> None:
    page = open_page(width, 700)
    dossier = a_full_dossier(page, address)
    for place in PLACES:
        page.goto(f"{dossier}/{place}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert overflow_of(page) == 0, place


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(address, open_page, width: int) -> None:
    page = open_page(width, 900, reduced_motion="reduce")
    dossier = a_full_dossier(page, address)
    found = {}
    for place in PLACES:
        page.goto(f"{dossier}/{place}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[place] = violations_by_theme(page)
    assert {place: said for place, said in found.items() if any(said.values())} == {}


def test_without_a_script_a_candidate_is_added_with_the_keyboard(address, open_page) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/dossiers")
    page.locator("form[action='/dossiers'] button").first.click()
    page.goto(f"{page.url}/reperes")
    page.get_by_label("Nom du candidat").first.fill("Coop Loire")
    page.get_by_label("Nom du candidat").first.press("Enter")
    page.locator("legend", has_text="Coop Loire").wait_for(state="attached")


def test_on_paper_the_report_has_no_controls(address, open_page) -> None:
    page = open_page(700, 900)
    dossier = a_full_dossier(page, address)
    page.goto(f"{dossier}/rapport")
    page.emulate_media(media="print")
    assert page.locator(".report-acts").is_hidden()
    assert page.locator(".dossier-nav").is_hidden()
    assert page.locator("h2", has_text="Rapport de situation").is_visible()
    assert page.locator(".square-chart svg").first.is_visible()
