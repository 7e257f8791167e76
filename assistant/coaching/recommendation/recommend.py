"""The recommendation: category, model, contract, and everything that says why (§3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.casefile.facts import Facts
from assistant.casefile.source import Source
from assistant.coaching.recommendation import remarks
from assistant.coaching.recommendation.category import Place, place, suggested
from assistant.coaching.recommendation.confidence import SETTLED, grade, to_ask
from assistant.coaching.recommendation.gate import Verdict, acts, pass_gate
from assistant.coaching.recommendation.lifting import lifted
from assistant.coaching.recommendation.maturity import Form, annexes, formalise
from assistant.coaching.recommendation.model import Signature, recognise
from assistant.coaching.recommendation.reading import Because, Case, read_case
from assistant.coaching.recommendation.wording import Said, Wording


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a text with its sources, and the slots whose answers it rests on."""

    id: str
    text: str
    sources: tuple[Source, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """An alert or a next step, under the id of its text (§2 for an alert that is a rule)."""

    id: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was set aside, as a slug, and why."""

    option: str
    why: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One way out of a tie between two objectives."""

    objectif: str
    categorie: str | None
    modele: str | None
    contrat: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Barycentre:
    """Where the objectives stand: x from organisation (-1) to ecosystem (+1), y from cohesion
    (-1) to coherence (+1). ``note`` says that the axes are a deduction (§3.3)."""  # noqa: D205, D209

    x: float
    y: float
    weights: tuple[tuple[str, float], ...]
    goals: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the facts allow to say; None where they do not decide."""

    categorie: str | None
    modele: str | None
    contrat: str | None
    annexes: tuple[str, ...]
    documents: tuple[str, ...]
    confidence: str
    reasons: tuple[Reason, ...]
    rejected: tuple[Rejected, ...]
    missing: tuple[str, ...]
    alerts: tuple[Remark, ...]
    next_steps: tuple[Remark, ...]
    options: tuple[Option, ...]
    barycentre: Barycentre | None

    def to_json(self) -> dict[str, Any]:
        """The published shape of ``assistant recommend`` (design.md §4), with more keys."""
        return {
            "categorie": self.categorie,
            "modele": self.modele,
            "contrat": self.contrat,
            "annexes": list(self.annexes),
            "confidence": self.confidence,
            "reasons": [
                {"text": r.text, "source": _cite(r.sources), "id": r.id, "slots": list(r.slots)}
                for r in self.reasons
            ],
            "rejected": [
                {"option": r.option, "why": r.why, "source": _cite(r.sources)}
                for r in self.rejected
            ],
            "missing": list(self.missing),
            "alerts": [_remark(r) for r in self.alerts],
            "documents": list(self.documents),
            "suites": [_remark(r) for r in self.next_steps],
            "options": [
                {
                    "objectif": o.objectif, "categorie": o.categorie, "modele": o.modele,
                    "contrat": o.contrat, "why": o.text,
                }
                for o in self.options
            ],
            "barycentre": _point(self.barycentre),
        }  # fmt: skip


def _cite(sources: tuple[Source, ...]) -> str:
    return " ; ".join(map(str, sources))


def _remark(remark: Remark) -> dict[str, str]:
    return {"id": remark.id, "text": remark.text, "source": _cite(remark.sources)}


def _point(found: Barycentre | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "x": found.x, "y": found.y, "poids": dict(found.weights),
        "objectifs": list(found.goals), "note": found.note,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judgement:
    """The table read for one objective."""

    goal: str | None
    place: Place
    signature: Signature
    form: Form

    @property
    def slugs(self) -> tuple[str | None, str | None, str | None]:
        return self.place.category, self.signature.model, self.form.contract

    @property
    def because(self) -> tuple[Because, ...]:
        return (*self.place.because, *self.signature.because, *self.form.because)

    @property
    def missing(self) -> tuple[str, ...]:
        return (*self.place.missing, *self.signature.missing, *self.form.missing)


def recommend(facts: Facts, wording: Wording) -> Recommendation:
    """Read the decision table of §3 on ``facts``: law first, then category, model, maturity."""
    case = read_case(facts, wording.visibility)
    verdict = pass_gate(case)
    judged = [_judge(case, verdict, goal) for goal in case.square.goals or (None,)]
    one = _agreed(judged)
    tied = len({j.slugs for j in judged}) > 1
    category, model, contract = one.slugs
    sure = grade(case, verdict, tied=tied, decided=contract is not None)
    if sure == "basse" and verdict.row not in SETTLED:
        contract = None
    added, added_why = annexes(case, verdict, contract, model)
    form = Form(contract, protocol_first=one.form.protocol_first and contract is not None)
    because = (
        *_evidence(case, verdict),
        *lifted(case, verdict, wording.visibility),
        *one.because,
        *_goal(case, one),
        *added_why,
    )
    return Recommendation(
        categorie=category,
        modele=model,
        contrat=contract,
        annexes=added,
        documents=_documents(case, verdict, form),
        confidence=sure,
        reasons=_reasons(because, wording, decided=contract is not None),
        rejected=_rejected(case, verdict, form, category, wording) if contract else (),
        missing=to_ask(
            case, verdict, (s for j in judged for s in j.missing), tied=tied, decided=bool(contract)
        ),
        alerts=_remarks(
            remarks.alerts(case, verdict, form, category, model), wording.alertes, sure == "basse"
        ),
        next_steps=_remarks(
            remarks.next_steps(case, verdict, form, category, model), wording.suites
        ),
        options=tuple(_option(case, j, wording) for j in judged) if tied else (),
        barycentre=_barycentre(case, wording),
    )


def _judge(case: Case, verdict: Verdict, goal: str | None) -> _Judgement:
    where = place(case, verdict, goal)
    signature = recognise(case, verdict, where.category, goal)
    form = formalise(case, verdict, where.category, signature.model)
    return _Judgement(goal, where, signature, form)


def _agreed(judged: list[_Judgement]) -> _Judgement:
    """What every objective of a tie leads to; the rest is open, whatever each would say."""
    first = judged[0]
    if all(j.slugs == first.slugs for j in judged):
        return first
    same_place = all(j.place.category == first.place.category for j in judged)
    same_model = same_place and all(j.signature.model == first.signature.model for j in judged)
    same_contract = all(j.form.contract == first.form.contract for j in judged)
    return _Judgement(
        None,
        first.place if same_place else Place(),
        first.signature if same_model else Signature(),
        first.form if same_contract else Form(),
    )


def _evidence(case: Case, verdict: Verdict) -> tuple[Because, ...]:
    """The row of the gate, then the figures it was read with."""
    if case.level.ratio is None:
        return verdict.because
    percent = str(round(case.level.ratio * 100)).replace(".", ",")
    computed = Because("contrepartie.calcul", case.level.slots, (("pourcentage", percent),))
    return (*verdict.because, computed)


def _goal(case: Case, one: _Judgement) -> tuple[Because, ...]:
    category, actor = one.place.category, case.facts.acteur_type
    if one.goal is None or category not in suggested(case, one.goal):
        return ()
    slots = case.slots("acteur_type", *case.square.slots)
    return (Because(f"objectif.{actor}.{one.goal}.{category}", slots),)


def _reasons(because: Iterable[Because], wording: Wording, *, decided: bool) -> tuple[Reason, ...]:
    kept = {found.id: found for found in because}
    if decided and len(kept) == 1:
        (only,) = kept.values()
        kept["formaliser"] = Because("formaliser", only.slots)
    return tuple(_worded(found, wording) for found in kept.values())


def _worded(found: Because, wording: Wording) -> Reason:
    said = wording.raisons[found.id]
    text = said.texte.format(**dict(found.details))
    return Reason(found.id, text, said.sources, tuple(dict.fromkeys(found.slots)))


def _documents(case: Case, verdict: Verdict, form: Form) -> tuple[str, ...]:
    if form.contract is None:
        return ()
    if form.protocol_first:
        return ("protocole_accord", "partenariat")
    return acts(case, verdict)


def _rejected(
    case: Case, verdict: Verdict, form: Form, category: str | None, wording: Wording
) -> tuple[Rejected, ...]:
    return tuple(
        Rejected(option, wording.ecartes[name].texte, wording.ecartes[name].sources)
        for option, name in remarks.rejected(case, verdict, form, category)
    )


def _remarks(
    ids: Iterable[str], texts: dict[str, Said], unsure: bool = False
) -> tuple[Remark, ...]:
    named = dict.fromkeys(ids)
    if unsure:
        named["confiance.basse"] = None
    return tuple(Remark(name, texts[name].texte, texts[name].sources) for name in named)


def _option(case: Case, judged: _Judgement, wording: Wording) -> Option:
    category, model, contract = judged.slugs
    why = next((b.id for b in (*_goal(case, judged), *judged.place.because)), "indecis")
    text = wording.raisons[why].texte
    return Option(judged.goal or "", category, model, contract, text)


def _barycentre(case: Case, wording: Wording) -> Barycentre | None:
    point = case.square.barycentre
    if point is None:
        return None
    weights = tuple((goal, float(weight)) for goal, weight in case.square.weights)
    note = wording.barycentre.texte
    return Barycentre(float(point[0]), float(point[1]), weights, case.square.goals, note)
