"""Documents in the browser, without a script: list, fill, clauses, remarks, versions, files."""

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from odf.opendocument import load as load_odt

from assistant.drafting.rendering.render import FORMATS
from tests.drafting.clean_cases import a_case, changed
from tests.web.conftest import Person
from tests.web.test_dossiers import answered, opened, values
from tests.web.test_sides import invited

NAME = "mecenat_financier"


def told(client: TestClient, dossier: str, facts: dict[str, Any]) -> None:
    response = client.post(f"/api/v1{dossier}/answers", json={"values": facts})
    assert response.status_code == 200, response.text


def a_complete_case(client: TestClient, changes: dict[str, Any] | None = None) -> str:
    """A case file that leads to nothing unsafe; returns the address of its document."""
    dossier = opened(client, "Ressourcerie & Cie")
    facts = changed(a_case(NAME)[1], changes or {})
    told(client, dossier, json.loads(json.dumps(facts, default=str)))
    return f"{dossier}/documents/{NAME}"


def dossier_of(address: str) -> str:
    return address.partition("/documents")[0]


def base_of(client: TestClient, address: str) -> str:
    page = client.get(f"{address}?article=don").text
    found = re.search(r'name="base" value="(\d+)"', page)
    assert found
    return found[1]


def fields(client: TestClient, address: str, key: str) -> dict[str, list[str]]:
    """The form of an article as a browser would send it back untouched."""
    page = client.get(f"{address}?article={key}").text
    form = page.partition(f'action="{address}/articles/{key}"')[2].partition("</form>")[0]
    assert form
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kept = "checkbox" not in tag or " checked" in tag
        if name and kept:
            sent.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name_, text in re.findall(
        r'<textarea[^>]+name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        sent.setdefault(name_, []).append(unescape(text))
    for name_, options in re.findall(
        r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent.setdefault(name_, []).append(unescape(chosen[1]) if chosen else "")
    return sent


def fill(client: TestClient, address: str, key: str, **typed: Any) -> Any:
    data: dict[str, Any] = fields(client, address, key)
    for name, value in typed.items():
        data[name.replace("__", ".")] = value
    return client.post(f"{address}/articles/{key}", data=data, follow_redirects=False)


def edit(client: TestClient, address: str, act: str, clause: str, **more: str) -> Any:
    data = {"acte": act, "clause": clause, "article": "don", "base": "9999", **more}
    return client.post(f"{address}/clauses", data=data, follow_redirects=False)


def text(client: TestClient, address: str) -> str:
    return plain(client.get(f"{address}.md").text.replace("\\", ""))


def plain(page: str) -> str:
    """With spaces that break: what is looked for does not depend on typography."""
    return page.replace("\u202f", " ").replace("\u00a0", " ")


# The list


def test_the_documents_of_a_case_are_listed_with_their_state(client: TestClient) -> None:
    address = a_complete_case(client)
    page = client.get(f"{dossier_of(address)}/documents").text

    assert f'href="{address}"' in page
    assert re.search(r"\d+ champs? remplis? sur \d+", page)
    assert all(f'href="{address}.{form}"' in page for form in ("docx", "odt", "pdf", "json"))
    assert f'href="{address}.xlsx"' not in page


def test_a_case_that_does_not_decide_says_what_is_missing(client: TestClient) -> None:
    page = client.get(f"{opened(client)}/documents").text

    assert "trop tôt pour choisir" in page
    assert re.search(r'href="/dossiers/[^"]+/questions/D', page)


def test_public_money_is_explained_and_not_drafted(client: TestClient) -> None:
    dossier = opened(client)
    told(client, dossier, json.loads(json.dumps(a_case("subvention_cpo")[1], default=str)))
    page = client.get(f"{dossier}/documents").text

    assert "nous ne rédigeons pas cet acte" in page
    assert "documents/subvention_cpo" not in page
    assert ("documents/fiche_besoin" in page) == ("fiche du besoin" in page)


def test_another_document_can_be_chosen_and_says_that_it_does_not_suit(
    client: TestClient,
) -> None:
    address = a_complete_case(client)
    dossier = dossier_of(address)
    told(client, dossier, {"sens_apport": "E_vers_A", "payeur_public": False, "coconstruction": 1,
                           "contrepartie_visibilite": False,
                           "objectif_dominant": "positionnement"})  # fmt: skip
    page = client.get(f"{dossier}/documents").text
    other = re.search(r'<option value="(partenariat|mecenat_nature)">', page)
    if other is None:
        pytest.skip("no other template")
    response = client.get(f"{dossier}/documents/ouvrir", params={"document": other[1]})

    assert response.status_code == 200
    assert "QUAL-02" in response.text


def test_a_document_that_does_not_exist_is_not_found(client: TestClient) -> None:
    dossier = dossier_of(a_complete_case(client))
    for path in ("bail", "bail.docx", "bail/versions", "BAIL", "a%00b"):
        assert client.get(f"{dossier}/documents/{path}").status_code == 404, path


# Reading and filling


def test_a_document_shows_its_text_its_gaps_and_who_said_what(client: TestClient) -> None:
    address = a_complete_case(client, {"affectation.compte_rendu": None})
    page = client.get(address).text

    gap = re.search(r'<a class="gap" href="([^"]+)">\[À COMPLÉTER', page)
    assert gap
    assert unescape(gap[1]) == f"{address}?article=affectation#champ-affectation-compte_rendu"
    assert 'id="champ-affectation-compte_rendu"' in client.get(unescape(gap[1])).text
    assert 'title="Donné par le porteur du dossier' in page
    assert "Qui a dit quoi" in page


def test_a_gap_in_a_row_leads_to_its_cell(client: TestClient) -> None:
    address = a_complete_case(client, {"parties.0.siege": None})
    page = client.get(address).text

    assert f'href="{address}?article=parties#champ-parties-0-siege"' in page
    assert 'id="champ-parties-0-siege"' in client.get(f"{address}?article=parties").text


def test_at_most_five_alerts_are_shown_first(client: TestClient) -> None:
    address = f"{opened(client)}/documents/{NAME}"
    page = client.get(address).text
    folded = "".join(re.findall(r'<details class="more-alerts">.*?</details>', page, re.DOTALL))

    assert page.count('class="alert is-') > 5
    assert page.count('class="alert is-') - folded.count('class="alert is-') <= 5
    assert "Voir les autres" in page


def test_an_untouched_form_records_nothing(client: TestClient) -> None:
    address = a_complete_case(client)
    dossier = dossier_of(address)
    keys = re.findall(r'id="article-([a-z_0-9-]+)"', client.get(address).text)
    before = client.get(f"{dossier}/export.json").json()["events"]
    for key in keys:
        if f"{address}/articles/{key}" in client.get(f"{address}?article={key}").text:
            assert fill(client, address, key).status_code == 303, key

    assert len(keys) > 10
    assert client.get(f"{dossier}/export.json").json()["events"] == before


def test_a_field_is_filled_changed_and_cleared(client: TestClient) -> None:
    address = a_complete_case(client, {"don.montant": None})
    dossier = dossier_of(address)

    response = fill(client, address, "don", don__montant="12 000,50")
    assert response.headers["location"] == f"{address}?article=don#article-don"
    assert values(client, dossier)["don.montant"] == 12000.5
    assert "12\u202f000,50" in client.get(address).text
    fill(client, address, "don", don__montant="")
    assert "[À COMPLÉTER : Montant du don]" in text(client, address)


def test_a_row_keeps_what_the_article_does_not_show(client: TestClient) -> None:
    address = a_complete_case(client)
    fill(client, address, "parties", parties__0__siege="1 place du Port, 44000 Nantes")
    party = values(client, dossier_of(address))["parties"][0]

    assert party["siege"] == "1 place du Port, 44000 Nantes"
    assert party["eligible_mecenat"] == "oui_rescrit"
    assert party["representant"]["nom"]


def test_what_cannot_be_is_said_and_nothing_is_recorded(client: TestClient) -> None:
    address = a_complete_case(client)
    before = values(client, dossier_of(address))
    response = fill(client, address, "don", don__montant="douze balais", don__conditions="Si.")

    assert response.status_code == 422
    assert "Rien n’a été enregistré" in response.text
    assert 'value="douze balais"' in response.text
    assert ">Si.</textarea>" in response.text
    assert values(client, dossier_of(address)) == before


def test_two_people_who_edit_one_field_never_overwrite_each_other(client: TestClient) -> None:
    address = a_complete_case(client)
    mine = fields(client, address, "don")
    fill(client, address, "don", don__montant="10000")
    mine["don.montant"] = ["11000"]
    late = client.post(f"{address}/articles/don", data=mine, follow_redirects=False)
    page = client.get(late.headers["location"]).text

    assert late.headers["location"].endswith("#ecart")
    assert "Cette réponse a changé entre-temps" in page
    assert values(client, dossier_of(address))["don.montant"] == 10000
    choice = {"article": "don", "slot": "don.montant", "verdict": "oui"}
    assert client.post(f"{address}/ecart", data=choice).status_code == 200
    assert "11\u202f000" in client.get(address).text


def test_a_field_that_one_did_not_touch_is_not_put_back(client: TestClient) -> None:
    address = a_complete_case(client)
    mine = fields(client, address, "don")
    fill(client, address, "don", don__montant="10000")
    mine["don.conditions"] = ["Après délibération."]
    late = client.post(f"{address}/articles/don", data=mine, follow_redirects=False)

    assert late.headers["location"].endswith("#article-don")
    kept = values(client, dossier_of(address))
    assert (kept["don.montant"], kept["don.conditions"]) == (10000, "Après délibération.")


def test_an_article_that_is_not_there_takes_nothing(client: TestClient) -> None:
    address = a_complete_case(client)

    assert client.post(f"{address}/articles/xyz", data={}).status_code == 404
    assert client.get(f"{address}?article=xyz").status_code == 200


# Clauses and remarks


def test_a_clause_is_said_otherwise_and_restored(client: TestClient) -> None:
    address = a_complete_case(client)
    original = text(client, address)
    edit(client, address, "recrire", "mf.don.montant", texte="Nos mots à nous.")
    assert "Nos mots à nous." in text(client, address)
    assert "Récrite par" in client.get(f"{address}?article=don").text

    edit(client, address, "restaurer", "mf.don.montant")
    assert text(client, address) == original


def test_clauses_move_and_stay_within_their_article(client: TestClient) -> None:
    address = a_complete_case(client)

    def order() -> list[str]:
        page = client.get(f"{address}?article=don").text
        names = re.findall(r'name="clause" value="(mf\.don[^"]+)"', page)
        return list(dict.fromkeys(names))

    before = order()
    edit(client, address, "descendre", before[0])
    assert order() == [before[1], before[0], *before[2:]]
    edit(client, address, "monter", before[0])
    edit(client, address, "monter", before[0])
    assert order() == before


def test_an_optional_clause_goes_and_comes_back(client: TestClient) -> None:
    address = a_complete_case(client)
    page = client.get(f"{address}?article=pilotage").text
    optional = re.search(
        r'name="clause" value="([^"]+)">(?:(?!</form>).)*value="retirer"', page, re.DOTALL
    )
    assert optional
    before = text(client, address)
    edit(client, address, "retirer", optional[1])
    assert text(client, address) != before
    assert f'value="{optional[1]}"' in client.get(f"{address}?article=pilotage").text
    edit(client, address, "ajouter", optional[1])
    assert text(client, address) == before


@pytest.mark.parametrize(
    ("act", "clause"),
    [("retirer", "mf.don.montant"), ("recrire", "mf.rien"), ("ajouter", "mf.rien")],
)
def test_what_is_obligatory_or_unknown_is_not_touched(
    client: TestClient, act: str, clause: str
) -> None:
    address = a_complete_case(client)
    before = text(client, address)

    assert edit(client, address, act, clause, texte="X").status_code == 404
    assert text(client, address) == before


def test_two_people_who_rewrite_one_clause_are_shown_both_texts(client: TestClient) -> None:
    address = a_complete_case(client)
    base = base_of(client, address)
    edit(client, address, "recrire", "mf.don.montant", texte="Le premier texte.", base=base)
    late = edit(client, address, "recrire", "mf.don.montant", texte="Le second texte.", base=base)

    assert late.status_code == 409
    assert "Le premier texte." in late.text
    assert "Le second texte." in late.text
    assert "Le premier texte." in text(client, address)
    again = re.search(r'name="base" value="(\d+)"', late.text)
    assert again
    edit(client, address, "recrire", "mf.don.montant", texte="Le second texte.", base=again[1])
    assert "Le second texte." in text(client, address)


def test_twenty_who_rewrite_at_once_leave_one_text_and_nineteen_questions(
    client: TestClient,
) -> None:
    address = a_complete_case(client)
    base = base_of(client, address)
    found: list[int] = []

    def write(number: int) -> None:
        words = f"Texte numéro {number}."
        response = edit(client, address, "recrire", "mf.don.montant", texte=words, base=base)
        found.append(response.status_code)

    together([lambda n=n: write(n) for n in range(20)])
    assert sorted(found) == [303, *[409] * 19]


def together(acts: list[Callable[[], Any]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def test_a_remark_is_seen_and_settled(client: TestClient) -> None:
    address = a_complete_case(client)
    said = {"article": "don", "texte": "À voir <b>ensemble</b> avec la trésorière."}
    assert client.post(f"{address}/remarques", data=said).status_code == 200
    page = client.get(address).text
    assert "&lt;b&gt;ensemble&lt;/b&gt;" in page
    settle = re.search(r'action="([^"]+/regler)"', page)
    assert settle
    client.post(settle[1])
    assert "trésorière" not in client.get(address).text
    assert "Remarques réglées (1)" in client.get(f"{address}?article=don").text
    assert client.post(f"{address}/remarques/1/regler").status_code == 404


def test_remarks_and_texts_come_back_with_an_imported_case(client: TestClient) -> None:
    address = a_complete_case(client)
    answered(client, dossier_of(address), "D2-01", maturite="1")
    client.post(f"{dossier_of(address)}/annuler")  # numbers change: what was undone stays behind
    client.post(f"{address}/remarques", data={"article": "don", "texte": "Réglée déjà."})
    client.post(f"{address}/remarques", data={"article": "don", "texte": "Encore ouverte."})
    settle = re.search(r'action="([^"]+/regler)"', client.get(address).text)
    assert settle
    client.post(settle[1])
    taken = client.get(f"{dossier_of(address)}/export.json").json()
    made = client.post("/dossiers/importer", files={"fichier": ("d.json", json.dumps(taken))})
    page = client.get(f"{made.url.path}/documents/{NAME}").text

    assert "Encore ouverte." in page
    assert "Réglée déjà." not in page


def test_the_history_names_what_was_done_to_documents(client: TestClient) -> None:
    address = a_complete_case(client)
    edit(client, address, "recrire", "mf.don.montant", texte="Nos mots.")
    client.post(f"{address}/versions", data={"nom": "V1"})
    client.post(f"{address}/remarques", data={"article": "don", "texte": "Une remarque."})
    page = client.get(f"{dossier_of(address)}/historique").text

    assert all(words in page for words in ("Clause modifiée", "Version nommée", "Remarque"))


# Versions


def test_versions_are_named_listed_opened_and_compared(client: TestClient) -> None:
    address = a_complete_case(client)
    client.post(f"{address}/versions", data={"nom": "Avant la réunion"})
    fill(client, address, "don", don__montant="77000")
    page = client.get(f"{address}/versions").text
    seq = re.search(rf"{address}/versions/(\d+)", page)
    assert seq
    old = client.get(f"{address}/versions/{seq[1]}").text
    changes = client.get(f"{address}/differences?avant={seq[1]}").text

    assert "Avant la réunion" in page
    assert "77\u202f000" not in old
    assert "<form" not in old.partition('<main id="contenu"')[2].partition("document-body")[2]
    assert re.search(r"<ins>[^<]*77\u202f000", changes)
    assert "<del>" in changes
    assert "77\u202f000" not in client.get(f"{address}.md?version={seq[1]}").text
    assert "Rien n’a changé" in client.get(f"{address}/differences").text
    assert client.get(f"{address}/versions/1").status_code == 404
    assert client.get(f"{address}.md?version=1").status_code == 404


# Ready to sign


def test_a_document_is_held_ready_and_the_files_say_so(client: TestClient) -> None:
    address = a_complete_case(client)
    assert "projet" in client.get(f"{address}.json").headers["content-disposition"]
    assert client.post(f"{address}/pret").status_code == 200
    page = client.get(address).text
    assert "tenu pour prêt à signer" in page
    assert client.get(f"{address}.json").json()["projet"] is False
    assert "projet" not in client.get(f"{address}.json").headers["content-disposition"]

    fill(client, address, "don", don__montant="")
    page = client.get(address).text
    assert "redevenu un projet" in page
    assert client.get(f"{address}.json").json()["projet"] is True


def test_a_ready_document_can_be_reopened(client: TestClient) -> None:
    address = a_complete_case(client)
    client.post(f"{address}/pret")
    client.post(f"{address}/rouvrir")

    assert client.get(f"{address}.json").json()["projet"] is True


def test_what_stands_in_the_way_is_listed_with_links(client: TestClient) -> None:
    address = a_complete_case(client, {"affectation.compte_rendu": None})
    response = client.post(f"{address}/pret")

    assert response.status_code == 422
    assert "pas prêt à signer" in response.text
    assert f'{address}?article=affectation#champ-affectation-compte_rendu"' in response.text
    assert client.get(f"{address}.json").json()["projet"] is True


# Two sides


def test_what_a_side_keeps_to_itself_is_in_no_page_and_no_file_of_another(
    person: Person,
) -> None:
    owner, guest = person(), person()
    address = a_complete_case(owner)
    dossier = dossier_of(address)
    secret = {"lignes_rouges": ["Jamais de logo violet"], "sujets_sensibles": "Le divorce de 2019"}
    told(owner, dossier, secret)
    guest.post(invited(owner, dossier))
    seen = [guest.get(f"{dossier}/documents").text, guest.get(address).text]
    seen += [guest.get(f"{address}.{form}").text for form in ("md", "html", "json")]
    seen += [guest.get(f"/api/v1{address}").text]

    assert all("Ressourcerie" in page for page in seen[1:])
    assert not any("violet" in page or "divorce" in page for page in seen)


def test_a_guest_who_differs_opens_a_negotiation_and_overwrites_nothing(person: Person) -> None:
    owner, guest = person(), person()
    address = a_complete_case(owner)
    guest.post(invited(owner, dossier_of(address)))
    fill(guest, address, "don", don__montant="5000")
    for one in (owner, guest):
        page = plain(one.get(address).text)
        assert "[À NÉGOCIER : Montant du don]" in page
        assert "5 000 €" in page
        assert "9 000 €" in page
    kept = owner.get(f"/api/v1{dossier_of(address)}").json()["facts"]
    assert kept["don"]["montant"] == 9000
    assert owner.post(f"{address}/pret").status_code == 422


def test_somebody_else_sees_and_does_nothing(person: Person) -> None:
    mine, other = person(), person()
    address = a_complete_case(mine)
    dossier = dossier_of(address)
    client_paths = ("", "/versions", "/differences", ".docx", ".json")

    assert other.get(f"{dossier}/documents").status_code == 404
    assert {other.get(f"{address}{path}").status_code for path in client_paths} == {404}
    for path, data in (
        ("/articles/don", {"champ": "don.montant", "don.montant": "1"}), ("/pret", {}),
        ("/rouvrir", {}), ("/versions", {"nom": "x"}),
        ("/remarques", {"article": "don", "texte": "x"}), ("/remarques/1/regler", {}),
        ("/clauses", {"article": "don", "clause": "mf.don.montant", "acte": "recrire",
                      "base": "1", "texte": "x"}),
        ("/ecart", {"article": "don", "slot": "don.montant", "verdict": "oui"}),
    ):  # fmt: skip
        assert other.post(f"{address}{path}", data=data).status_code == 404, path


# Files


def opens(form: str, content: bytes) -> bool:
    match form:
        case "docx":
            return bool(docx.Document(io.BytesIO(content)).paragraphs)
        case "odt":
            return load_odt(io.BytesIO(content)).text is not None
        case "xlsx":
            return bool(openpyxl.load_workbook(io.BytesIO(content)).sheetnames)
        case "pdf":
            return content.startswith(b"%PDF") and b"%%EOF" in content[-1024:]
        case "json":
            return bool(json.loads(content)["articles"])
        case _:
            return "mécène" in content.decode("utf-8").casefold()


def test_every_format_opens_with_its_library_under_a_clean_name(client: TestClient) -> None:
    address = a_complete_case(client)
    for form in (f for f in FORMATS if f != "xlsx"):
        response = client.get(f"{address}.{form}")
        assert response.status_code == 200, form
        assert opens(form, response.content), form
        assert response.headers["content-disposition"] == (
            f'attachment; filename="convention-de-mecenat-financier-ressourcerie-cie-projet.{form}"'
        )
        assert response.headers["cache-control"] == "private, no-store"
    assert client.get(f"{address}.xlsx").status_code == 422
    assert zipfile.is_zipfile(io.BytesIO(client.get(f"{address}.docx").content))


@pytest.mark.parametrize("name", ["plan_action", "grille_evaluation"])
def test_a_plan_and_a_grid_are_also_workbooks(client: TestClient, name: str) -> None:
    address = f"{dossier_of(a_complete_case(client))}/documents/{name}"
    if client.get(address).status_code == 404:
        pytest.skip("no such template")

    assert opens("xlsx", client.get(f"{address}.xlsx").content)


def test_thirty_exports_at_once_neither_fail_nor_hold_up_an_answer(client: TestClient) -> None:
    address = a_complete_case(client)
    forms = ["docx", "pdf", "odt"] * 10
    got: dict[int, int] = {}
    asked: list[float] = []

    def export(number: int) -> None:
        got[number] = client.get(f"{address}.{forms[number]}").status_code

    def ask() -> None:
        time.sleep(0.3)
        started = time.perf_counter()
        response = client.post(
            "/api/v1/ask", json={"question": "Quelles sont les sept étapes d'un partenariat ?"}
        )
        asked.append(time.perf_counter() - started)
        assert response.status_code == 200
        assert len(got) < len(forms)  # some exports were still waiting

    together([*[lambda n=n: export(n) for n in range(len(forms))], ask])
    assert got == dict.fromkeys(range(len(forms)), 200)
    assert len(asked) == 1


# For programs


def test_programs_read_the_same_documents(client: TestClient) -> None:
    address = a_complete_case(client)
    listed = client.get(f"/api/v1{dossier_of(address)}/documents").json()
    found = client.get(f"/api/v1{address}").json()

    assert NAME in [one["document"] for one in listed]
    assert found["document"]["type_document"] == NAME
    assert found["checked"]["contrat"] == NAME
    assert found["obstacles"] == []
    assert found["ready"] is False
    assert client.get(f"/api/v1{dossier_of(address)}/documents/bail").status_code == 404
