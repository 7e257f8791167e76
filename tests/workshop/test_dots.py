"""The vote by dots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.workshop.activity import InvalidConfig, Refused
from tests.workshop.building import activities
from tests.workshop.voting import Vote

PEOPLE = "a1 a2 a3 e1 e2 e3"
OPTIONS = [{"id": name, "label": name.upper()} for name in ("un", "deux", "trois")]


def dots(people: str = PEOPLE, **config) -> Vote:
    return Vote("gommettes", people, **{"question": "Laquelle ?", **config})


def ticked(*names: str) -> dict[str, list[str]]:
    return {"gommette": list(names)}


def test_the_sixteen_fragilities_come_in_their_four_families() -> None:
    families = dots().results.families

    assert [(f.name, len(f.options)) for f in families] == [
        ("Fragilités économiques", 3), ("Fragilités sociales", 5), ("Fragilités sociétales", 6),
        ("Fragilités environnementales", 2),
    ]  # fmt: skip
    assert families[1].options[1].option.label == "mal-logement"


def test_dots_are_counted_by_option_by_family_and_by_actor() -> None:
    vote = dots().all({f"a{n}": ticked("logement", "sante") for n in (1, 2, 3)})
    vote.all({f"e{n}": ticked("logement") for n in (1, 2, 3)})

    results = vote.results

    assert [(c.option.id, c.dots, c.people, c.actors, c.ahead) for c in results.ranked] == [
        ("logement", 6, 6, (("association", 3), ("entreprise", 3)), True),
        ("sante", 3, 3, (("association", 3), ("entreprise", 0)), False),
    ]
    assert [family.dots for family in results.families] == [0, 6, 3, 0]
    assert (results.dots, results.people, results.most) == (9, 6, 6)
    assert results.actors == (("association", 3), ("entreprise", 3))


def test_several_dots_may_go_on_one_option_when_the_configuration_says_so() -> None:
    vote = dots(dots=4, per_option=3, options=OPTIONS)
    vote.give("a1", {"points-un": ["3"], "points-deux": ["1"], "points-trois": ["0"]})

    assert [(c.option.id, c.dots, c.people) for c in vote.results.ranked] == [
        ("un", 3, 1), ("deux", 1, 1)
    ]  # fmt: skip
    assert vote.activity.told(vote.scene, vote.activity.Value(dots={"un": 3})) == "UN (3)"


def test_keeping_dots_back_is_allowed_and_none_at_all_is_not() -> None:
    vote = dots().give("a1", ticked("sante"))

    with pytest.raises(Refused) as refused:
        vote.give("a2", {})

    assert vote.results.dots == 1
    assert refused.value.name == "aucune_gommette"


@pytest.mark.parametrize(
    ("config", "form", "code", "details"),
    [
        ({}, ticked("sante", "logement", "securite", "mobilite"), "gommettes_en_trop_un",
         {"nombre": 1, "total": 3}),
        ({"dots": 2}, ticked("sante", "logement", "securite", "mobilite"), "gommettes_en_trop",
         {"nombre": 2, "total": 2}),
        ({"dots": 3, "per_option": 2}, {"points-sante": ["3"]}, "gommettes_par_option",
         {"nombre": 2}),
        ({}, {"points-sante": ["2"]}, "gommettes_par_option", {"nombre": 1}),
        ({}, ticked("inconnue"), "contribution_refusee", {}),
        ({}, {"points-sante": ["beaucoup"]}, "contribution_refusee", {}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_kindly(config, form, code: str, details) -> None:
    with pytest.raises(Refused) as refused:
        dots(**config).give("a1", form)

    assert (refused.value.name, refused.value.details) == (code, details)


@pytest.mark.parametrize(
    "config",
    [{}, {"question": "x", "dots": 0}, {"question": "x", "dots": 2, "per_option": 3},
     {"question": "x", "options": [OPTIONS[0]]},
     {"question": "x", "options": [OPTIONS[0], OPTIONS[0]]}],
)  # fmt: skip
def test_a_configuration_that_makes_no_sense_is_refused(config) -> None:
    with pytest.raises(InvalidConfig):
        activities()["gommettes"].configured(config)


def test_the_sheet_has_a_line_an_option() -> None:
    vote = dots(options=OPTIONS).all({f"a{n}": ticked("deux") for n in (1, 2, 3)})

    (sheet,) = vote.tables()

    assert sheet.columns == ("Famille", "Proposition", "Gommettes", "Personnes", "association")
    assert sheet.rows == (
        (None, "UN", 0, 0, 0), (None, "DEUX", 3, 3, 3), (None, "TROIS", 0, 0, 0)
    )  # fmt: skip


def test_ties_are_both_ahead_and_stay_in_the_order_of_the_list() -> None:
    ranked = dots(options=OPTIONS).give("a1", ticked("trois", "un")).results.ranked

    assert [(count.option.id, count.ahead) for count in ranked] == [("un", True), ("trois", True)]


chosen = st.sets(st.sampled_from(["un", "deux", "trois"]), min_size=1, max_size=3)
votes = st.dictionaries(st.sampled_from(PEOPLE.split()), chosen, min_size=1)


@given(votes, st.randoms(use_true_random=False))
def test_order_replacement_hiding_and_totals(given_, rnd) -> None:
    forms = {who: ticked(*sorted(names)) for who, names in given_.items()}
    shuffled = list(forms.items())
    rnd.shuffle(shuffled)
    who = shuffled[0][0]

    vote = dots(options=OPTIONS).all(forms)
    results = vote.results

    assert results == dots(options=OPTIONS).all(dict(shuffled)).results
    again = dots(options=OPTIONS).all(dict.fromkeys(forms, ticked("un"))).all(forms)
    assert results == again.results
    assert results.dots == sum(len(names) for names in given_.values())
    assert results.dots == sum(family.dots for family in results.families)
    for count in results.ranked:
        assert sum(n for _, n in count.actors) <= count.dots
    rest = {w: form for w, form in forms.items() if w != who}
    assert vote.hide(who).results == dots(options=OPTIONS).all(rest).results
