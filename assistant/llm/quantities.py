"""Every quantity that a French sentence states, in one form however it is written.

« 15 000 € », « 15000 euros », « quinze mille euros » and « 15 k€ » are the same value; 5 % is not
5 ans. « un » and « une » count only before a unit or a fraction; « deux » and above always do, also
in « les deux » (strict on purpose). Ordinals and the number of a step are counts.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.knowledge.analysis import fold

_WORDS = (
    "zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|"
    "seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|cents?|"
    "mille|millions?|milliards?"
)
_RUN = re.compile(
    r"(?<![\w])(?!(?<=\d )(?:cents?|mille|millions?|milliards?)\b)"
    rf"(?:{_WORDS})(?:[ -](?:et[ -])?(?:{_WORDS}))*(?![\w]|-[a-z]+ieme)"
)
_PER_CENT = re.compile(rf"(?<![\w])(\d+|(?:{_WORDS})) pour (cents?|mille)\b(?! euros)")
_LONE = frozenset({"un", "une"})
_UNITED = re.compile(
    r" (?:ans?|annees?|mois|semaines?|jours?|heures?|minutes?|euros?|tiers|quarts?|cinquieme|"
    r"sixieme|dixieme|"
    r"pour|point|sur \d|"
    r"%|‰|€|million|milliard|demi)\b"
)
_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MONTH = "|".join(_MONTHS)
_ORDINALS = {
    "premier": 1, "premiere": 1, "second": 2, "seconde": 2, "deuxieme": 2, "troisieme": 3,
    "quatrieme": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9,
    "dixieme": 10, "onzieme": 11, "douzieme": 12, "treizieme": 13, "quatorzieme": 14,
    "quinzieme": 15, "seizieme": 16, "dix-septieme": 17, "dix-huitieme": 18, "dix-neuvieme": 19,
    "vingtieme": 20, "trentieme": 30, "quarantieme": 40, "cinquantieme": 50, "centieme": 100,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
    "moitie": 2, "double": 2, "triple": 3, "quadruple": 4, "decennie": 10,
}  # fmt: skip
_SCALES = {
    "k": 10**3, "mille": 10**3, "million": 10**6, "m": 10**6, "milliard": 10**9, "md": 10**9,
}  # fmt: skip
_NUM = r"\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?"
_SCALE = r"(?: ?(?:k|md?)(?= ?(?:€|eur))| ?k\b| (?:mille|millions?|milliards?)\b)"
_UNIT = (
    r" ?(?:(?P<percent>%|pct\b|pourcents?\b)|(?P<mille>‰)|(?P<euros>€|(?:d')?euros?\b|eur\b)"
    r"|(?P<other>\$|£|(?:de )?dollars?\b|usd\b|chf\b|livres? sterling)|(?P<years>ans?\b|annees?\b)"
    r"|(?P<months>mois\b)|(?P<weeks>semaines?\b)|(?P<days>jours?\b)|(?P<hours>heures?\b|h\b)"
    r"|(?P<minutes>minutes?\b|min\b)|(?P<points>points?\b)|(?P<area>m2\b|km2\b|hectares?\b|ha\b)"
    r"|(?P<length>km\b|kilometres?\b|metres?\b|m\b)|(?P<mass>kg\b|kilos?\b|tonnes?\b|t\b)"
    r"|(?P<fraction>tiers\b|quarts?\b)|(?P<times>fois\b))"
)
_SUFFIX = r"bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies"
_DATE = (
    rf"(?:(?P<d1>\d{{1,2}})(?:er)? (?P<m1>{_MONTH})(?: (?P<y1>\d{{4}}))?\b"
    rf"|(?<![a-z])(?P<m2>{_MONTH})(?: (?P<y2>\d{{4}}))?\b"
    r"|(?P<d3>\d{1,2})[/.-](?P<m3>\d{1,2})[/.-](?P<y3>\d{4}|\d{2})(?![\d/])"
    r"|(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2})(?!\d)|(?P<m5>0\d|1[0-2])/(?P<y5>\d{4})(?!\d))"
)
_CODE = (
    rf"(?P<lettered>\b(?:[lrd]\.? ?|a\. ?)\*?\d{{2,5}}(?:-\d+)*"
    rf"(?: ?(?:{_SUFFIX})\b)?(?: [b-fo]\b)?)"
    rf"|(?P<suffixed>\d{{1,5}}(?:-\d+)? ?(?:{_SUFFIX})\b(?:-\d+)?(?: [b-f]\b)?)"
    r"|(?P<coded>(?:n° ?)?\d+(?:[-/*]\d+)+(?:[-/*]?\d+)*)"
    r"|(?P<address>(?:https?://)?[\w.+-]*@[\w.-]+|(?:https?://|www\.)[^\s)»]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:fr|org|com|net|eu|io|info|gouv)(?:/[^\s)»]*)?)"
    r"|(?P<mixed>(?<![\w.])(?=\w*[a-z])(?=\w*\d)(?!\d+(?:er?|re|eme|nde?|k|h|m|ans)\b)"
    r"[a-z\d]+(?![\w]))"
)
_SCAN = re.compile(
    rf"(?P<date>{_DATE})|(?P<weekday>\b(?:{_DAYS})s?\b)"
    rf"|(?P<article>\b(?:articles?|art\.) ?(?P<list>\d+(?:er)?(?:(?:, | et | ou | a )\d+)*)"
    rf"(?![\d-]| ?(?:{_SUFFIX})))"
    r"|(?P<page>\b(?:pages?|pp?\.) ?(?P<pages>\d+(?:(?:, | et | a |-)\d+)*))"
    rf"|{_CODE}"
    r"|(?P<ratio>(?P<num>\d+(?:[.,]\d+)?)(?:/| sur )(?P<den>\d+(?![\d-])))"
    rf"|(?<![\w])(?P<value>{_NUM})(?P<scale>{_SCALE})?(?P<ordinal>(?:er?|re|eme|nde?)(?![a-z]))?"
    rf"(?:{_UNIT})?"
    rf"|\b(?P<named>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})s?\b"
    rf"|\b(?P<about>{'|'.join(_ABOUT)})s?\b"
)
_RANGE = re.compile(r" ?(?:-|–|a|et|ou|/) ?")
_ROMAN = re.compile(
    r"(?<![\w])(?:(?P<plain>[IVX]{2,})|(?P<ordinal>[IVX]+|[IVXLCDM]{2,})(?=(?:e|ᵉ|ème|er)\b)"
    r"|(?<=article )(?P<a>[IVX])|(?<=titre )(?P<b>[IVX])|(?<=étape )(?P<c>[IVX])"
    r"|(?<=chapitre )(?P<d>[IVX])|(?<=annexe )(?P<f>[IVX]))(?![A-Za-zÀ-ÿ]{2})"
)
_VALID_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_LETTERS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MODES = (
    ("<", r"(?:moins de|au plus|au maximum|maximum(?: de)?|jusqu'(?:a|au|en)|n'excede pas|"
          r"ne depasse(?:nt)? pas|inferieure?s? a|sous|avant|d'ici)"),
    (">", r"(?:plus de|plus d'|au moins|au minimum|minimum(?: de)?|a partir (?:de|du)|"
          r"au-dela (?:de|des)|superieure?s? a|depuis|au-dessus de|apres)"),
    ("~", r"(?:environ|vers|pres de|autour de|quelque|presque|a peu pres)"),
)  # fmt: skip
_BEFORE = [(m, re.compile(rf"\b{p} (?:le |les |la |l')?$|\bjusqu'$")) for m, p in _MODES]
_AFTER = (
    ("<", re.compile(r" (?:au plus|au maximum|maximum|maximal)\b")),
    (">", re.compile(r" (?:au moins|au minimum|minimum|minimal|ou plus|et plus)\b")),
    ("~", re.compile(r" environ\b")),
)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its unit: ``kind`` is « euros », « date », « count »…, ``value`` its one form.

    ``mode`` is "<" (at most, before), ">" (at least, since), "~" (about) or nothing; ``start`` and
    ``end`` are places in ``flat(text)``.
    """

    kind: str
    value: Key
    start: int
    end: int
    mode: str = ""

    @property
    def key(self) -> tuple[str, Key]:
        """What two mentions of the same quantity share."""
        return self.kind, self.value


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """Folded text with plain spaces, Roman and spelt numbers in digits."""
    text = unicodedata.normalize("NFKC", text.replace("*", "") if "**" in text else text)
    text = "".join(_plain(c) for c in text)
    text = fold(_ROMAN.sub(_roman, text))
    text = text.replace("\u2013", "-").replace("\u2014", "-").replace("\u2011", "-")
    text = " ".join(text.replace("\u2018", "'").replace("`", "'").split())
    text = _PER_CENT.sub(lambda m: f"{m[1]} {'‰' if m[2] == 'mille' else '%'}", text)
    return _RUN.sub(lambda m: _spelt(m[0], text, m.end()), text)


