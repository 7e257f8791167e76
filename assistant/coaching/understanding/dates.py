"""Dates and durations: « fin août », « avant samedi », « dans 3 mois », « 12/03/27 », « 18 mois ».

The common forms are read here; dateparser, slow to load, is asked only when a date was expected
and none of them fits. A date without a year is the next one (PREFER_DATES_FROM future).
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.coaching.understanding.lexicon import Lexicon

_FIRST, _LAST = date(1901, 7, 1), date(2200, 12, 31)
_LONGEST = 1200
_MONTHS, _LEAP = range(1, 13), 2028


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day and its places in the working text; ``sure`` False when the day was deduced."""

    day: date
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class ImpossibleDate:
    """A day that does not exist, as it would be written (« 2027-02-31 »), and its places."""

    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundDuration:
    """A length in months; ``weeks`` and days are rounded up to a month and not sure."""

    months: int
    start: int
    end: int
    sure: bool = True
    years: bool = False


_COUNT = (
    r"(?P<n>\d{1,4}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|dix-huit|"
    r"vingt-quatre|trente|trente-six)"
)
_COUNTS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "quinze": 15, "dix-huit": 18,
    "vingt-quatre": 24, "trente": 30, "trente-six": 36,
}  # fmt: skip
_UNIT = r"(?P<unit>ans?|annees?|mois|semaines?|jours?|j)\b"
_DURATION = re.compile(rf"(?<![\w/.,]){_COUNT}\s{{0,2}}(?:a\s(?P<m>\d{{1,2}})\s)?{_UNIT}")
_EVERY = re.compile(r"\b(?:le|les|chaque|du)\s$")
_IN = re.compile(
    rf"\b(?:dans|d'ici|sous)\s(?:environ\s)?{_COUNT}\s{{0,2}}(?P<unit>ans?|mois|semaines?|jours?|j)\b"
)


