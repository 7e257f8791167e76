"""The answer wall: what is written, grouped, voted, and what is only suggested."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activities.wall import near
from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.playing import Play, blind, rectangular

QUESTION = "Que peut-il arriver ?"


def wall(**config: object) -> Play:
    played = Play("mur", question=QUESTION, **config)
    return played.comes("ana", "bob", "cem", "dia")


def text(words: str, column: str = "risques") -> dict[str, list[str]]:
    return {"colonne": [column], "texte": [words]}


def votes(*numbers: int) -> dict[str, list[str]]:
    return {"tour": ["2"], "voix": [str(number) for number in numbers]}


def drawn(played: Play) -> dict[str, list[tuple[str, int, int]]]:
    """Title, texts and votes of the cards by column."""
    return {
        column.id: [(card.title, len(card.texts), card.votes) for card in column.cards]
        for column in played.results.columns
    }


def written() -> Play:
    return (
        wall()
        .opens()
        .says("ana", text("Perte d'image"))
        .says("ana", text("Manque de temps", "freins"))
        .says("bob", text("perte d'image !"))
        .says("cem", text("Dépendance"))
        .does("fermer")
    )


def test_without_columns_the_wall_asks_for_risks_and_freins() -> None:
    assert [(c.id, c.label) for c in wall().scene.config.columns] == [
        ("risques", "Risques"),
        ("freins", "Freins"),
    ]


def test_texts_stand_in_their_columns_by_title() -> None:
    played = written()

    assert drawn(played) == {
        "risques": [("Dépendance", 1, 0), ("Perte d'image", 1, 0), ("perte d'image !", 1, 0)],
        "freins": [("Manque de temps", 1, 0)],
    }
    assert (played.results.people, played.results.texts) == (3, 4)


def test_near_identical_texts_are_suggested_and_not_merged() -> None:
    played = written()
    same = (played.number("ana", 0), played.number("bob"))

    suggested = played.activity.suggestions(played.scene)  # type: ignore[attr-defined]
    assert [(s.name, s.entries) for s in suggested] == [("Perte d'image", same)]
    assert len(played.results.columns[0].cards) == 3
    grouped = played.does("grouper", entries=same, group="Image")
    assert drawn(grouped)["risques"] == [("Image", 2, 0), ("Dépendance", 1, 0)]
    assert played.activity.suggestions(grouped.scene) == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("texts", "alike"),
    [
        (["Perte d'image", "perte d’image"], 1),
        (["perdre du temps", "du temps perdu"], 1),
        (["perdre du temps", "gagner du temps"], 0),
        (["le temps manque", "manque le temps"], 1),
        (["Dépendance financière", "dependance financiere"], 1),
        (["Conflit", "Confiance"], 0),
        (["a b c", "x y z"], 0),
        ([], 0),
    ],
)
def test_texts_are_alike_whatever_their_case_accents_and_order(texts, alike) -> None:
    assert len(near(tuple(enumerate(texts)))) == alike


def test_votes_go_to_the_group_that_a_text_is_in_once_a_person() -> None:
    played = written()
    image, other = played.number("ana", 0), played.number("bob")
    played.does("grouper", entries=(image, other), group="Image").does("tour")
    played.says("ana", votes(image)).says("bob", votes(image, other)).says("cem", votes(other))

    assert drawn(played)["risques"] == [("Image", 2, 3), ("Dépendance", 1, 0)]
    assert (played.results.voters, played.results.votes) == (3, 3)
    assert [card.share for card in played.results.columns[0].cards] == [1.0, 0.0]


def test_votes_follow_texts_that_are_grouped_afterwards() -> None:
    played = written()
    image, other = played.number("ana", 0), played.number("bob")
    played.does("tour").says("ana", votes(image, other)).says("cem", votes(other))
    assert drawn(played)["risques"][0] == ("perte d'image !", 1, 2)

    played.does("grouper", entries=(image, other), group="Image")
    assert drawn(played)["risques"][0] == ("Image", 2, 2)


def test_a_hidden_text_leaves_the_wall_with_its_votes() -> None:
    played = written()
    hidden = played.number("cem")
    played.does("tour").says("ana", votes(hidden)).does("masquer", entry=hidden)

    assert "Dépendance" not in str(played.results)
    assert played.results.votes == played.results.voters == 0
    with pytest.raises(Refused, match="mur_texte_parti"):
        played.says("bob", votes(hidden))


def test_voting_again_replaces() -> None:
    played = written()
    image, other = played.number("ana", 0), played.number("cem")
    played.does("tour").says("dia", votes(image)).says("dia", votes(other))

    assert drawn(played)["risques"][0] == ("Dépendance", 1, 1)
    assert played.results.votes == 1


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        (text("  "), "texte_vide"),
        (text("x" * 141), "contribution_refusee"),
        (text("Texte", "ailleurs"), "contribution_refusee"),
        ({"texte": ["sans colonne"]}, "contribution_refusee"),
        (votes(1), "contribution_refusee"),
        (votes(), "mur_sans_voix"),
        ({}, "texte_vide"),
    ],
)
def test_what_is_no_text_is_refused(form, refused) -> None:
    with pytest.raises(Refused, match=refused):
        wall().opens().says("ana", form)


def test_each_person_writes_so_many_texts_and_may_take_one_back() -> None:
    played = wall(per_person=1).opens().says("ana", text("Un"))
    with pytest.raises(Refused, match="mur_plein"):
        played.says("ana", text("Deux"))
    played.hides("ana")
    with pytest.raises(Refused, match="mur_plein"):
        played.says("ana", text("Deux"))
    key = played.scene.mine("ana")[0].key
    assert drawn(played.takes_back("ana", key).says("ana", text("Deux")))["risques"] == [
        ("Deux", 1, 0)
    ]


@pytest.mark.parametrize("given_votes", [["4", "5", "6", "7"], ["x"], []])
def test_too_many_votes_or_none_are_refused(given_votes) -> None:
    with pytest.raises(Refused):
        written().does("tour").says("ana", {"tour": ["2"], "voix": given_votes})


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"question": QUESTION, "columns": []},
        {"question": QUESTION, "columns": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]},
        {"question": QUESTION, "votes": 0},
        {"question": QUESTION, "other": 1},
    ],
)
def test_a_wrong_wall_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        wall().activity.configured(config)


def test_a_group_stands_where_most_of_its_texts_do() -> None:
    played = written()
    numbers = (played.number("ana", 0), played.number("ana", 1), played.number("bob"))
    played.does("grouper", entries=numbers, group="Tout")

    assert drawn(played) == {"risques": [("Tout", 3, 0), ("Dépendance", 1, 0)], "freins": []}


def test_a_pinned_text_comes_first() -> None:
    played = written()
    played.does("epingler", entry=played.number("bob"))

    assert drawn(played)["risques"][0][0] == "perte d'image !"


def test_the_sheets_hold_texts_and_votes_and_no_name() -> None:
    played = written()
    image, other = played.number("ana", 0), played.number("bob")
    played.does("grouper", entries=(image, other), group="Image").does("tour")
    played.says("dia", votes(image))

    texts, cards = played.sheets()
    assert texts == [
        ("Risques", "Image", "Perte d'image"),
        ("Risques", "Image", "perte d'image !"),
        ("Risques", None, "Dépendance"),
        ("Freins", None, "Manque de temps"),
    ]
    assert cards == [
        ("Risques", "Image", 2, 1),
        ("Risques", "Dépendance", 1, 0),
        ("Freins", "Manque de temps", 1, 0),
    ]
    assert rectangular(played.activity.tables(played.scene))
    assert played.activity.said(played.activity.value(played.scene.mine("dia")[0])) == (
        "Voix données\u00a0: 1"
    )


WORDS = st.sampled_from(["Perte d'image", "Dépendance", "Temps", "Conflit", "Départ"])
POSTS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "bob", "cem", "dia"]), WORDS, st.sampled_from(["risques", "freins"])
    ),
    max_size=6,
    unique=True,
)


@given(POSTS, st.randoms())
def test_the_order_of_texts_does_not_matter(posts, random) -> None:
    def played(order) -> Play:
        made = wall(per_person=6).opens()
        for who, words, column in order:
            made.says(who, text(words, column))
        return made

    shuffled = random.sample(posts, len(posts))
    one, other = played(posts), played(shuffled)
    assert drawn(one) == drawn(other)
    assert one.sheets() == other.sheets()
    assert one.results.texts == len(posts) == sum(len(cards) for cards in drawn(one).values())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ana", "bob", "cem", "dia"]),
            st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True),
        ),
        max_size=8,
    )
)
def test_the_last_vote_of_each_counts_and_totals_agree(ballots) -> None:
    numbers = [written().number("ana", 0), written().number("ana", 1), written().number("bob"),
               written().number("cem")]  # fmt: skip

    def voted(given_ballots) -> Play:
        made = written().does("tour")
        for who, chosen in given_ballots:
            made.says(who, votes(*(numbers[place] for place in chosen)))
        return made

    last = dict(ballots)
    every, only = voted(ballots), voted(last.items())
    assert blind(every.results) == blind(only.results)
    assert every.results.votes == sum(len(chosen) for chosen in last.values())
    assert every.results.votes == sum(row[3] for row in every.sheets()[1])


def test_passing_counts_until_one_writes_after_all() -> None:
    from assistant.workshop import events as ev
    from tests.workshop.building import Story, activities, item

    story = Story(item("mur", "mur", question="Quoi ?")).people("ana", "bob")
    story.add(ev.Opened(item="mur"))
    story.add(ev.Contributed(item="mur", value=None, nonce="n" * 8), by="ana")

    def scene():
        return activities()["mur"].scene(story.room, story.room.agenda.items[0])

    assert (scene().contributors, scene().abstentions) == (1, 1)
    card = {"text": "Le temps", "column": "risques"}
    story.add(ev.Contributed(item="mur", key="k", value=card, nonce="m" * 8), by="ana")
    assert (scene().contributors, scene().abstentions) == (1, 0)
