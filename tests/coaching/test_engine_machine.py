"""Whatever a person does, in any order: nothing is lost, nothing known is asked again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.bootstrap import build_coach
from assistant.casefile.facts import InvalidFacts
from assistant.coaching import events as ev
from assistant.coaching.agenda import next_question, progress, standing
from assistant.coaching.commands import last_batch
from assistant.coaching.entry import checked
from assistant.coaching.sides import SIDES, Side, is_private
from assistant.coaching.state import apply, fold, merged, undone
from assistant.coaching.turn import Coach
from assistant.settings import Settings
from assistant.texts import load_texts
from tests.builders import CORPUS

COACH: Coach = build_coach(Settings(corpus=CORPUS), load_texts(CORPUS))
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
VALUES: dict[str, list[Any]] = {
    "acteur_type": ["association", "entreprise", "collectivite", "inconnu?"],
    "objectif_dominant": ["processus", "modele_eco", "innovation", "positionnement"],
    "objectif_carre": [{"processus": 4, "modele_eco": 6}, {"innovation": 10}, {"processus": 11}],
    "sens_apport": ["E_vers_A", "A_vers_E", "ensemble_vers_tiers"],
    "flux": [["don_numeraire"], ["prix"], ["don_numeraire", "prix"], [], ["subvention"]],
    "contrepartie_niveau": ["aucune", "symbolique", "significative", "equivalente"],
    "coconstruction": [1, 2, 3, 4, 9],
    "maturite": [1, 2, 3, 4],
    "don.montant": [8000, 15000.5, -1],
    "payeur_public": [True, False],
    "initiative": ["association", "collectivite"],
    "beneficiaire_eligible": ["oui_rescrit", "inconnu", "non"],
    "lignes_rouges": [["pas de tabac"]],
    "duree.mois": [12, 36],
    "date_cible": ["2027-03-31", "2027-02-30"],
}
MESSAGES = [
    "on est une petite asso et une boîte nous donne 8k contre son logo",
    "je ne sais pas", "pourquoi cette question ?", "plus tard", "annule", "récapitule", "pause",
    "on recommence", "en fait c'est 12 000 euros", "on passe à l'étape 4", "c'est quoi le mécénat ?",
    "qzxwv", "oui", "2", "le cerfa 11580 c'est pour les entreprises", "sors le doc direct",
]  # fmt: skip
sides = st.sampled_from(SIDES)
questions = st.sampled_from([q.id for q in COACH.method.questions])
given = st.sampled_from(sorted(VALUES)).flatmap(
    lambda slot: st.sampled_from(VALUES[slot]).map(lambda value: (slot, value))
)


def guide(question: str, *, actor: str | None) -> dict[str, Any]:
    return {"status": "refused", "answer": question, "citations": []}


class Interview(RuleBasedStateMachine):
    """A dossier of three sides, acted on at random."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[ev.Recorded] = []
        self.now = START

    @property
    def state(self) -> Any:
        return fold(COACH.method, self.history)

    def append(self, side: Side, *events: ev.Event) -> None:
        self.now += timedelta(seconds=1)
        for event in events:
            seq = len(self.history) + 1
            item = ev.Recorded(seq=seq, at=self.now, side=side, author=side, event=event)
            self.history.append(item)

    @rule(side=sides, one=given, sure=st.booleans())
    def answer(self, side: Side, one: tuple[str, Any], sure: bool) -> None:
        slot, value = one
        known = merged(self.state, side)
        try:
            checked(known, {slot: value})
        except InvalidFacts:
            return
        self.append(side, ev.Answered(values={slot: value}, sure=sure))
        held = self.state.of(side).answers[slot]
        assert held.value == value
        assert held.status == ("confirmed" if sure else "to_confirm")

    @rule(side=sides, text=st.sampled_from(MESSAGES))
    def say(self, side: Side, text: str) -> None:
        turn = COACH.respond(self.history, side, text, now=self.now, guide=guide)
        before = {s: a for s, a in self.state.of(side).answers.items() if a.status == "confirmed"}
        kinds = {event.kind for event in turn.events}
        self.append(side, *turn.events)
        assert turn.parts
        assert turn.events[-1].kind == "talked"
        if not kinds & {"undone", "restarted"} and not text.startswith("en fait"):
            asked = {
                s for e in turn.events if isinstance(e, ev.Answered) and e.sure for s in e.values
            }
            after = self.state.of(side).answers
            for slot, answer in before.items():
                if slot not in asked:
                    assert after[slot].value == answer.value, "a reading changed a settled answer"

    @rule(side=sides, question=questions, event=st.sampled_from([ev.Unknown, ev.Skipped]))
    def set_aside(self, side: Side, question: str, event: Any) -> None:
        self.append(side, event(question=question))

    @rule(
        side=sides,
        step=st.integers(1, 7),
        goal=st.sampled_from(["orientation", "etape", "squelette"]),
    )
    def move(self, side: Side, step: int, goal: Any) -> None:
        self.append(side, ev.Moved(step=step, goal=goal))

    @rule(side=sides, yes=st.booleans())
    def judge(self, side: Side, yes: bool) -> None:
        state = self.state.of(side)
        slots = (*state.answers, *(p.slot for p in state.proposals))
        if slots:
            made = ev.Confirmed(slots=slots) if yes else ev.Dismissed(slots=slots[:1])
            self.append(side, made)

    @rule(side=sides)
    def undo(self, side: Side) -> None:
        batch = last_batch(self.history, side)
        others = {s: self.state.of(s) for s in SIDES if s != side}
        self.append(side, *(ev.Undone(target=seq) for seq in batch))
        assert {s: self.state.of(s) for s in others} == others

    @rule(side=sides)
    def undo_then_undo_the_undo(self, side: Side) -> None:
        batch = last_batch(self.history, side)
        before = self.state.sides
        first = len(self.history) + 1
        self.append(side, *(ev.Undone(target=seq) for seq in batch))
        self.append(side, *(ev.Undone(target=first + n) for n in range(len(batch))))
        assert self.state.sides == before

    @invariant()
    def folding_is_applying(self) -> None:
        gone = undone(self.history)
        if not any(item.event.kind == "undone" for item in self.history):
            state = fold(COACH.method, self.history[:-1]) if self.history else self.state
            for item in self.history[-1:]:
                state = apply(COACH.method, state, item)
            assert state == self.state
        assert all(1 <= seq <= len(self.history) for seq in gone)

    @invariant()
    def what_is_known_is_not_asked(self) -> None:
        for side in SIDES:
            table = COACH.table(self.state, side)
            found = COACH.recommendation(table)
            asked = next_question(COACH.method, table, missing=found.missing)
            if asked is not None and asked.id != table.side.question:
                assert standing(asked, table, missing=found.missing) in ("open", "skipped")
            assert set(found.missing).isdisjoint(
                slot
                for slot in table.known
                if table.known[slot].status == "confirmed"
                and slot
                not in ("flux", "objectif_dominant", "objectif_carre", "beneficiaire_eligible")
                and found.contrat is not None
            )
            for reason in found.reasons:
                assert reason.slots
            for station in progress(COACH.method, table):
                assert 0 <= station.answered + station.to_confirm + station.unknown <= station.total

    @invariant()
    def private_answers_stay_private(self) -> None:
        for viewer in SIDES:
            for slot, answer in merged(self.state, viewer).items():
                assert answer.side == viewer or not is_private(slot)


TestInterview = Interview.TestCase
TestInterview.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
