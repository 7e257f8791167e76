"""Preparing a workshop: nothing that is typed is lost, nothing that another did is overwritten."""

import re
from datetime import timedelta
from html import unescape

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.bootstrap import Engine
from assistant.settings import Settings
from assistant.store.store import Store
from assistant.workshop.config_forms import PREFIX, fields_of
from assistant.workshop.events import AgendaSet
from tests.web.conftest import Person
from tests.web.leading import Led, leading
from tests.web.serving import unclosable
from tests.workshop.building import agenda
from web.app import create_app
from web.owner import COOKIE
from web.rendering import environment


@pytest.fixture
def led(app: FastAPI, person: Person) -> Led:
    formats = {found.id: found for found in app.state.services.formats}
    return leading(app, person, formats["deux-heures"].agenda("Mon atelier"))


def ids(led: Led) -> list[str]:
    return [item.id for item in led.room.agenda.items]


def seen(led: Led, place: str = "") -> str:
    found = re.search(r'name="vu" value="(\w+)"', led.get(place))
    assert found
    return found[1]


def form_of(led: Led, item: str, **changed: object) -> dict[str, object]:
    """What a browser sends of an item's form, as it is shown."""
    found = led.room.agenda.item(item)
    assert found
    activity = led.app.state.services.workshops.activities[found.kind]
    sent: dict[str, object] = {
        "vu": seen(led, f"/deroule/{item}"), "title": found.title, "minutes": found.minutes,
        "purpose": found.purpose, "instructions": found.instructions,
        "say": "\r\n".join(found.say), "material": "\r\n".join(found.material),
    }  # fmt: skip
    if found.spare:
        sent["spare"] = "oui"
    for field in fields_of(activity, found.config):
        if field.widget != "flag":
            sent[PREFIX + field.name] = field.value
        elif field.value:
            sent[PREFIX + field.name] = "oui"
    return sent | changed


def test_a_format_becomes_a_workshop_of_its_own(person: Person) -> None:
    trainer = person()
    page = trainer.get("/ateliers").text
    assert all(f">{hours} h<" in page for hours in (2, 4, 12))

    made = trainer.post("/ateliers", data={"format": "deux-heures", "titre": " À Roanne "})

    assert "<h1>À Roanne</h1>" in made.text
    assert "pour 2 h annoncées" in unescape(made.text).replace("\xa0", " ")
    listed = trainer.get("/ateliers").text
    assert "À Roanne</a>" in listed
    assert "à venir" in listed
    assert "À Roanne" not in person().get("/ateliers").text


def test_an_unknown_format_is_refused_in_french(person: Person) -> None:
    answer = person().post("/ateliers", data={"format": "inconnu"})

    assert answer.status_code == 404
    assert "Ce format d’atelier n’existe pas" in answer.text


def test_the_list_says_what_is_going_on_and_what_is_over(led: Led) -> None:
    led.command("suivant")
    page = led.trainer.get("/ateliers").text
    assert "en cours</span>" in page
    assert "Bienvenue</span>" in page

    led.command("terminer")
    page = led.trainer.get("/ateliers").text
    assert "terminé</span>" in page
    assert f"{led.path()}/animer" not in page


def test_an_activity_is_added_moved_and_taken_away(led: Led) -> None:
    first = ids(led)
    led.post("/deroule", geste="ajouter", sorte="engagements", vu=seen(led))
    assert ids(led) == [*first, "engagements-1"]

    led.post("/deroule", geste="monter", item="engagements-1", vu=seen(led))
    assert ids(led)[-2:] == ["engagements-1", first[-1]]
    led.post("/deroule", geste="descendre", item="engagements-1", vu=seen(led))
    assert ids(led)[-1] == "engagements-1"

    led.post("/deroule", geste="retirer", item="engagements-1", vu=seen(led))
    assert ids(led) == first


def test_every_kind_of_activity_is_added_and_edited_with_a_form(led: Led) -> None:
    for kind in led.app.state.services.starters:
        led.post("/deroule", geste="ajouter", sorte=kind, vu=seen(led))
        item = ids(led)[-1]
        before = led.room.agenda.item(item)
        assert before
        assert before.kind == kind

        answer = led.post(f"/deroule/{item}", **form_of(led, item, title="Titre à moi"))

        assert answer.status_code == 200, kind
        after = led.room.agenda.item(item)
        assert after
        assert after.title == "Titre à moi"
        activity = led.app.state.services.workshops.activities[kind]
        assert activity.configured(after.config) == activity.configured(before.config), kind


