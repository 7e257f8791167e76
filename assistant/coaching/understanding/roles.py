"""What a number, a day or a length of time is of, by the tagger; its value is read by patterns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.coaching.understanding.dates import FoundDate, FoundDuration
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.features import Tokens
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.tagger import Array

# how likely a role must be: to be offered, to be taken, to make another doubtful
OFFERED, TAKEN, CONTESTED = 0.15, 0.985, 0.6
IMPROBABLE = 0.15
ASKED, DENIED = 0.5, 0.7  # in a question, near a negation
_LEAST, _WHOLE = 100, 100  # an amount without its unit; a whole, in percent
ROLES = frozenset({
    "don.montant", "prix.montant_ht", "subvention.montant_annuel", "budget_disponible",
    "contrepartie_valeur", "mc.volume_jours",
})  # fmt: skip
# others that the tagger may offer, by the unit of their number
_SHARES = frozenset({"dependance_pct", "mc.quotite_pct"})
_RATES = frozenset({"mc.cout_revient_jour", "subvention.montant_total"})
_COUNTS = frozenset({"local.surface"})
_DAYS = frozenset({
    "date_cible", "duree.date_debut", "duree.date_fin", "pret.restitution_date", "evenement.date",
})  # fmt: skip
_MONTHS = "duree.mois"
_KNOWN = ROLES | _DAYS | {_MONTHS}  # learned from enough messages to doubt a pattern


@dataclass(frozen=True, slots=True)
class Calendar:
    """The numbers, days and lengths of time that patterns read in one message."""

    numbers: tuple[Number, ...]
    days: tuple[FoundDate, ...]
    lengths: tuple[FoundDuration, ...]


@dataclass(slots=True)
class Roles:
    """The roles that the words of one message give to its numbers, days and lengths."""

    tokens: Tokens
    scopes: Scopes
    scores: Array
    places: Mapping[str, int]
    kept: float  # how likely what patterns are sure of must be to stay sure
    _number: dict[str, int] = field(init=False)
    _date: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._number = self._named("nombre=")
        self._date = self._named("date=")

    def _named(self, prefix: str) -> dict[str, int]:
        return {
            name.removeprefix(prefix): place
            for name, place in self.places.items() if name.startswith(prefix)
        }  # fmt: skip

    def amounts(self, drafts: list[Draft], numbers: Sequence[Number]) -> list[Draft]:
        """``drafts`` with the amounts that the tagger adds, agrees with and contests."""
        found = list(drafts)
        for number in numbers:
            held = self._held(number.start, number.end, self._number)
            if number.kind == "percent":
                held = {name: value for name, value in held.items() if name in _SHARES}
            if number.value <= 0 or not held:
                continue
            role = max(held, key=lambda name: held[name])
            own = [d for d in found if d.slot in held and _over(d, number.start, number.end)]
            found = self._settled(found, own, held, role, one_sided=number.range)
            stance = self.scopes.stance(number.start, number.end)
            if (
                held[role] >= self._needed(found, own)
                and not any(d.slot == role for d in own)
                and not silenced(stance, held[role])
                and self._may_be(role, number, found)
            ):
                value = round(number.json(), 2)
                found.append(Draft(role, value, number.start, number.end, sure=False))
        return found

    def calendar(self, drafts: list[Draft], calendar: Calendar) -> list[Draft]:
        """``drafts`` with the days and lengths that the tagger adds and contests."""
        found = list(drafts)
        read = [(one.start, one.end, one.day.isoformat(), _DAYS) for one in calendar.days]
        each: list[tuple[int, int, str | int, frozenset[str]]] = [*read]
        each += [(one.start, one.end, one.months, frozenset({_MONTHS})) for one in calendar.lengths]
        for start, end, value, allowed in each:
            held = {k: v for k, v in self._held(start, end, self._date).items() if k in allowed}
            if not held:
                continue
            role = max(held, key=lambda name: held[name])
            own = [d for d in found if d.slot in self._date and _over(d, start, end)]
            found = self._settled(found, own, held, role)
            stance = self.scopes.stance(start, end)
            said = any(d.slot == role and d.value == value for d in found)
            needed = self._needed(found, own)
            if held[role] >= needed and not said and not silenced(stance, held[role]):
                found.append(Draft(role, value, start, end, sure=False))
        return found

    @staticmethod
    def _needed(found: Sequence[Draft], own: Sequence[Draft]) -> float:
        """How likely another role must be to be offered beside what patterns read."""
        places = [(d.slot, d.start) for d in own]
        sure = any(d.sure and (d.slot, d.start) in places for d in found)
        return CONTESTED if sure else OFFERED

    def _settled(
        self, drafts: list[Draft], own: Sequence[Draft], held: Mapping[str, float], role: str,
        *, one_sided: bool = False,
    ) -> list[Draft]:  # fmt: skip
        """What patterns read of these words: kept, made sure, or doubted."""
        made = []
        for draft in drafts:
            likely = held.get(draft.slot)
            if draft not in own or likely is None or draft.slot not in _KNOWN:
                made.append(draft)
            elif draft.sure:
                rival = role != draft.slot and held[role] >= CONTESTED and likely < IMPROBABLE
                made.append(replace(draft, sure=likely >= self.kept and not rival))
            else:
                stance = self.scopes.stance(draft.start, draft.end)
                sure = likely >= TAKEN and stance == "said" and not one_sided
                made.append(replace(draft, sure=sure))
        return made

    def _held(self, start: int, end: int, columns: Mapping[str, int]) -> dict[str, float]:
        rows = [
            place for place, (first, last) in enumerate(
                zip(self.tokens.starts, self.tokens.ends, strict=True)
            ) if first < end and start < last
        ]  # fmt: skip
        if not rows:
            return {}
        return {name: float(self.scores[rows, column].max()) for name, column in columns.items()}

    @staticmethod
    def _may_be(role: str, number: Number, drafts: Sequence[Draft]) -> bool:
        """Whether a number can play a role: it is no date, and days are those of somebody."""
        if role not in ROLES | _SHARES | _RATES | _COUNTS:
            return False
        over = [d for d in drafts if d.slot not in ROLES and _over(d, number.start, number.end)]
        if any(isinstance(d.value, int | float | str) for d in over):
            return False
        if role in _SHARES:
            return number.kind == "percent" and number.value <= _WHOLE
        if role in _COUNTS:
            return number.kind == "plain"
        if role == "mc.volume_jours":
            return number.value == number.value.to_integral_value()
        return number.kind == "euros" or number.value >= _LEAST


def silenced(stance: str, likely: float) -> bool:
    """What is denied or in a question is said only when that is likely, the negation elsewhere."""
    return likely < {"denied": DENIED, "asked": ASKED}.get(stance, 0.0)


def _over(draft: Draft, start: int, end: int) -> bool:
    return draft.start < end and start < draft.end
