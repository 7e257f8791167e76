"""What holds of every recommendation, whatever the facts."""

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.casefile.facts import parse_facts
from assistant.casefile.paths import given as said
from assistant.casefile.paths import read
from assistant.coaching.recommendation import Recommendation, recommend
from assistant.coaching.recommendation.catalogue import ANNEXES, CATEGORIES, CONTRACTS, MODELS
from tests.coaching.recommendation.given import wording

FLOWS = [
    "don_numeraire", "don_nature", "temps_salarie", "prix", "partage_revenus", "mutualisation",
    "subvention", "pret_ou_capital", "aucun", "inconnu",
]  # fmt: skip
POINTS = st.sampled_from([
    {"processus": 10}, {"processus": 5, "positionnement": 5}, {"innovation": 5, "modele_eco": 5},
    {"innovation": 4, "modele_eco": 3, "processus": 3},
    {"processus": 2.5, "modele_eco": 2.5, "innovation": 2.5, "positionnement": 2.5},
])  # fmt: skip
AMOUNT = st.integers(1, 20_000)
FLAG = st.booleans()
ACTORS = st.sampled_from(["association", "entreprise", "collectivite", "fondation", "autre"])
LINES = st.lists(
    st.fixed_dictionaries(
        {"nature": st.sampled_from(["logo", "visite"])}, optional={"valeur": st.integers(0, 9000)}
    ),
    max_size=3,
)
SLOTS: dict[str, st.SearchStrategy[Any]] = {
    "acteur_type": ACTORS,
    "partenaire_type": ACTORS,
    "objectif_dominant": st.sampled_from(
        ["processus", "modele_eco", "innovation", "positionnement", "inconnu"]
    ),
    "objectif_carre": POINTS,
    "sens_apport": st.sampled_from(
        ["E_vers_A", "A_vers_E", "reciproque", "ensemble_vers_tiers", "ensemble_vers_territoire",
         "inconnu"]
    ),
    "flux": st.lists(st.sampled_from(FLOWS), max_size=3, unique=True),
    "contrepartie_niveau": st.sampled_from(
        ["aucune", "symbolique", "significative", "equivalente", "inconnu"]
    ),
    "contrepartie_valeur": st.integers(0, 20_000),
    "contrepartie_liste": st.lists(st.sampled_from(["logo", "visite"]), max_size=2),
    "contrepartie_visibilite": FLAG,
    "contreparties": LINES,
    "don": st.builds(lambda n: {"montant": n}, AMOUNT),
    "prix": st.builds(lambda n: {"montant_ht": n}, AMOUNT),
    "mc": st.builds(lambda n: {"valeur_totale": n}, AMOUNT),
    "coconstruction": st.integers(1, 4),
    "maturite": st.integers(1, 4),
    "payeur_public": FLAG,
    "besoin_defini_par_payeur": FLAG,
    "prestation_individualisee": FLAG,
    "initiative": st.sampled_from(
        ["association", "entreprise", "collectivite", "conjointe", "inconnu"]
    ),
    "beneficiaire_eligible": st.sampled_from(["oui_rescrit", "oui_declare", "inconnu", "non"]),
    "temps_travail": st.sampled_from(["travail", "libre", "inconnu"]),
    "produit_partage": FLAG,
    "structure_commune": FLAG,
    "experimentation": FLAG,
    "changement_pratiques": FLAG,
    "apports_reciproques": FLAG,
    "objet_arrete": FLAG,
    "refus_contractualiser": FLAG,
    "contrat_demande": st.sampled_from(CONTRACTS),
    "offre_commune": st.just({"description": "Une offre", "vise_marche_public": True}),
    "parties": st.just([{"role": "beneficiaire", "eligible_mecenat": "non"}]),
    "duree": st.just({"mois": 24}),
}  # fmt: skip
FACTS = st.fixed_dictionaries({}, optional=SLOTS)


def of(facts: dict[str, Any]) -> Recommendation:
    return recommend(parse_facts(facts), wording())


@settings(max_examples=300, deadline=None)
@given(FACTS)
def test_every_reason_rests_on_answers_that_were_given(facts: dict[str, Any]) -> None:
    whole, found = parse_facts(facts), of(facts)

    for reason in found.reasons:
        assert reason.slots, reason
        assert reason.sources, reason
        for slot in reason.slots:
            assert said(read(whole, slot)), (reason, slot)


@settings(max_examples=300, deadline=None)
@given(FACTS)
def test_only_published_slugs_come_out_and_what_is_decided_is_argued(facts: dict[str, Any]) -> None:
    found = of(facts)

    assert found.categorie in (*CATEGORIES, None)
    assert found.modele in (*MODELS, None)
    assert found.contrat in (*CONTRACTS, None)
    assert set(found.annexes) <= set(ANNEXES)
    assert set(found.documents) <= set(CONTRACTS) - {"aucun", "scission"}
    assert len(set(found.missing)) == len(found.missing)
    if found.contrat:
        assert len(found.reasons) >= 2, found
        assert found.rejected
    else:
        assert found.missing or found.alerts, facts
        assert found.documents == ()
    json.dumps(found.to_json())


@settings(max_examples=300, deadline=None)
@given(FACTS)
def test_too_little_known_is_never_a_contract_that_the_law_does_not_settle(
    facts: dict[str, Any],
) -> None:
    found = of(facts)

    if found.confidence == "basse":
        assert found.contrat in (None, "aucun")


@settings(max_examples=200, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(facts: dict[str, Any], chance: random.Random) -> None:
    expected = of(facts)
    names = list(facts)
    chance.shuffle(names)
    shuffled = {name: facts[name] for name in names}
    for name in ("flux", "contrepartie_liste", "contreparties"):
        if name in shuffled:
            shuffled[name] = chance.sample(shuffled[name], len(shuffled[name]))

    assert of(shuffled) == expected
    assert of(facts) == expected


def blocked(found: Recommendation) -> str | None:
    """The blocking conclusion: a public market, no patronage, or a gift that is an exchange."""
    rows = {reason.id.split(".")[0] for reason in found.reasons}
    if found.contrat == "marche_public":
        return "J1"
    if found.contrat == "aucun" and "J7" in rows:
        return "J7"
    exchanged = "J3.equivalente" in {reason.id for reason in found.reasons}
    return "J3" if exchanged and found.contrat in ("prestation", "parrainage") else None


@settings(max_examples=300, deadline=None)
@given(FACTS, st.data())
def test_one_more_answer_never_lifts_a_block_in_silence(
    facts: dict[str, Any], data: st.DataObject
) -> None:
    before = blocked(of(facts))
    unknown = sorted(
        set(SLOTS) - {n for n, v in facts.items() if v not in ("inconnu", ["inconnu"])}
    )
    if before is None or not unknown:
        return
    slot = data.draw(st.sampled_from(unknown))
    after = of(facts | {slot: data.draw(SLOTS[slot])})

    if blocked(after) != before:
        rested = {name.split(".")[0] for reason in after.reasons for name in reason.slots}
        assert slot in rested, (facts, slot, after)