def test_every_setting_and_every_value_has_a_french_name(led: Led) -> None:
    names = environment().get_template("atelier/_reglages.html").module
    for kind, starter in led.app.state.services.starters.items():
        activity = led.app.state.services.workshops.activities[kind]
        for field in fields_of(activity, starter.config):
            assert names.nom_reglage(kind, field.name)  # type: ignore[attr-defined]
            assert set(field.columns) <= set(names.COLONNES)  # type: ignore[attr-defined]
            if field.widget == "choice":
                labels = {label for _, label in field.options}
                assert labels <= set(names.VALEURS)  # type: ignore[attr-defined]


def test_words_minutes_and_settings_are_changed(led: Led) -> None:
    led.post("/deroule/un-mot", **form_of(
        led, "un-mot", title="Deux mots", minutes="9", say="Un.\r\n\r\nDeux.", spare="oui",
        **{"config.words": "2", "config.question": "Et vous ?"},
    ))  # fmt: skip

    item = led.room.agenda.item("un-mot")
    assert item
    assert (item.title, item.minutes, item.say, item.spare) == (
        "Deux mots", 9, ("Un.", "Deux."), True,
    )  # fmt: skip
    assert item.config["words"] == 2
    assert item.pages


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "« Titre » ne convient pas"),
        ({"minutes": "dix"}, "« Durée, en minutes » ne convient pas"),
        ({"minutes": "601"}, "Un nombre entier, de 1 à 600"),
        ({"instructions": "x" * 4_001}, "« Consigne, dite aux participants » ne convient pas"),
        ({"config.words": "99"}, "« Mots par personne »"),
        ({"config.words": "deux"}, "« Mots par personne »"),
        ({"config.question": ""}, "« Question posée »"),
    ],
)
def test_what_cannot_be_kept_stays_on_the_page(led: Led, changed, said: str) -> None:
    before = led.room.agenda
    sent = form_of(led, "un-mot", purpose="Un but que je viens d’écrire", **changed)

    answer = led.post("/deroule/un-mot", **sent)

    page = unescape(answer.text).replace("\xa0", " ").replace("\u202f", " ")
    assert answer.status_code == 422
    assert said in page
    assert "Un but que je viens d’écrire" in page
    assert 'aria-invalid="true"' in page
    assert led.room.agenda == before


def test_a_control_character_is_refused(led: Led) -> None:
    answer = led.post("/deroule/un-mot", **form_of(led, "un-mot", title="a\x00b"))

    assert answer.status_code == 422
    assert led.room.agenda.item("un-mot").title != "a\x00b"  # type: ignore[union-attr]


def test_two_trainers_at_once_never_overwrite_each_other(led: Led) -> None:
    link = re.search(r"/animation/[\w-]{43}", led.post("/lien").text)
    assert link
    other = led.person()
    other.get(link[0])
    mine = form_of(led, "un-mot", title="Le mien")
    theirs = form_of(led, "un-mot", title="Le leur")

    assert other.post(led.path("/deroule/un-mot"), data=theirs).status_code == 200
    late = led.post("/deroule/un-mot", **mine)

    assert late.status_code == 409
    page = unescape(late.text)
    assert "modifié ailleurs" in page
    assert 'value="Le mien"' in page
    assert led.room.agenda.item("un-mot").title == "Le leur"  # type: ignore[union-attr]

    again = re.search(r'name="vu" value="(\w+)"', page)
    assert again
    led.post("/deroule/un-mot", **{**mine, "vu": again[1]})
    assert led.room.agenda.item("un-mot").title == "Le mien"  # type: ignore[union-attr]


def test_a_late_gesture_on_the_agenda_is_told_on_the_page(led: Led) -> None:
    before = seen(led)
    led.post("/deroule", geste="retirer", item="avis", vu=before)
    kept = led.room.agenda

    for place, fields in [
        ("/deroule", {"geste": "retirer", "item": "un-mot"}),
        ("/deroule", {"geste": "ajouter", "sorte": "nuage"}),
        ("/reglages", {"titre": "Titre tapé", "cas": "velos-du-bassin", "duree": "77"}),
    ]:
        answer = led.post(place, vu=before, **fields)
        assert answer.status_code == 409
        assert "modifié ailleurs" in answer.text
    assert 'value="Titre tapé"' in answer.text
    assert 'value="77"' in answer.text
    assert 'value="velos-du-bassin" selected' in answer.text
    assert led.room.agenda == kept


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"geste": "ajouter", "sorte": "inconnue"}, 404, "Cette sorte d’activité"),
        ({"geste": "retirer", "item": "inconnue"}, 404, "n’est pas dans le déroulé"),
        ({"geste": "monter", "item": ""}, 404, "n’est pas dans le déroulé"),
        ({"geste": "autre"}, 422, ""),
    ],
)
def test_a_gesture_that_cannot_be_made_is_told(led: Led, fields, status: int, said: str) -> None:
    answer = led.post("/deroule", vu=seen(led), **fields)

    assert answer.status_code == status
    assert said in answer.text


