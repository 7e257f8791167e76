"""One value, however French writes it; two values are never one."""

import pytest

from assistant.llm.quantities import grounds, quantities

SAME = [
    ("15 000 €", "15000 euros", "quinze mille euros", "15 k€", "15\u202f000\u202f€", "15.000 €", "15 000,00 €"),
    ("60 %", "soixante pour cent", "60%", "60 pourcent"),
    ("un tiers", "1 tiers"),
    ("31 décembre 2026", "31/12/2026", "2026-12-31", "31.12.2026"),
    ("2 millions d’euros", "deux millions d’euros", "2 000 000 €", "2 M€"),
    ("1,5 million d’euros", "1 500 000 €"),
    ("5 pour mille", "cinq pour mille", "5 ‰"),
    ("3 ans", "trois ans", "trois années"),
    ("un an", "1 an", "une année"),
    ("étape 4", "étape IV", "quatrième étape", "4e étape", "étape quatre"),
    ("XXIe siècle", "21e siècle"),
    ("article L.8241-3", "art. L. 8241-3", "L8241-3"),
    ("article 238 bis", "art. 238 bis"),
    ("7 sur 10", "sept sur dix", "7/10"),
    ("ODD 17", "dix-septième ODD"),
]  # fmt: skip


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms[0])
def test_forms_of_one_value_are_one(forms: tuple[str, ...]) -> None:
    assert len({tuple(q.key for q in quantities(form)) for form in forms}) == 1
    assert quantities(forms[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 %", "5 ans"), ("5 %", "5"), ("5 €", "5 %"), ("12 mois", "12 ans"), ("un tiers", "deux tiers"),
        ("15 000 €", "15 €"), ("1,5 €", "15 €"), ("31 mai 2026", "30 mai 2026"), ("article 26", "article 28"),
        ("238 bis", "238 ter"), ("L. 80 C", "L. 80 B"), ("5 jours", "5 semaines"), ("3 points", "3 %"),
        ("10 $", "10 €"), ("page 4", "étape 4"), ("2014-856", "2014-857"), ("un an", "un mois"),
        ("une centaine", "une dizaine"), ("deux fois", "deux ans"), ("odd17.org", "odd18.org"),
    ],
)  # fmt: skip
def test_values_that_differ_stay_apart(one: str, other: str) -> None:
    assert not any(grounds(a, b) for a in quantities(one) for b in quantities(other))
    assert not any(grounds(b, a) for a in quantities(one) for b in quantities(other))
    assert quantities(one)
    assert quantities(other)


@pytest.mark.parametrize(
    ("text", "count"), [("un partenaire", 0), ("une année", 1), ("les deux partenaires", 1), ("l’un et l’autre", 0)]
)  # fmt: skip
def test_articles_are_no_numbers_but_two_is_one(text: str, count: int) -> None:
    assert len(quantities(text)) == count


@pytest.mark.parametrize(
    ("text", "mode"),
    [("plus de 500", ">"), ("au moins 500", ">"), ("500 au plus", "<"), ("jusqu’à 500", "<"), ("environ 500", "~"), ("500", "")],
)  # fmt: skip
def test_what_bounds_a_value_is_part_of_it(text: str, mode: str) -> None:
    assert [q.mode for q in quantities(text)] == [mode]


def test_a_full_date_says_its_month_and_year_but_not_the_reverse() -> None:
    (full,), (month,), (year,) = map(quantities, ("31 décembre 2026", "décembre 2026", "2026"))

    assert grounds(full, month)
    assert grounds(full, year)
    assert not grounds(month, full)
    assert not grounds(year, full)


def test_the_ends_of_a_range_share_its_unit() -> None:
    assert [q.key for q in quantities("de 51 à 61 %")] == [
        ("percent", ("51",)),
        ("percent", ("61",)),
    ]
    assert [q.key for q in quantities("2018-2022")] == [("count", ("2018",)), ("count", ("2022",))]
