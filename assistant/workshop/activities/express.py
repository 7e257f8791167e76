"""« Convention express »: each table fills a skeleton on the case, its gaps and alerts are shown.

What the case says is given; what it leaves out is asked slot by slot, in the words of the coach's
interview and read as its forms are. At a table, whoever writes a slot last wins.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import Field

from assistant.casefile.facts import Facts, InvalidFacts, parse_facts
from assistant.casefile.paths import nested
from assistant.casefile.shape import kind, leaves
from assistant.coaching.entry import checked
from assistant.coaching.forms import FieldView, as_kind, cell, field_of, value_of
from assistant.coaching.method import Field as Asked
from assistant.coaching.method import Question
from assistant.drafting.office import Checked
from assistant.drafting.rules.rule import Severity
from assistant.knowledge.content import Slug
from assistant.workshop.activities import express_views as views
from assistant.workshop.activities.tables import seated, table_of, there
from assistant.workshop.activity import Activity, Form, InvalidConfig, Part, Refused, Scene, Table
from assistant.workshop.agenda import Case
from assistant.workshop.room import Entry, Person

SLOTS = 8  # asked when the agenda names none
MOST = 20
CHECKS = 2048  # held in memory: a table's facts as they were checked
_LIGHT = frozenset({"choix", "oui_non", "date", "montant", "pourcentage", "nombre", "texte",
                    "liste", "multi"})  # fmt: skip


class ExpressConfig(Part):
    """The case, the slots asked of tables, and what the case gives, by dotted slot."""

    case: Slug
    slots: Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST)]
    given: Mapping[str, Any]


class Written(Part):
    """What somebody wrote in a slot for their table; ``value`` None empties it."""

    slot: str
    value: Any = None
    table: int = 0


Told = Mapping[str, tuple[Entry, Written]]  # what a table wrote, by slot


class ConventionExpress(Activity[ExpressConfig, Written, views.Express]):
    """A skeleton by table."""

    kind: ClassVar[str] = "convention-express"
    Config = ExpressConfig
    Value = Written
    many: ClassVar[bool] = True
    shared: ClassVar[bool] = True

    def __init__(self, tools: Any) -> None:
        super().__init__(tools)
        self._appraised = lru_cache(maxsize=CHECKS)(self._appraise)
        self._default = lru_cache(maxsize=256)(self._missing)

    # configure

    def configured(self, given: Mapping[str, Any]) -> ExpressConfig:
        """Without slots, the first that the case lacks; what is asked is not given."""
        case = self.tools.cases.get(str(given.get("case")))
        if case is None:
            raise InvalidConfig(activite=self.kind, champ="case")
        if "given" in given:
            return super().configured(given)
        # content may hold days: configurations are JSON
        facts = json.loads(json.dumps(dict(case.facts), default=str))
        known = dict(leaves(nested(facts)))
        slots = tuple(map(str, given.get("slots") or self._default(case.id)))
        if any(not _is_slot(slot) for slot in slots) or len(set(slots)) != len(slots):
            raise InvalidConfig(activite=self.kind, champ="slots")
        kept = {slot: v for slot, v in known.items() if not any(_meet(slot, s) for s in slots)}
        return super().configured({**given, "slots": slots, "given": kept})

    def choices_for(self, name: str, config: Mapping[str, Any]) -> Mapping[str, str]:
        """The slots that a trainer may have tables fill."""
        if name != "slots":
            return super().choices_for(name, config)
        found = dict.fromkeys((*config.get("slots", ()), *self._askable(str(config.get("case")))))
        return {slot: self.tools.display.label_of(slot) for slot in found}

    def _askable(self, case_id: str) -> list[str]:
        """The slots that the skeleton of a case lacks and the interview asks, easily typed."""
        office = self.tools.office
        facts = parse_facts(nested(dict(self.tools.cases[case_id].facts)))
        missing = self._checked(facts, office.parameters.vintage).missing
        return [s for s in missing if _is_slot(s) and kind(s) in _LIGHT and self.asked(s)]

    def _missing(self, case_id: str) -> tuple[str, ...]:
        """Those asked when the agenda names none."""
        found = self._askable(case_id)
        blocks = [slot.partition(".")[0] for slot in found]
        ranks = [blocks[:place].count(block) for place, block in enumerate(blocks)]
        # something of each block of the agreement before more of any
        first = sorted(range(len(found)), key=lambda place: (ranks[place], place))[:SLOTS]
        return tuple(found[place] for place in sorted(first))

    def _checked(self, facts: Facts, today: date) -> Checked:
        """The rules, and the fields of the agreement, else of the first document to write."""
        office = self.tools.office
        found = office.check(facts, today=today)
        if found.required:
            return found
        documents = office.documents_of(facts)
        return office.check(facts, today=today, document=documents[0]) if documents else found

    def case(self, config: ExpressConfig) -> Case:
        """The case that tables work on."""
        return self.tools.cases[config.case]

    def asked(self, slot: str) -> Asked | Question | None:
        """How the interview asks a slot; None when it does not."""
        for question in self.tools.method.by_slot.get(slot, ()):
            for part in question.parts():
                held = part.slot if isinstance(part, Asked) else question.slots[0]
                if held == slot:
                    return part
        return None

    # contribute

    def read(self, form: Form) -> Mapping[str, Any]:
        """The slot that was chosen and what its own fields say."""
        slot = next(iter(form.get("slot", ())), "")
        if not _is_slot(slot):
            return {"slot": slot}
        part = self.asked(slot)
        if part is not None:
            return {"slot": slot, "value": value_of(part, slot, form)}
        text = "\n".join(form.get(slot, ())).strip()
        return {"slot": slot, "value": as_kind(kind(slot), text) if text else None}

    def key(self, scene: Scene[ExpressConfig], value: Mapping[str, Any], *, by: str,
            nonce: str) -> str:  # fmt: skip
        """One answer a slot for each person: the table keeps the last."""
        return str(value.get("slot", ""))

    def accepted(self, scene: Scene[ExpressConfig], given: Mapping[str, Any], *, by: str,
                 key: str) -> Written:  # fmt: skip
        """An answer of the table where ``by`` sits, that its facts accept."""
        table = seated(scene, by)
        return super().accepted(scene, {**given, "table": table}, by=by, key=key)

    def check(self, scene: Scene[ExpressConfig], value: Written, *, by: str, key: str) -> None:
        """A slot that is asked, with a value that it may hold beside what the table wrote."""
        if value.slot not in scene.config.slots:
            raise Refused
        held = written(scene).get(value.table, {})
        if value.value is None:
            if value.slot not in held:
                raise Refused("reponse_vide")
            return
        others = {slot: entry.value for slot, (_, entry) in held.items() if slot != value.slot}
        try:
            checked({}, {value.slot: value.value})
            parse_facts(nested({**scene.config.given, **others, value.slot: value.value}))
        except InvalidFacts as error:
            label = self.tools.display.label_of(value.slot)
            raise Refused(error.name, **{**error.details, "slot": label}) from error

    # show

    def results(self, scene: Scene[ExpressConfig]) -> views.Express:
        """Each table, what stands in the way of several, and their answers side by side."""
        today = day_of(scene)
        held = written(scene)
        sheets = []
        for number in sorted({*there(scene), *held}):
            looked = self._looked(scene, held.get(number, {}), today)
            mine = {slot: value.value for slot, (_, value) in held.get(number, {}).items()}
            lines = self._lines({slot: mine.get(slot) for slot in scene.config.slots})
            sheets.append(views.sheet(number, lines, looked))
        return views.Express(
            title=self.case(scene.config).title,
            known=self._lines(scene.config.given),
            tables=tuple(sheets),
            findings=views.shared(sheets),
            comparison=views.compared(sheets),
            asked=len(scene.config.slots),
        )

    def _lines(self, values: Mapping[str, Any]) -> tuple[views.Line, ...]:
        display = self.tools.display
        return tuple(
            views.Line(slot, display.label_of(slot), None if v is None else display.value(slot, v))
            for slot, v in values.items()
        )

    def _looked(self, scene: Scene[ExpressConfig], held: Told, today: date) -> views.Looked:
        told = {slot: value.value for slot, (_, value) in held.items()}
        values = json.dumps({**scene.config.given, **told}, sort_keys=True)
        try:
            return self._appraised(values, scene.config.slots, today)
        except InvalidFacts:  # something was hidden, or two wrote at once
            kept = json.dumps(_agreeing(scene.config.given, held), sort_keys=True)
            return self._appraised(kept, scene.config.slots, today)

    def _appraise(self, values: str, slots: tuple[str, ...], today: date) -> views.Looked:
        """What the office says of facts; ``values`` are JSON by dotted slot, as a key to keep."""
        facts = parse_facts(nested(json.loads(values)))
        found = self._checked(facts, today)
        display = self.tools.display
        contract = found.contract
        return views.Looked(
            contract=display.value("contrat_demande", contract) if contract else None,
            filled=found.filled,
            required=found.required,
            findings=tuple(
                views.Finding(
                    issue.rule, issue.severity.value, issue.title, issue.fact, issue.action,
                    within=any(_meet(slot, s) for slot in issue.slots for s in slots),
                )
                for issue in found.issues
                if issue.severity is not Severity.ADVICE
            ),
            advice=sum(issue.severity is Severity.ADVICE for issue in found.issues),
        )  # fmt: skip

    def private(self, scene: Scene[ExpressConfig], person: Person) -> views.Work | None:
        """The skeleton of the table, as its people may fill it; None without a table."""
        table = table_of(scene, person)
        if table is None:
            return None
        facts = facts_of_table(scene, table)
        held = written(scene).get(table, {})
        mine = {slot: value.value for slot, (_, value) in held.items()}
        lines = self._lines({slot: mine.get(slot) for slot in scene.config.slots})
        looked = self._looked(scene, held, day_of(scene))
        current = next((line.slot for line in lines if line.text is None), lines[0].slot)
        return views.Work(
            sheet=views.sheet(table, lines, looked),
            fields=tuple(
                views.Input(
                    line,
                    self._field(line.slot, facts),
                    current=line.slot == current,
                    named=not isinstance(self.asked(line.slot), Question),
                )
                for line in lines
            ),
        )

    def _field(self, slot: str, facts: Facts) -> FieldView:
        part, display = self.asked(slot), self.tools.display
        if part is None:
            return cell("", slot, slot, facts, display)
        actor = facts.acteur_type
        label = part.label(actor) if isinstance(part, Asked) else part.text(actor)
        return field_of(part, slot, label, facts, display)

    def said(self, value: Written) -> str:
        """The slot and what was written there."""
        display, say = self.tools.display, self.tools.texts.say
        told = say("atelier", "vide") if value.value is None else display.value(
            value.slot, value.value)  # fmt: skip
        return say("atelier", "champ_dit", champ=display.label_of(value.slot), valeur=told)

    # export

    def tables(self, scene: Scene[ExpressConfig]) -> tuple[Table, ...]:
        """Table by table: how far it is, what it answered, what stands in the way."""
        return views.tables(self.results(scene), self.tools.texts)


def _is_slot(slot: str) -> bool:
    try:
        kind(slot)
    except KeyError:
        return False
    return True


def _meet(one: str, other: str) -> bool:
    """The same slot, or one inside the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def written(scene: Scene[ExpressConfig]) -> dict[int, dict[str, tuple[Entry, Written]]]:
    """What each table wrote, by slot: the last of its people wins, an empty value takes away."""
    found: dict[int, dict[str, tuple[Entry, Written]]] = {}
    for entry in scene.entries:  # oldest first
        value = Written.model_validate(dict(entry.value or {}))
        if value.slot in scene.config.slots:
            found.setdefault(value.table, {})[value.slot] = (entry, value)
    return {
        table: {slot: one for slot, one in held.items() if one[1].value is not None}
        for table, held in found.items()
    }


def facts_of_table(scene: Scene[ExpressConfig], table: int) -> Facts:
    """The facts from which the convention of a table is written: the case and its answers.

    Answers that no longer go together are left out, the latest first.
    """
    held = written(scene).get(table, {})
    told = {slot: value.value for slot, (_, value) in held.items()}
    try:
        return parse_facts(nested({**scene.config.given, **told}))
    except InvalidFacts:
        return parse_facts(nested(_agreeing(scene.config.given, held)))


def _agreeing(given: Mapping[str, Any], held: Told) -> dict[str, Any]:
    kept = dict(given)
    for _, value in sorted(held.values(), key=lambda one: one[0].seq):
        try:
            parse_facts(nested({**kept, value.slot: value.value}))
        except InvalidFacts:
            continue
        kept[value.slot] = value.value
    return kept


def day_of(scene: Scene[ExpressConfig]) -> date:
    """The day of the workshop: of its last contribution, else of its last arrival.

    Results stay what they were when they are read again a year later.
    """
    moments = [entry.at for entry in scene.stage.entries.values()]
    moments = moments or [person.joined_at for person in scene.room.people.values()]
    return max(moments).date() if moments else date.min
