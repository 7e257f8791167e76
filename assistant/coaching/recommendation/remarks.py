"""What to watch, what was set aside, what to do next: remarks by the id of their text."""

from collections.abc import Iterator

from assistant.coaching.recommendation.category import suggested
from assistant.coaching.recommendation.counterpart import SYMBOLIC_UP_TO
from assistant.coaching.recommendation.gate import PATRONAGE, Verdict, natures
from assistant.coaching.recommendation.maturity import (
    BUILT_TOGETHER,
    Form,
    answers_market,
    receives_publicly,
)
from assistant.coaching.recommendation.model import CROSSINGS
from assistant.coaching.recommendation.reading import Case

_LINKS = {"fournisseur", "candidat_marche", "demandeur_autorisation"}
_UNPROVEN = (None, "oui_declare")


def alerts(
    case: Case, verdict: Verdict, form: Form, category: str | None, model: str | None
) -> Iterator[str]:
    """The ids of what may go wrong; those of §2 where a rule of the controller says it too."""
    yield from _gift_alerts(case, verdict)
    yield from _public_alerts(case, verdict, category)
    early = (case.facts.maturite or 9) <= 2
    if category == "innovation_societale" and early:
        yield "IS-02"
    young = case.facts.relation_mois is not None and case.facts.relation_mois < 12
    if (category == "cooperation_economique" and early) or (model == "modele_hybride" and young):
        yield "CE-04"
    wanted = case.facts.contrat_demande
    if wanted and form.contract and wanted != form.contract:
        yield "QUAL-02"
    if len(natures(case)) > 1:
        yield "QUAL-03"
    if case.facts.relation_poursuivie:
        yield "RES-06"
    if case.square.chosen:
        yield "carre.ecart"


def _gift_alerts(case: Case, verdict: Verdict) -> Iterator[str]:
    level, eligible = case.level, case.eligible.value
    if case.gifts and eligible == "non":
        yield "MEC-01"
    if case.gifts and verdict.row in ("J4", "J5", "J6") and eligible in _UNPROVEN:
        yield "MEC-02"
    if case.gifts and level.value == "equivalente":
        yield "QUAL-01"
    big = level.ratio is not None and level.ratio > SYMBOLIC_UP_TO
    if case.gifts and (level.value == "significative" or big):
        yield "MEC-03"
    if case.gifts and level.unvalued:
        yield "MEC-04"
    said = case.value("contrepartie_niveau")
    if level.ratio is not None and said and said != level.value:
        yield "contrepartie.ecart"
    if case.product_share.value:
        yield "MEC-16"
    if case.off_hours:
        yield "MC-06"
    if "don_nature" in case.gifts and (case.facts.pret or case.facts.local):
        yield "NAT-04"


def _public_alerts(case: Case, verdict: Verdict, category: str | None) -> Iterator[str]:
    if verdict.row == "J1":
        yield "CP-01"
    if verdict.row in ("J2", "public"):
        yield "SUB-02"
    if verdict.row == "J2":
        yield "SUB-03"
    if verdict.row in ("J5", "J6") and receives_publicly(case):
        yield "SIG-03"
        if case.level.value == "symbolique":
            yield from ("SIG-05", "CP-03")
        if _LINKS & set(case.facts.conflits_interets or ()):
            yield "MEC-17"
    if category == "cooperation_economique" and case.local_authority and answers_market(case):
        yield "CP-04"


def rejected(
    case: Case, verdict: Verdict, form: Form, category: str | None
) -> Iterator[tuple[str, str]]:
    """(option, id of the text): what was set aside, the nearest contract first (§3.7, 5)."""
    row = verdict.row or ""
    patronage = next((PATRONAGE[g] for g in case.gifts), "mecenat_financier")
    nearest = {
        "J1": "subvention_cpo", "J2": "marche_public", "J3": patronage, "MEC-16": patronage,
        "J4": patronage, "J5": "parrainage", "J6": "parrainage", "J7": patronage,
        "J8": "mecenat_competences", "J9": "partenariat", "J10": patronage,
        "J11": "partenariat", "J12": "prestation",
    }  # fmt: skip
    if form.protocol_first:
        yield "partenariat", "protocole"
    if row in nearest:
        yield nearest[row], row
    if row == "MEC-16":
        yield "partenariat", "MEC-16.offre"
    goal = case.square.dominant
    usual = suggested(case, goal) if goal else ()
    if usual and category and category not in (*usual, "hors_typologie"):
        yield usual[0], "categorie"


def next_steps(
    case: Case, verdict: Verdict, form: Form, category: str | None, model: str | None
) -> Iterator[str]:
    """The ids of what to do next and of what else is possible."""
    ways = {
        "J1": ("marche.mise_en_concurrence",),
        "J2": ("subvention.modele_officiel",),
        "J4": ("scission.deux_actes", "scission.tout_parrainage"),
        "J6": ("rescrit",),
        "J7": ("ineligible.parrainage", "ineligible.don_simple", "ineligible.relais"),
        "J8": ("benevolat.lettre",),
        "J9": ("capital.acte",),
        "J12": (),
    }
    if not (verdict.row == "J4" and form.contract != "scission"):
        yield from ways.get(verdict.row or "", ())
    if case.product_share.value:
        yield "partage.conditions"
    if receives_publicly(case) and verdict.row in ("J5", "J6"):
        yield "deliberation"
    early = (case.facts.maturite or 9) <= 2
    if form.protocol_first:
        yield "protocole.ensuite_hybride" if model == "modele_hybride" else "protocole.ensuite"
    if early and category in BUILT_TOGETHER:
        yield "maturite.action_test"
    if model in CROSSINGS and (case.facts.maturite or 9) < 3 and form.contract == "partenariat":
        yield "croisement.protocole"
    if case.facts.maturite == 4:
        yield "evaluer"
    if case.facts.refus_contractualiser:
        yield "refus.transparence"