def is_number_word(word: str) -> bool:
    """Whether a folded word is a number in letters or in Roman figures, read as a quantity."""
    return (
        _RUN.fullmatch(word) is not None
        or word in _ORDINALS
        or (re.fullmatch(r"[ivx]{2,}e?", word) is not None and _is_roman(word.rstrip("e")))
    )


def _is_roman(word: str) -> bool:
    return _VALID_ROMAN.fullmatch(word.upper()) is not None


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of ``text``, in order."""
    return _of(flat(text))


@lru_cache(maxsize=4096)
def _of(work: str) -> tuple[Quantity, ...]:
    found = [q for match in _SCAN.finditer(work) for q in _read(match, work)]
    for place in range(len(found) - 1):  # « de 51 à 61 % »: the first has the unit of the second
        low, high = found[place], found[place + 1]
        unit = low.kind == "count" != high.kind and high.kind not in _UNITLESS
        if unit and _RANGE.fullmatch(work[low.end : high.start]):
            found[place] = Quantity(high.kind, low.value, low.start, low.end, low.mode)
    return tuple(found)


def grounds(evidence: Quantity, stated: Quantity) -> bool:
    """Whether ``evidence`` says ``stated``: the same, or a date that holds a less precise one."""
    if evidence.key == stated.key:
        return True
    if evidence.kind != "date":
        return False
    year, month, day = evidence.value
    if stated.kind == "count":
        return stated.value == (year,) and bool(year)
    if stated.kind != "date":
        return False
    return stated.value in {(year, month, ""), ("", month, day), ("", month, "")}


def _read(match: re.Match[str], work: str) -> Iterator[Quantity]:
    start, end = match.span()
    mode = _mode(work, start, end)
    if match["date"]:
        yield Quantity("date", _date(match), start, end, mode)
    elif match["weekday"]:
        yield Quantity("weekday", (match["weekday"].rstrip("s"),), start, end)
    elif match["article"] or match["page"]:
        kind = "article" if match["article"] else "page"
        for number in re.findall(r"\d+", match[0]):
            yield Quantity(kind, (number,), start, end)
    elif code := next((match[g] for g in _CODES if match[g]), ""):
        yield from _coded(code, start, end)
    elif match["ratio"]:
        yield Quantity("ratio", (_number(match["num"]), match["den"]), start, end, mode)
    elif match["named"]:
        yield Quantity("count", (str(_ORDINALS[match["named"]]),), start, end)
    elif match["about"]:
        yield Quantity("about", (match["about"],), start, end)
    else:
        yield _plain_quantity(match, mode)


def _coded(code: str, start: int, end: int) -> Iterator[Quantity]:
    """A reference; but 2018-2022 are two years, and 3/10 is a ratio."""
    years = re.fullmatch(r"([12]\d{3})-([12]\d{3})", code)
    if years is not None and years[1] < years[2]:
        yield Quantity("count", (years[1],), start, start + 4)
        yield Quantity("count", (years[2],), start + 5, end)
    elif re.fullmatch(r"\d{1,2}/\d{1,3}|\d{1,2}-\d{1,2}", code):
        yield Quantity("ratio", tuple(re.split("[/-]", code)), start, end)
    else:
        yield Quantity("ref", (re.sub(r"n°|[ .]", "", code),), start, end)


_UNITLESS = ("article", "ref", "ratio", "date", "about", "page", "weekday")
_CODES = ("lettered", "suffixed", "coded", "address", "mixed")
_KINDS = (
    "percent", "mille", "euros", "other", "years", "months", "weeks", "days", "hours", "minutes",
    "points", "area", "length", "mass", "fraction", "times",
)  # fmt: skip


def _plain_quantity(match: re.Match[str], mode: str) -> Quantity:
    kind = next((kind for kind in _KINDS if match[kind]), "count")
    value = Decimal(_number(match["value"]))
    if match["scale"]:
        value *= _SCALES[match["scale"].strip().rstrip("s")]
    key: Key = (f"{value.normalize():f}",)
    if kind in ("other", "area", "length", "mass", "fraction"):
        key = (*key, match[kind].rstrip("s"))
    return Quantity(kind, key, match.start(), match.end(), mode)


def _number(digits: str) -> str:
    digits = re.sub(r"(?<=\d)[ .](?=\d{3}(?!\d))", "", digits) if "," not in digits else digits
    digits = digits.replace(" ", "").replace(",", ".") if "." not in digits else digits
    if digits.count(".") + digits.count(",") > 1 or ("." in digits and "," in digits):
        digits = digits.replace(".", "").replace(",", ".")
    return f"{Decimal(''.join(c for c in digits if c.isdigit() or c == '.')).normalize():f}"


def _date(match: re.Match[str]) -> Key:
    def part(name: str) -> str:
        return next((match[f"{name}{n}"] for n in range(1, 6) if _has(match, f"{name}{n}")), "")

    year, month, day = part("y"), part("m"), part("d")
    month = str(_MONTHS.index(month) + 1) if month.isalpha() else str(int(month))
    return (f"20{year}" if len(year) == 2 else year, month, str(int(day)) if day else "")


def _has(match: re.Match[str], name: str) -> bool:
    return name in match.re.groupindex and bool(match[name])


def _mode(work: str, start: int, end: int) -> str:
    before = work[max(0, start - 40) : start]
    for mode, pattern in _BEFORE:
        if pattern.search(before):
            return mode
    return next((mode for mode, pattern in _AFTER if pattern.match(work, end)), "")


def _plain(character: str) -> str:
    if character.isdigit() and not character.isascii():
        return str(unicodedata.digit(character))
    return " " if character.isspace() else character


def _roman(match: re.Match[str]) -> str:
    if not _is_roman(match[0]):
        return match[0]
    values = [_LETTERS[letter] for letter in match[0]]
    total = sum(
        -v if any(w > v for w in values[n + 1 : n + 2]) else v for n, v in enumerate(values)
    )
    return str(total)


def _spelt(run: str, text: str, end: int) -> str:
    """A run of number words in digits, read in the longest numbers that it can be."""
    words = run.replace("-", " ").split()
    if not (len(words) == 1 and words[0] in _LONE):
        return _spelt_words(words)
    return "1" if _UNITED.match(text, end) else run


def _spelt_words(words: list[str]) -> str:
    from text_to_num import text2num

    written: list[str] = []
    place = 0
    while place < len(words):
        for last in range(len(words), place, -1):
            if words[place] == "et" or words[last - 1] == "et":
                continue
            try:
                written.append(str(text2num(" ".join(words[place:last]), "fr")))
            except ValueError:
                continue
            place = last
            break
        else:
            written.append(words[place])
            place += 1
    return " ".join(written)