class DateReader:
    """Reads dates with the month and day names of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._months = {name: int(number) for name, number in lexicon.words.mois.items()}
        self._days = {name: int(number) for name, number in lexicon.words.jours.items()}
        month = "|".join(sorted(map(re.escape, self._months), key=len, reverse=True))
        day = "|".join(sorted(map(re.escape, self._days), key=len, reverse=True))
        month = rf"(?:{month})(?!\s(?:mille|cents?|euros?|jours?|mois|ans|personnes)\b)"
        year = r"(?:\s(?P<y>20\d{2}|19\d{2}|'?\d{2}(?!\s?(?:%|€|k|personnes))))?"
        forms: tuple[tuple[str, Callable[[re.Match[str], date], FoundDate | None]], ...] = (
            (r"(?P<y>(?:19|20)\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", self._numeric),
            (r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})", self._numeric),
            (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})", self._numeric),
            (rf"(?P<d>\d{{1,2}})\s?(?:er)?\s(?P<mm>{month})\b\.?{year}", self._numeric),
            (r"(?P<d>premier|1er)\s" rf"(?P<mm>{month})\b\.?{year}", self._numeric),
            (
                rf"(?P<part>fin|mi|debut|courant)[\s-](?:de\s|du\smois\sde\s|d')?(?P<mm>{month})"
                rf"\b\.?{year}",
                self._part_of_month,
            ),
            (r"(?:a\s)?(?:la\s)?fin\s(?:du|de\sce|ce)\smois", self._end_of_month),
            (r"(?:a\s)?(?:la\s)?fin\s(?:de\s(?:l'|cette\s))?annee", self._end_of_year),
            (rf"\b(?:{day})(?:\s(?P<next>prochain|qui\svient|en\shuit))?\b", self._weekday),
            (r"\bapres[\s-]demain\b|\bdemain\b|\baujourd'?hui\b", self._near),
            (r"\bavant\s(?:les?\s)?noel\b|\ba\snoel\b|\bpour\snoel\b", self._christmas),
            (
                r"\b(?:(?:a|avant|pour|des)\s(?:la\s)?rentree|(?:cet|avant\sl'|pour\sl')\s?ete|"
                r"(?:la\s)?semaine\sprochaine|(?:le\s)?mois\sprochain|l'an(?:nee)?\sprochaine?|"
                r"au\sprintemps|a\sl'automne|cet\shiver)\b(?!\s(?:dernier|passe))",
                self._season,
            ),
            (rf"\b(?P<mm>{month})\b\.?{year}", self._month),
            (r"\ble\s(?P<d>[12]?\d|3[01]|1er)\b(?!\s?(?:[%€/\d]|k\b|[.,]\d|\w))", self._day_only),
            (r"\ble\s(?P<d>[12]?\d|3[01]|1er)(?=\s(?:au|pour|on|et|svp|max|dernier|stp|c))\b",
             self._day_only),
        )  # fmt: skip
        self._forms = tuple(
            (re.compile(rf"(?<![\w/.])(?<![a-z]-){form}"), read) for form, read in forms
        )

    def impossible(self, work: str, today: date) -> Iterator[ImpossibleDate]:
        """Days written out that no calendar holds: « le 31 février »."""
        for pattern, read in self._forms:
            for match in pattern.finditer(work) if read == self._numeric else ():
                parts = match.groupdict()
                month = self._months[parts["mm"]] if parts.get("mm") else int(parts["m"])
                day = 1 if parts["d"] in ("premier", "1er") else int(parts["d"])
                year = _year(parts.get("y"))
                longest = calendar.monthrange(year or _LEAP, month)[1] if month in _MONTHS else 0
                written = parts.get("mm") or parts.get("y")
                if written and not 0 < day <= longest:
                    named = f"{year or _coming(today, month):04}-{month:02}-{day:02}"
                    yield ImpossibleDate(named, match.start(), match.end())

    def dates(self, work: str, today: date) -> tuple[FoundDate, ...]:
        """Every date of a working text, none inside another, in order."""
        found: list[FoundDate] = []
        taken = bytearray(len(work) + 1)
        for wrong in self.impossible(work, today):
            taken[wrong.start : wrong.end] = b"\x01" * (wrong.end - wrong.start)
        for match in _IN.finditer(work):
            self._keep(self._ahead(match, today), found, taken)
        for pattern, read in self._forms:
            for match in pattern.finditer(work):
                if not any(taken[match.start() : match.end()]):
                    self._keep(read(match, today), found, taken)
        return tuple(sorted(found, key=lambda f: f.start))

    @staticmethod
    def _keep(one: FoundDate | None, found: list[FoundDate], taken: bytearray) -> None:
        if one is not None and _FIRST <= one.day <= _LAST:
            found.append(one)
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)

    def _numeric(self, match: re.Match[str], today: date) -> FoundDate | None:
        parts = match.groupdict()
        day = 1 if parts["d"] in ("premier", "1er") else int(parts["d"])
        month = self._months[parts["mm"]] if parts.get("mm") else int(parts["m"])
        year = _year(parts.get("y"))
        made = _day(year, month, day) if year else _next(today, month, day)
        return FoundDate(made, match.start(), match.end()) if made else None

    def _part_of_month(self, match: re.Match[str], today: date) -> FoundDate | None:
        month = self._months[match["mm"]]
        place = {"fin": 31, "mi": 15, "courant": 31, "debut": 1}[match["part"]]
        year = _year(match["y"]) or _coming(today, month)
        last = calendar.monthrange(year, month)[1]
        sure = match["part"] in ("fin", "mi") or False
        return FoundDate(date(year, month, min(place, last)), match.start(), match.end(), sure)

    def _month(self, match: re.Match[str], today: date) -> FoundDate | None:
        month = self._months[match["mm"]]
        year = _year(match["y"]) or _coming(today, month)
        return FoundDate(date(year, month, 1), match.start(), match.end(), sure=False)

    @staticmethod
    def _end_of_month(match: re.Match[str], today: date) -> FoundDate:
        last = calendar.monthrange(today.year, today.month)[1]
        return FoundDate(today.replace(day=last), match.start(), match.end())

    @staticmethod
    def _end_of_year(match: re.Match[str], today: date) -> FoundDate:
        return FoundDate(date(today.year, 12, 31), match.start(), match.end())

    def _weekday(self, match: re.Match[str], today: date) -> FoundDate | None:
        if _EVERY.search(match.string, max(0, match.start() - 12), match.start()):
            return None  # « le samedi » is every Saturday
        name = match[0].split()[0]
        ahead = (self._days[name] - today.weekday()) % 7 or 7
        late = 7 if match["next"] and "huit" in match["next"] else 0
        return FoundDate(today + timedelta(days=ahead + late), match.start(), match.end())

    @staticmethod
    def _near(match: re.Match[str], today: date) -> FoundDate:
        ahead = 0 if match[0].startswith("auj") else 1 + match[0].startswith("apres")
        return FoundDate(today + timedelta(days=ahead), match.start(), match.end())

    @staticmethod
    def _christmas(match: re.Match[str], today: date) -> FoundDate | None:
        made = _next(today, 12, 25)
        return FoundDate(made, match.start(), match.end()) if made else None

    @staticmethod
    def _season(match: re.Match[str], today: date) -> FoundDate | None:
        text = match[0]
        if "semaine" in text:
            made: date | None = today + timedelta(days=7 - today.weekday())
        elif "mois" in text:
            made = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        elif "an" in text.split("'")[-1][:2]:
            made = date(today.year + 1, 1, 1)
        else:
            starts = {"rentree": (9, 1), "ete": (6, 21), "print": (3, 20), "autom": (9, 22)}
            month = next((v for k, v in starts.items() if k in text), (12, 21))
            made = _next(today, *month)
        return FoundDate(made, match.start(), match.end(), sure=False) if made else None

    @staticmethod
    def _day_only(match: re.Match[str], today: date) -> FoundDate | None:
        day = 1 if match["d"] == "1er" else int(match["d"])
        for ahead in range(13):
            month = today.month - 1 + ahead
            made = _day(today.year + month // 12, month % 12 + 1, day)
            if made and made >= today:
                return FoundDate(made, match.start(), match.end())
        return None

    @staticmethod
    def _ahead(match: re.Match[str], today: date) -> FoundDate | None:
        count, unit = _count(match["n"]), match["unit"][0]
        if unit in "sj":
            made: date | None = today + timedelta(days=count * (7 if unit == "s" else 1))
        else:
            made = _add_months(today, count * (12 if unit == "a" else 1))
        return FoundDate(made, match.start(), match.end()) if made else None


def durations(work: str) -> Iterator[FoundDuration]:
    """Every length of time of a working text; what it is the length of is for the caller."""
    for match in _DURATION.finditer(work):
        count, unit = _count(match["n"]), match["unit"]
        upper = int(match["m"]) if match["m"] else count
        if unit.startswith("a"):
            months, years = count * 12, True
        elif unit.startswith("m"):
            months, years = count, False
        else:
            continue
        if 0 < months <= _LONGEST:
            yield FoundDuration(months, match.start(), match.end(), upper == count, years)


def parsed_date(text: str, today: date) -> date | None:
    """What dateparser reads in a short text that was expected to be a date; None if nothing."""
    from datetime import datetime, time

    import dateparser

    found = dateparser.parse(
        text,
        languages=["fr"],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": datetime.combine(today, time()),
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return found.date() if found and _FIRST <= found.date() <= _LAST else None


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS[text]


def _year(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text.lstrip("'"))
    return number if number > 99 else 2000 + number


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(today: date, month: int, day: int) -> date | None:
    for year in range(today.year, today.year + 5):
        made = _day(year, month, day)
        if made and made >= today:
            return made
    return None


def _coming(today: date, month: int) -> int:
    return today.year + (month < today.month)


def _add_months(today: date, months: int) -> date | None:
    place = today.month - 1 + months
    year, month = today.year + place // 12, place % 12 + 1
    if year > _LAST.year:
        return None
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
