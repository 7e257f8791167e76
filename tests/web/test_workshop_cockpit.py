"""The trainer's page shows where the room is and does what it offers, without a script."""

import re
from html import unescape
from typing import get_args

import pytest
from fastapi import FastAPI

from assistant.workshop import events as ev
from assistant.workshop.agenda import Agenda
from assistant.workshop.commands import ACTIONS
from assistant.workshop.events import Pace
from tests.web.conftest import Person
from tests.web.leading import Led, leading
from web.rendering import TEMPLATES


@pytest.fixture
def led(app: FastAPI, person: Person) -> Led:
    return leading(app, person)


def opened(led: Led) -> Led:
    led.command("aller", item="mots")
    led.command("ouvrir")
    return led


def form_of(page: str, button: str) -> dict[str, str]:
    """The fields of the form whose button has this id, or which a button apart belongs to."""
    apart = re.search(
        rf'<button[^>]*form="([\w-]+)" name="(\w+)" value="(\w+)" id="{button}"', page
    )
    if apart:
        form = re.search(rf'<form[^>]*id="{apart[1]}".*?</form>', page, re.DOTALL)
        assert form
        return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])) | {apart[2]: apart[3]}
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f'id="{button}"' in form:
            return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    raise AssertionError(button)


def press(led: Led, button: str) -> None:
    """What a browser without a script does when a button is pressed."""
    answer = led.post("/commande", **form_of(led.get("/animer"), button))
    assert answer.status_code == 200


def test_the_buttons_lead_through_an_activity(led: Led) -> None:
    press(led, "b-suivant")
    press(led, "b-suivant")
    assert led.room.current == "mots"

    for button, seen in [
        ("b-ouvrir", lambda: led.room.stage("mots").phase == "open"),
        ("b-ecran", lambda: led.room.stage("mots").on_screen),
        ("b-telephones", lambda: led.room.stage("mots").on_phones),
        ("b-noir", lambda: led.room.blank),
        ("b-prolonger", lambda: led.room.timer.seconds == 6 * 60),
        ("b-ouvrir", lambda: led.room.stage("mots").phase == "closed"),
        ("b-chrono", lambda: led.room.timer.seconds == 5 * 60),
        ("b-chrono", lambda: led.room.timer is None),
        ("b-ecran", lambda: not led.room.stage("mots").on_screen),
        ("b-telephones", lambda: not led.room.stage("mots").on_phones),
        ("b-noir", lambda: not led.room.blank),
        ("b-precedent", lambda: led.room.current == "accueil"),
        ("e-fin", lambda: led.room.current == "fin"),
        ("b-accueil", lambda: led.room.current is None),
        ("b-verrouiller", lambda: led.room.locked),
        ("b-terminer", lambda: led.room.ended),
        ("b-annuler", lambda: not led.room.ended),
    ]:
        press(led, button)
        assert seen(), button


def test_the_page_counts_who_is_there_who_answered_and_who_passed(led: Led) -> None:
    opened(led)
    phones = [led.enter() for _ in range(3)]
    led.say(phones[0], "confiance")
    led.say(phones[1])

    page = re.sub(r"\s+", " ", led.get("/animer"))

    assert (
        "<strong>3</strong> présents, <strong>1</strong> réponse, <strong>1</strong> abst" in page
    )


def test_the_notes_say_what_is_for_the_trainer_with_where_to_read_it(
    app: FastAPI, person: Person
) -> None:
    formats = {found.id: found for found in app.state.services.formats}
    led = leading(app, person, formats["deux-heures"].agenda())
    led.command("aller", item="un-mot")

    page = led.get("/animer")

    item = led.room.item
    assert item
    assert all(line in page for line in (item.purpose, item.instructions, *item.say))
    assert 'href="/sources#guide"' in page
    assert 'href="/fiches/' in page


def test_the_pace_is_counted_and_nobody_is_named(led: Led) -> None:
    paces: list[Pace] = ["perdu", "perdu", "bien"]
    for number, pace in enumerate(paces):
        led.enter(f"Nomunique{number}").post(f"/salle/{led.id}/rythme", data={"rythme": pace})

    page = led.get("/animer")

    assert "2 perdus" in page
    assert "1 bien" in page
    head = page[: page.index("</header>")]
    assert "Nomunique" not in head