def test_an_item_that_is_gone_is_told(led: Led) -> None:
    sent = form_of(led, "avis")
    led.post("/deroule", geste="retirer", item="avis", vu=seen(led))

    assert led.trainer.get(led.path("/deroule/avis")).status_code == 404
    answer = led.post("/deroule/avis", **sent)
    assert answer.status_code == 409
    assert "modifié ailleurs" in answer.text


def test_what_is_open_is_not_taken_away(led: Led) -> None:
    led.command("ouvrir", item="un-mot")

    answer = led.post("/deroule", geste="retirer", item="un-mot", vu=seen(led))

    assert answer.status_code == 409
    assert "est ouverte aux téléphones" in answer.text
    assert "a déjà été ouverte" in led.get("/deroule/un-mot")


def test_title_case_and_length_are_set(led: Led) -> None:
    led.post("/reglages", titre="Autre titre", cas="velos-du-bassin", duree="150", vu=seen(led))

    page = led.get()
    assert "<h1>Autre titre</h1>" in page
    assert 'value="velos-du-bassin" selected' in page
    assert (led.room.agenda.case, led.room.agenda.announced) == ("velos-du-bassin", 150)
    assert "30 min de marge" in page.replace("\xa0", " ").replace("\u202f", " ")

    led.post("/reglages", titre="", cas="velos-du-bassin", duree="60", vu=seen(led))
    page = led.get().replace("\xa0", " ").replace("\u202f", " ")
    assert "<h1>Autre titre</h1>" in page
    assert "de trop" in page


@pytest.mark.parametrize(("field", "value", "said"), [
    ("duree", "deux heures", "Corrigez-la"), ("duree", "0", "Corrigez-la"),
    ("duree", "²", "Corrigez-la"), ("cas", "inconnu", "Ce cas fictif n’existe pas"),
])  # fmt: skip
def test_a_wrong_setting_is_told_and_nothing_changes(led: Led, field, value, said) -> None:
    before = led.room.agenda
    sent = {"titre": "Tapé", "cas": before.case, "duree": "90", field: value}

    answer = led.post("/reglages", vu=seen(led), **sent)

    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert 'value="Tapé"' in answer.text
    assert led.room.agenda == before


@pytest.mark.parametrize(("comment", "tables"), [("dupliquer", 4), ("rejouer", 4), ("modele", 0)])
def test_a_copy_is_empty_and_apart(led: Led, comment: str, tables: int) -> None:
    led.command("tables", tables=4)
    led.enter("Nomunique")
    led.command("ouvrir", item="un-mot")

    made = led.post("/copier", comment=comment, titre="Copie" if comment == "modele" else "")

    copy = Led(led.app, led.trainer, led.person, made.url.path.rpartition("/")[2])
    assert copy.id != led.id
    assert copy.room.agenda.items == led.room.agenda.items
    assert copy.room.agenda.announced == 120
    assert (copy.room.here, dict(copy.room.stages), copy.room.tables) == ((), {}, tables)
    titles = {"dupliquer": "Mon atelier (copie)", "rejouer": "Mon atelier", "modele": "Copie"}
    assert f"<h1>{titles[comment]}</h1>" in copy.get()


def test_the_link_to_lead_is_shown_once_and_in_no_address(led: Led) -> None:
    answer = led.post("/lien")

    assert re.search(r"/animation/[\w-]{43}", answer.text)
    assert "/animation/" not in str(answer.url)
    assert "/animation/" not in led.get()


def test_everything_that_can_be_taken_away_opens(led: Led) -> None:
    led.say(opened(led), "confiance")
    links = re.findall(r'href="([^"]+)" download', led.get())

    assert len(links) == 6
    for link in links:
        assert led.trainer.get(link).status_code == 200, link
    led.post("/deroule", geste="ajouter", sorte="convention-express", vu=seen(led))
    assert "conventions.zip" in led.get()


def opened(led: Led) -> TestClient:
    led.command("ouvrir", item="un-mot")
    return led.enter()


