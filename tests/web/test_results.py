"""Landmarks, risks, calendar, report: what a manager sees of a case, and what nobody else may."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Person
from tests.web.test_dossiers import answered, opened, values
from web.rendering import escaped

PAGES = ("reperes", "risques", "calendrier", "rapport", "rapport.md")
MARKS = {"confiance": 4, "egalite": 2, "dialogue": 5}


def told(dossier_events: list[dict[str, Any]], *, title: str = "À deux") -> bytes:
    """A file to import: (side, values) or any event, in order."""
    events = [
        {"at": f"2026-11-0{1 + n // 9}T10:00:{n:02}Z", "side": item["side"],
         "author": item.get("author", ""), "event": item["event"]}
        for n, item in enumerate(dossier_events)
    ]  # fmt: skip
    value = {"format": "cote-a-cote/dossier", "version": 1, "title": title, "events": events}
    return json.dumps(value).encode()


def says(side: str, author: str = "", **given: Any) -> dict[str, Any]:
    named = {name.replace("__", "."): value for name, value in given.items()}
    return {"side": side, "author": author, "event": {"kind": "answered", "values": named}}


def brought_in(client: TestClient, *events: dict[str, Any]) -> str:
    response = client.post(
        "/dossiers/importer",
        files={"fichier": ("d.json", told(list(events)), "application/json")},
        follow_redirects=False,
    )
    assert response.status_code == 303, response.text
    return response.headers["location"]


def two_sides(client: TestClient) -> str:
    square = {"processus": 0, "modele_eco": 10, "innovation": 0, "positionnement": 0}
    theirs = {"processus": 0, "modele_eco": 0, "innovation": 10, "positionnement": 0}
    return brought_in(
        client,
        says("porteur", acteur_type="association", acteur_nom="Les Jardins", objectif_carre=square,
             lignes_rouges=["Jamais de publicité"], dependance_pct=45, fragilites=["logement"]),
        says("porteur", partenaire_nom="Transports Roannais", partenaire_type="entreprise"),
        {"side": "porteur", "author": "", "event": {
            "kind": "noted", "question": "D1-11", "text": "Note à moi-même"}},
        says("partenaire", "Ada", acteur_type="entreprise", acteur_nom="Transports",
             objectif_carre=theirs, lignes_rouges=["Pas plus de dix mille"],
             budget_disponible=9999, candidats=[{"nom": "Autre asso cachée"}],
             risques=["Crainte tue"], fragilites=["education"]),
        says("partenaire", "Ada", duree__mois=18),
    )  # fmt: skip


HIDDEN = ("Pas plus de dix mille", "9\u202f999", "9999", "Autre asso cachée", "Crainte tue")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_dossier(client: TestClient, page: str) -> None:
    response = client.get(f"{opened(client)}/{page}")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("page", PAGES)
def test_what_the_other_side_keeps_is_on_no_page(client: TestClient, page: str) -> None:
    text = client.get(f"{two_sides(client)}/{page}").text
    assert [secret for secret in HIDDEN if secret in text] == []


def test_what_the_other_side_shares_is_in_the_report(client: TestClient) -> None:
    dossier = two_sides(client)
    history = client.get(f"{dossier}/rapport").text
    assert "Ce que dit de son côté le partenaire" in history
    assert "Ada" in history
    assert "Transports" in history


def test_private_notes_are_never_in_the_report(client: TestClient) -> None:
    dossier = two_sides(client)
    for page in ("rapport", "rapport.md"):
        assert "Note à moi-même" not in client.get(f"{dossier}/{page}").text


@pytest.mark.parametrize("page", ["rapport", "rapport.md"])
def test_the_version_to_hand_over_leaves_out_what_i_keep(client: TestClient, page: str) -> None:
    dossier = two_sides(client)
    whole = client.get(f"{dossier}/{page}").text
    given = client.get(f"{dossier}/{page}?version=partage").text

    for mine in ("Jamais de publicité", "Transports Roannais", "45\u202f%"):
        assert mine in whole
        assert mine not in given.replace(client.get(dossier).text, "")
    assert "La dépendance, quand" in whole
    assert "La dépendance, quand l’argent commande la relation</th>" not in given
    assert "privé" in whole
    assert "Les Jardins" in given


def test_an_unknown_version_is_refused(client: TestClient) -> None:
    assert client.get(f"{opened(client)}/rapport?version=autre").status_code == 422


def test_the_square_shows_each_side_and_all_together(client: TestClient) -> None:
    page = client.get(f"{two_sides(client)}/reperes").text
    square = page[page.index('class="chart square-chart"') : page.index('id="communs"')]

    assert len(re.findall(r'<path class="dot dot-\w+" d=', square)) == 3
    assert "tous ensemble" in square
    rows = re.findall(r'<td class="figure">([\d,]+)</td>', square)
    assert rows == ["0", "0", "0", "10", "0", "5", "0", "10", "5", "0", "0", "0"]
    assert "diversifier mes ressources" in square


def test_fragilities_say_who_chose_what(client: TestClient) -> None:
    page = client.get(f"{two_sides(client)}/reperes").text
    assert re.search(r"mal-logement</th><td>vous", page)
    assert re.search(r"éducation</th><td>le partenaire", page)
    assert page.count('class="cell-box') == 16
    assert page.count("is-chosen") == 2


def test_every_chart_has_a_name_a_description_and_a_table(client: TestClient) -> None:
    dossier = two_sides(client)
    client.post(f"{dossier}/reperes", data={"objectifs.ponderation_4.equilibre": "100"})
    client.post(f"{dossier}/reperes", data=candidate("Coop"))
    page = client.get(f"{dossier}/reperes").text
    charts = re.findall(r'<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)"', page)

    assert len(charts) == 5
    for title, description in charts:
        assert f'<title id="{title}">' in page
        assert f'<desc id="{description}">' in page
    assert page.count("Les mêmes données en tableau") == 4
    assert "style=" not in page


def candidate(name: str, place: int = 0, **marks: int) -> dict[str, str]:
    prefix = f"candidats.{place}"
    given = {f"{prefix}.criteres_eco.{k}": str(v) for k, v in (marks or MARKS).items()}
    return {f"{prefix}.nom": name, f"{prefix}.type_acteur": "entreprise", **given}


def test_candidates_are_added_compared_and_removed(client: TestClient) -> None:
    dossier = opened(client)
    data = candidate("Coop Loire") | candidate("Garage Sud", 1, confiance=1)
    response = client.post(f"{dossier}/reperes", data=data, follow_redirects=False)
    assert response.headers["location"].endswith("/reperes#partenaires")

    page = client.get(f"{dossier}/reperes").text
    assert re.search(
        r"Confiance</th>\s*<td class=\"figure\">4</td>\s*<td class=\"figure\">1</td>", page
    )
    assert "à demander" in page
    assert values(client, dossier)["candidats"][0]["criteres_eco"] == MARKS

    empty = dict.fromkeys(candidate(""), "")
    client.post(f"{dossier}/reperes", data=empty | candidate("Garage Sud", 1, confiance=1))
    assert [c["nom"] for c in values(client, dossier)["candidats"]] == ["Garage Sud"]
    client.post(f"{dossier}/reperes", data=empty)
    assert values(client, dossier)["candidats"] == []
    assert "Aucun partenaire n’est encore noté" in client.get(f"{dossier}/reperes").text


def test_the_partner_s_own_marks_join_the_grid(client: TestClient) -> None:
    dossier = brought_in(
        client,
        says("porteur", acteur_type="association", partenaire_nom="Transports",
             criteres_eco={"confiance": 3}),
    )  # fmt: skip
    client.post(f"{dossier}/reperes", data=candidate("Transports"))
    page = client.get(f"{dossier}/reperes").text
    assert "Transports (2)" in page


@pytest.mark.parametrize(
    ("data", "sentence", "kept"),
    [
        ({"candidats.0.criteres_eco.confiance": "4"}, "est nécessaire dès que la ligne", "selected"),
        (candidate("Coop", confiance=9), "n’est pas un nombre possible", 'value="Coop"'),
        ({"objectifs.ponderation_4.equilibre": "60", "objectifs.ponderation_4.hybridation": "35",
          "objectifs.ponderation_4.innovation": "0", "objectifs.ponderation_4.territoire": "0"},
         "au lieu de 100", 'value="35"'),
        ({"objectifs.ponderation_4.equilibre": "beaucoup"}, "n’est pas un nombre possible",
         'value="beaucoup"'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_kept_and_changes_nothing(
    client: TestClient, data: dict[str, str], sentence: str, kept: str
) -> None:
    dossier = opened(client)
    response = client.post(f"{dossier}/reperes", data=data)

    assert response.status_code == 422
    assert sentence in response.text
    assert kept in response.text
    assert values(client, dossier) == {}


def test_two_tabs_on_the_candidates_lose_nothing(client: TestClient) -> None:
    dossier = opened(client)
    found = re.search(r'name="base" value="(\d+)"', client.get(f"{dossier}/reperes").text)
    assert found
    client.post(f"{dossier}/reperes", data=candidate("Première") | {"base": found[1]})
    late = client.post(
        f"{dossier}/reperes", data=candidate("Seconde") | {"base": found[1]}, follow_redirects=False
    )
    assert late.headers["location"].endswith("#a-confirmer")
    assert [c["nom"] for c in values(client, dossier)["candidats"]] == ["Première"]


def test_risks_say_what_they_rest_on_and_what_would_tell(client: TestClient) -> None:
    page = client.get(f"{two_sides(client)}/risques").text
    present, watched = page.split('id="surveiller"')

    assert "La dépendance, quand" in present
    assert "D’après vos réponses : Part du partenaire dans vos ressources" in present.replace(
        "\xa0", " "
    )
    assert "porte-avion" in watched
    assert '/questions/D3-03">' in watched
    assert "p. 35" in present


def test_one_s_own_worries_are_listed(client: TestClient) -> None:
    dossier = opened(client)
    answered(client, dossier, "D6-08", risques=["moyens"], risques__autre="La météo")
    page = client.get(f"{dossier}/risques").text
    assert "La météo" in page


def test_the_calendar_says_that_a_date_is_past(client: TestClient) -> None:
    dossier = opened(client)
    assert "Aucune date de signature" in client.get(f"{dossier}/calendrier").text
    assert "6 à 9\xa0mois avant la signature" in client.get(f"{dossier}/calendrier").text.replace(
        "6 à 9 mois", "6 à 9\xa0mois"
    )
    answered(client, dossier, "D5-08", date_cible="2020-01-31")
    page = client.get(f"{dossier}/calendrier").text
    assert "est passée" in page
    assert "31 janvier 2020" in page
    assert "repère dépassé" in page


def test_a_call_for_projects_is_shorter(client: TestClient) -> None:
    dossier = opened(client)
    answered(client, dossier, "DX-16", appel_a_projets="oui")
    page = client.get(f"{dossier}/calendrier").text
    assert "2 à 3 mois" in page
    assert "semaines avant la signature" in page


def test_the_report_holds_everything_a_director_needs(client: TestClient) -> None:
    dossier = opened(client, "Pour la direction")
    client.post(
        f"{dossier}/messages",
        data={"message": "On est une association et une entreprise nous donne 8000 euros."},
    )
    answered(client, dossier, "D1-08", coconstruction="1")
    page = client.get(f"{dossier}/rapport").text

    for part in ("1. La situation", "2. La recommandation", "3. Les objectifs", "4. Risques",
                 "5. Le calendrier", "6. Ce qui manque", "7. Ce qui a été dit",
                 "n’est pas un avis juridique"):  # fmt: skip
        assert part in page
    assert "8\u202f000\u202f€" in page
    assert "le porteur du dossier" in page
    for question in re.findall(r'/questions/(D[\w-]+)"', page):
        assert client.get(f"{dossier}/questions/{question}").status_code == 200


def test_the_markdown_report_is_a_file_whose_words_stay_words(client: TestClient) -> None:
    hostile = "*gras* [lien](http://x.example) <b>html</b> | colonne\n# titre"
    dossier = opened(client, "Un | *dossier*")
    answered(client, dossier, "D1-02", acteur_nom="Zed", territoire=hostile)
    response = client.get(f"{dossier}/rapport.md")

    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    assert response.text.startswith("# Rapport de situation")
    assert "<b>" not in response.text
    assert "[lien](" not in response.text
    assert "\n# titre" not in response.text
    assert "&#" not in response.text


def test_what_is_not_text_is_not_escaped() -> None:
    assert escaped(3) == 3
    assert escaped("a*b\nc") == r"a\*b ; c"


def test_hostile_words_stay_words_on_the_pages(client: TestClient) -> None:
    dossier = opened(client)
    client.post(f"{dossier}/reperes", data=candidate("<script>alert(1)</script>"))
    answered(client, dossier, "D1-02", acteur_nom="<img src=x onerror=alert(1)>")
    for page in ("reperes", "rapport"):
        text = client.get(f"{dossier}/{page}").text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_somebody_else_s_results_do_not_exist(person: Person) -> None:
    dossier = opened(person())
    other = person()
    assert {other.get(f"{dossier}/{page}").status_code for page in PAGES} == {404}
    assert other.post(f"{dossier}/reperes", data=candidate("X")).status_code == 404