def test_a_question_is_answered_withdrawn_shown_again_and_dropped(led: Led) -> None:
    phone = led.enter("Zoé")
    asked = {"question": "Combien d'étapes dans la méthode ?", "envoi": "12345678"}
    phone.post(f"/salle/{led.id}/question", data=asked)
    number = led.room.questions[0].seq

    press(led, f"b-question-{number}")
    assert led.room.answered == number
    assert "à l’écran</span>" in led.get("/animer")
    reply = led.room.questions[0].reply
    assert "sept étapes" in led.get("/animer").replace("\xa0", " ").lower()

    press(led, f"b-question-{number}")
    assert led.room.answered is None
    assert "montrée</span>" in led.get("/animer")

    press(led, f"b-question-{number}")
    assert led.room.answered == number
    assert led.room.questions[0].reply == reply

    press(led, f"b-ecarter-{number}")
    assert "Aucune question" in led.get("/animer")


def test_contributions_are_hidden_pinned_grouped_and_put_back(led: Led) -> None:
    opened(led)
    for word in ("un", "deux", "trois"):
        led.say(led.enter(), word)
    numbers = sorted(entry.seq for entry in led.room.stage("mots").entries.values())

    press(led, f"b-masquer-{numbers[0]}")
    press(led, f"b-epingler-{numbers[1]}")
    led.command("grouper", entries=numbers[1:], group="Chiffres")

    def found() -> list[tuple[bool, bool, str | None]]:
        entries = sorted(led.room.stage("mots").entries.values(), key=lambda e: e.seq)
        return [(e.hidden, e.pinned, e.group) for e in entries]

    assert found() == [
        (True, False, None),
        (False, True, "Chiffres"),
        (False, False, "Chiffres"),
    ]
    assert led.get("/animer").count("Chiffres</span>") == 2

    press(led, f"b-masquer-{numbers[0]}")
    led.command("degrouper", entries=numbers[1:], group="ignoré")
    assert found() == [(False, False, None), (False, True, None), (False, False, None)]


def test_the_wall_proposes_to_group_texts_that_say_nearly_the_same(
    app: FastAPI, person: Person
) -> None:
    formats = {found.id: found for found in app.state.services.formats}
    led = leading(app, person, formats["deux-heures"].agenda())
    led.command("aller", item="risques-freins")
    led.command("ouvrir")
    for text in ("Manque de temps", "Le manque de temps"):
        phone = led.enter()
        page = phone.get(f"/salle/{led.id}").text
        nonce = re.search(r'name="_envoi" value="([^"]+)"', page)
        column = re.search(r'name="colonne" value="(\w+)"', page)
        assert nonce
        sent = {"_activite": "risques-freins", "_envoi": nonce[1], "texte": text}
        sent |= {"colonne": column[1]} if column else {}
        phone.post(f"/salle/{led.id}/contribuer", data=sent)
    assert len(led.room.stage("risques-freins").entries) == 2

    first = min(entry.seq for entry in led.room.stage("risques-freins").entries.values())
    form = re.search(rf"<form(?:(?!</form>).)*b-proches-{first}", led.get("/animer"), re.DOTALL)
    assert form
    sent_back = re.findall(r'name="(\w+)" value="([^"]*)"', form[0])
    led.command("grouper", group=dict(sent_back)["group"],
                entries=[value for name, value in sent_back if name == "entries"])  # fmt: skip

    groups = {entry.group for entry in led.room.stage("risques-freins").entries.values()}
    assert groups == {"Manque de temps"}


def test_people_are_spread_moved_and_put_out(led: Led) -> None:
    for name in ("Ana", "Bob", "Zoé"):
        led.enter(name)
    led.command("tables", tables=2)
    led.command("placer")
    assert sorted(person.table or 0 for person in led.room.here) == [1, 1, 2]
    first = led.room.here[0]

    led.command("deplacer", participant=first.id, table=2)
    assert led.room.people[first.id].table == 2
    led.command("deplacer", participant=first.id, table=0)
    assert led.room.people[first.id].table is None
    assert "Sans table" in led.get("/animer")

    led.command("exclure", participant=first.id)
    assert [person.name for person in led.room.here] == ["Bob", "Zoé"]
    led.command("annuler")
    assert len(led.room.here) == 3