def test_the_date_of_erasing_is_chosen(led: Led) -> None:
    store = led.app.state.services.workshops.store
    led.post("/garder", jours="7")
    kept = store.session(led.id)

    assert timedelta(days=6) < kept.expires_at - kept.created_at <= timedelta(days=7, minutes=5)
    assert led.post("/garder", jours="9999").status_code == 422


def test_the_script_tells_the_hours_the_material_and_the_roles(led: Led) -> None:
    page = unescape(led.get("/deroule?debut=14:30")).replace("\xa0", " ").replace("\u202f", " ")

    items = led.room.agenda.items
    hours = re.findall(r'class="horaire-heure">(.*?)<span', page)
    assert hours[0] == "14 h 30"
    assert hours[1] == f"14 h {30 + items[0].minutes}"
    assert len(hours) == len(items)
    case = led.app.state.services.cases[led.room.agenda.case]
    told = page
    assert all(role.name in told for role in case.roles)
    assert all(m in told for item in items for m in item.material)
    assert "Avant de commencer" in page


@pytest.mark.parametrize("start", ["25:00", "9", "midi", "09:60", ""])
def test_a_script_without_a_clock_time_begins_at_nine(led: Led, start: str) -> None:
    assert "9 h 00" in led.get(f"/deroule?debut={start}").replace("\u202f", " ").replace(
        "\xa0", " "
    )


def test_a_script_goes_past_midnight(led: Led) -> None:
    page = led.get("/deroule?debut=23:30").replace("\u202f", " ").replace("\xa0", " ")

    assert "0 h 0" in page


@pytest.mark.parametrize("place", ["", "/animer", "/deroule", "/deroule/un-mot"])
def test_nobody_else_sees_the_trainer_s_pages(led: Led, place: str) -> None:
    for who in (led.enter(), led.person()):
        assert who.get(led.path(place)).status_code == 404


@pytest.mark.parametrize("place", ["/reglages", "/deroule", "/deroule/un-mot", "/copier",
                                   "/garder", "/lien", "/effacer", "/commande"])  # fmt: skip
def test_nobody_else_does_what_the_trainer_does(led: Led, place: str) -> None:
    before = led.room
    sent = {"vu": before.agenda.version, "geste": "retirer", "item": "un-mot", "jours": "1",
            "comment": "rejouer", "action": "suivant"}  # fmt: skip
    for who in (led.enter(), led.person()):
        assert who.post(led.path(place), data=sent).status_code == 404
    assert led.room.agenda == before.agenda
    assert led.room.current is None


def test_what_is_typed_is_shown_as_words(led: Led) -> None:
    led.post("/deroule/un-mot", **form_of(led, "un-mot", title="<img src=x>", say="<script>x"))
    for place in ("", "/deroule", "/deroule/un-mot"):
        page = led.trainer.get(led.path(place)).text
        assert "<img src" not in page
        assert "<script>x" not in page


def test_workshops_past_their_date_are_erased_by_themselves(engine: Engine, tmp_path) -> None:
    made = create_app(Settings(data=tmp_path), build=lambda _: unclosable(engine), purge_every=0.05)
    with TestClient(made) as client:
        client.post("/dossiers")
        workshops = made.state.services.workshops
        owner = client.cookies[COOKIE]
        gone, kept = (workshops.create(owner, agenda()) for _ in range(2))
        phone = workshops.join(gone.id, name="Nomunique", actor=None, table=None)
        assert phone
        workshops.store.change(gone.id, owner=owner, days=-1)
        for _ in range(100):
            if client.get(f"/ateliers/{gone.id}").status_code == 404:
                break
            client.portal.call(_pause)  # type: ignore[union-attr]

        assert client.get(f"/ateliers/{gone.id}/animer").status_code == 404
        assert client.get(f"/ateliers/{kept.id}").status_code == 200
        assert gone.id not in workshops._held


def test_what_is_past_its_date_goes_at_the_next_start(engine: Engine, tmp_path) -> None:
    owner = "o" * 43
    store = Store.open(tmp_path)
    old = store.workshops.create(owner, title="Ancien", events=[AgendaSet(agenda=agenda())])
    store.workshops.change(old.id, owner=owner, days=-1)
    store.close()

    made = create_app(Settings(data=tmp_path), build=lambda _: unclosable(engine))
    with TestClient(made) as client:
        workshops = made.state.services.workshops
        for _ in range(100):
            if not workshops.store.listing(owner):
                break
            client.portal.call(_pause)  # type: ignore[union-attr]
        assert workshops.store.listing(owner) == []


async def _pause() -> None:
    await anyio.sleep(0.02)
