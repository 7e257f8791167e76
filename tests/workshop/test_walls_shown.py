"""What the screen and the phones draw of walls, tables, role plays and closings."""

import re
from typing import Any

import pytest

from assistant.workshop.activity import InvalidConfig
from tests.workshop.playing import ITEM, Play, a_case, a_role, over
from web.rendering import environment

REGISTRY = over(a_case(roles=[a_role("presidente"), a_role("gerant", "entreprise")]))
FORMS = {
    "mur": {"colonne": ["freins"], "texte": ["Le temps <b>manque</b>"]},
    "engagements": {"quoi": ["Appeler <b>Paul</b>"], "quand": ["demain"]},
    "satisfaction": {"note.q1": ["4"], "mot": ["Vif <b>!</b>"]},
    "evaluation-croisee": {"note.c1": ["5"], "suite": ["modifier"]},
    "jeu-de-role": {"issue": ["accord"], "concede": ["Un <b>an</b>"]},
    "convention-express": {"slot": ["objet.projet"], "objet.projet": ["Un <b>potager</b>"]},
}
CONFIGS = {
    "mur": {"question": "Quoi ?"},
    "engagements": {"question": "Quoi ?"},
    "jeu-de-role": {"case": "le-don"},
    "convention-express": {"case": "le-don", "slots": ["objet.projet", "don.montant", "flux"]},
}
KINDS = sorted(FORMS)


def played(kind: str) -> Play:
    made = Play(kind, registry=REGISTRY, **CONFIGS.get(kind, {})).arranged(2)
    for n, actor in enumerate(["association"] * 4 + ["entreprise"] * 4):
        made.comes(f"Pseudo{n}", actor=actor, table=n % 2 + 1)
    return made


def answered(kind: str) -> Play:
    made = played(kind).opens()
    for n in range(8):
        made.says(f"Pseudo{n}", FORMS[kind])
    return made


def screen(play: Play) -> str:
    return drawn(play, "screen")


def phone(play: Play, who: str = "Pseudo1") -> str:
    own = play.scene.mine(who)
    last = own[-1] if own else None
    value = play.activity.value(last) if last and last.value is not None else None
    person = play.story.room.people[who]
    return drawn(play, "phone", value=value, private=play.private(who), person=person)


def drawn(play: Play, where: str, **more: Any) -> str:
    """One of the two templates of the activity, with the names that they may use."""
    scene = play.scene
    template = f"atelier/{play.activity.kind.replace('-', '_')}_{where}.html"
    return environment().get_template(template).render(
        scene=scene, config=scene.config, results=play.results, item=scene.item,
        stage=scene.stage, activity=play.activity, **more,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["ready", "open", "answered", "closed", "voting"])
def test_every_state_is_drawn(kind, state) -> None:
    made = {"ready": played, "answered": answered, "closed": answered, "voting": answered}.get(
        state, lambda k: played(k).opens()
    )(kind)
    if state == "ready":
        made.does("aller", item=ITEM)
    if state in ("closed", "voting"):
        made.does("fermer")
    if state == "voting":
        made.does("tour")
    for text in (screen(made), phone(made)):
        assert not re.search(r"\sstyle=|\son\w+=|<script", text)
        assert "<b>" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_screen_shows_no_pseudonym_and_no_secret(kind) -> None:
    text = screen(answered(kind))

    assert "Pseudo" not in text
    assert "SECRET" not in text
    if kind not in ("mur", "engagements"):  # lists of texts are their own table
        assert "<table>" in text


def test_a_secret_is_on_the_phone_of_its_holder_alone() -> None:
    made = played("jeu-de-role").opens()

    assert "SECRET de presidente" in phone(made, "Pseudo0")
    assert "SECRET de gerant" not in phone(made, "Pseudo0")
    assert "SECRET" not in phone(made, "Pseudo6")
    assert "Vous observez" in phone(made, "Pseudo6")


def test_the_table_s_answer_is_on_the_phones_of_the_table() -> None:
    made = played("convention-express").opens()
    made.says("Pseudo0", {"slot": ["don.montant"], "don.montant": ["5 000"]})

    assert "5\u202f000\u202f€" in phone(made, "Pseudo2")
    assert "5\u202f000\u202f€" not in phone(made, "Pseudo1")
    assert 'name="slot" value="objet.projet" id="express-1" checked' in phone(made, "Pseudo2")


def test_what_one_voted_for_is_ticked_and_a_group_counts_its_texts() -> None:
    made = answered("mur")
    numbers = tuple(made.number(f"Pseudo{n}") for n in range(3))
    made.does("grouper", entries=numbers, group="Le temps").does("tour")
    made.says("Pseudo1", {"tour": ["2"], "voix": [str(numbers[2])]})
    text = phone(made)

    assert text.count(" checked") == 1
    assert f'value="{numbers[0]}" checked' in text
    assert "3 textes" in text


def test_a_talk_lets_phones_read_its_case() -> None:
    made = Play("expose", registry=REGISTRY, case="le-don").comes("Pseudo1")
    case = made.activity.tools.cases["le-don"]

    assert case.story in phone(made)
    assert case.roles[0].name in phone(made)
    assert case.roles[0].brief not in phone(made)
    assert "rien à envoyer" in phone(Play("expose", registry=REGISTRY).comes("Pseudo1"))


def test_a_talk_takes_no_case_that_is_unknown() -> None:
    with pytest.raises(InvalidConfig):
        REGISTRY["expose"].configured({"case": "inconnu"})


def test_those_who_rate_candidates_read_the_case() -> None:
    candidates = [{"id": "un", "name": "Un", "brief": "Une association."}]
    made = Play("criteres", registry=REGISTRY, grid="sig", case="le-don", candidates=candidates)
    made.comes("Pseudo1").opens()

    assert made.activity.tools.cases["le-don"].story in phone(made)