@pytest.mark.parametrize(
    ("action", "fields", "status", "said"),
    [
        ("exclure", {}, 422, "Choisissez dans la liste"),
        ("exclure", {"participant": "inconnu"}, 422, "Choisissez dans la liste"),
        ("deplacer", {"participant": "inconnu", "table": 1}, 422, "Choisissez dans la liste"),
        ("grouper", {"group": "x"}, 422, "Cochez au moins une contribution"),
        ("degrouper", {"entries": 4_000}, 422, "Cochez au moins une contribution"),
        ("masquer", {"entry": 4_000}, 404, "Cette contribution a été retirée"),
        ("epingler", {}, 404, "Cette contribution a été retirée"),
        ("repondre", {"question": 4_000}, 404, "Cette question a été retirée"),
        ("ecarter", {}, 404, "Cette question a été retirée"),
        ("aller", {"item": "inconnue"}, 404, "Cette activité n’est pas dans le déroulé"),
        ("suivant", {"seen": "fin"}, 409, "L’atelier a avancé"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_on_the_same_page(led, action, fields, status, said) -> None:
    before = led.room
    answer = led.command(action, **fields)

    assert answer.status_code == status
    text = unescape(answer.text)
    assert said in re.search(r'id="etat".*?</p>', text, re.DOTALL)[0]
    assert 'id="b-suivant"' in text
    assert led.room == before


def test_a_table_that_does_not_exist_is_refused(led: Led) -> None:
    led.enter("Ana")
    answer = led.command("deplacer", participant=led.room.here[0].id, table=3)

    assert answer.status_code == 404
    assert "Augmentez d’abord le nombre de tables" in unescape(answer.text)


def test_after_the_end_everything_but_undo_is_refused(led: Led) -> None:
    led.command("terminer")
    for action in sorted(set(ACTIONS) - {"annuler", "repondre"}):
        assert led.command(action).status_code == 409, action
    led.command("annuler")

    assert not led.room.ended


UNDONE = [
    ([("aller", {"item": "mots"})], "passage à « Mots »"),
    ([("aller", {"item": "mots"}), ("aller", {})], "retour à l’accueil"),
    ([("ouvrir", {"item": "mots"})], "ouverture de « Mots »"),
    ([("ouvrir", {"item": "mots"}), ("fermer", {"item": "mots"})], "clôture de « Mots »"),
    ([("montrer", {"item": "mots", "where": "screen"})], "résultats montrés à l’écran"),
    ([("montrer", {"item": "mots", "where": "phones", "on": "false"})],
     "résultats cachés sur les téléphones"),
    ([("chrono", {"seconds": 60})], "minuteur"),
    ([("chrono", {"seconds": 0})], "arrêt du minuteur"),
    ([("ecran", {})], "écran masqué"),
    ([("ecran", {"on": "false"})], "écran rétabli"),
    ([("verrouiller", {})], "entrée fermée"),
    ([("tables", {"tables": 2})], "nombre de tables"),
    ([("terminer", {})], "fin de l’atelier"),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "words"), UNDONE, ids=[words for _, words in UNDONE])
def test_undo_says_what_it_takes_back(led: Led, commands, words) -> None:
    for action, fields in commands:
        led.command(action, **fields)

    assert f"Annuler : {words}</button>" in led.get("/animer").replace("\xa0", " ").replace(
        "\u202f", " "
    )


def test_undo_says_what_it_takes_back_of_people_and_contributions(led: Led) -> None:
    opened(led)
    led.say(led.enter("Ana"), "un")
    entry = next(iter(led.room.stage("mots").entries.values())).seq
    led.command("tables", tables=1)
    for action, fields, words in [
        ("masquer", {"entry": entry}, "contribution masquée"),
        ("masquer", {"entry": entry, "on": "false"}, "contribution remise"),
        ("epingler", {"entry": entry}, "contribution mise en avant"),
        ("epingler", {"entry": entry, "on": "false"}, "contribution remise parmi les autres"),
        ("grouper", {"entries": entry, "group": "A"}, "regroupement"),
        ("degrouper", {"entries": entry}, "contributions dégroupées"),
        ("placer", {}, "changement de table"),
        ("exclure", {"participant": led.room.here[0].id}, "participant exclu"),
    ]:
        led.command(action, **fields)
        page = led.get("/animer").replace("\xa0", " ")
        assert f"Annuler : {words}</button>" in page, action


def test_every_gesture_of_the_trainer_has_words() -> None:
    participants = {"joined", "introduced", "contributed", "withdrawn", "asked", "paced"}
    union = get_args(get_args(ev.Event)[0])
    kinds = {kind.model_fields["kind"].default for kind in union}
    source = (TEMPLATES / "atelier" / "_animer.html").read_text(encoding="utf-8")

    assert kinds - participants - {"agenda_set", "undone"} == set(
        re.findall(r'gesture\.kind == "(\w+)"', source)
    )


def test_the_way_shows_what_is_done_current_skipped_and_to_come(led: Led) -> None:
    led.command("aller", item="accueil")
    led.command("aller", item="fin")

    page = led.get("/animer")

    assert re.findall(r'class="etape est-(\w+)"', page) == ["done", "skipped", "current"]
    assert 'aria-current="step"' in page
    assert "(fait)" in page
    assert "(sauté)" in page


def test_an_agenda_without_anything_in_it_can_be_led(app: FastAPI, person: Person) -> None:
    led = leading(app, person, Agenda(title="Vide", items=()))

    assert "Accueil" in led.get("/animer")
    assert led.command("suivant").status_code == 200
