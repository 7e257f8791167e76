"""Names and identifiers replaced before a message leaves, put back in what returns."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_KINDS = (
    "PERSONNE", "ORGANISATION", "LIEU", "COURRIEL", "TELEPHONE", "IBAN", "TVA", "SIRET", "SIREN",
    "RNA", "MONTANT", "ADRESSE", "SITE", "TEXTE",
)  # fmt: skip
_KIND = "|".join(_KINDS)
# as given back by a model: other case, a space or an escaped dash, brackets lost
_HOLDER = re.compile(
    r"(?P<escaped>\\(?=\[[^\[\]]{0,44}\\\]))?"
    rf"\[\s{{0,2}}(?P<kind>{_KIND})[\s\\_-]{{0,3}}(?P<number>[0-9]{{1,6}})\s{{0,2}}(?(escaped)\\)\]"
    rf"|(?<![^\W_])(?P<bare>{_KIND})\\?_(?P<bare_number>[0-9]{{1,6}})(?![\w])",
    re.IGNORECASE,
)
_LONGEST = 48  # characters of a placeholder, at most
_SPACE = r"[ \u00a0\u202f]"
_DIGITS = r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SPELT = (
    "(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    "vingts?|trente|quarante|cinquante|soixante|cents?|mille|un|et|millions?|milliards?)"
)
_EURO = (
    rf"{_SPACE}?(?:k€|k ?euros?|M€|Md€|€|euros?\b|EUR\b|"
    rf"(?:mille|millions?|milliards?){_SPACE}(?:d['’])?(?:euros?\b|€))"
)
_WAY = r"(?:rue|avenue|boulevard|place|chemin|impasse|allée|route|quai|cours|square|passage)"
_PATTERNS = (
    ("COURRIEL", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("SITE", re.compile(r"\b(?:https?://|www\.)[^\s<>«»]+[^\s<>«».,;:!?)]", re.IGNORECASE)),
    ("IBAN", re.compile(
        r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){3,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b",
        re.IGNORECASE)),
    ("TVA", re.compile(r"\bFR[ \u00a0]?\d{2}(?:[ \u00a0]?\d{3}){3}\b", re.IGNORECASE)),
    ("SIRET", re.compile(r"(?<!\d)\d{3}(?:[ .\u00a0\u202f]?\d{3}){2}[ .\u00a0\u202f]?\d{5}(?!\d)")),
    ("TELEPHONE", re.compile(
        r"(?<![\d+])(?:\+33|0033|0)[ .\u00a0]?(?:\(0\)[ ]?)?[1-9]"
        r"(?:[ .\u00a0-]?\d{2}){4}(?!\d)")),
    ("RNA", re.compile(r"\bW\d[A-Z\d]\d{7}\b", re.IGNORECASE)),
    ("ADRESSE", re.compile(
        rf"\b\d{{1,4}}(?:{_SPACE}?(?:bis|ter))?,?{_SPACE}{_WAY}\b[^\n,;.!?]{{2,60}}"
        rf"(?:,?{_SPACE}\d{{2}}{_SPACE}?\d{{3}}{_SPACE}[A-ZÀ-Ý][\w'’-]+(?:[ -][A-ZÀ-Ý][\w'’-]+)*)?",
        re.IGNORECASE)),
    ("MONTANT", re.compile(
        rf"(?<![\w.,])(?:{_DIGITS}|{_SPELT}(?:[ -]{_SPELT}){{0,9}}){_EURO}", re.IGNORECASE)),
    ("SIREN", re.compile(r"(?<!\d)\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3}(?!\d)")),
    ("PERSONNE", re.compile(
        rf"\b(?:M\.|MM\.|Mme|Mlle|Monsieur|Madame|Dr|Me){_SPACE}"
        rf"(?P<name>[A-ZÀ-Ý][\w’'-]+(?:{_SPACE}[A-ZÀ-Ý][\w’'-]+){{0,3}})")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """What each placeholder stands for; the same words keep theirs from turn to turn."""

    originals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def restore(self, text: str) -> str:
        """Put the words back; placeholders that were never given stay as they are."""
        return _HOLDER.sub(self._original, text)

    def _original(self, match: re.Match[str]) -> str:
        kind, number = match["kind"] or match["bare"], match["number"] or match["bare_number"]
        return self.originals.get(_holder(kind.upper(), int(number)), match[0])


def mask(
    text: str, *, known: Mapping[str, str] | None = None, table: Table | None = None
) -> tuple[str, Table]:
    """Replace what identifies someone; ``known`` gives names of the case file and their kind.

    Kinds are « personne », « organisation » or « lieu »; names are found whatever their case and
    accents, and restored exactly as typed. What looks like a placeholder already is masked too, so
    that a person cannot type one. ``table.restore(masked) == text``.
    """
    originals = dict(table.originals) if table else {}
    holders = {(_kind(h), words): h for h, words in originals.items()}
    counts = {kind: sum(_kind(h) == kind for h in originals) for kind in _KINDS}
    written: list[str] = []
    place = 0
    for start, end, kind in _chosen(text, known or {}):
        words = text[start:end]
        holder = holders.get((kind, words))
        if holder is None:
            counts[kind] += 1
            holder = holders[kind, words] = _holder(kind, counts[kind])
            originals[holder] = words
        written += [text[place:start], holder]
        place = end
    masked = "".join([*written, text[place:]])
    return masked, Table(MappingProxyType(originals))


class RestoringStream:
    """Restores a text that comes in pieces, whatever the pieces."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._held = ""

    def feed(self, delta: str) -> str:
        """What can be shown now."""
        self._held += delta
        cut = _safe(self._held)
        shown, self._held = self._held[:cut], self._held[cut:]
        return self._table.restore(shown)

    def end(self) -> str:
        """What was held back."""
        rest, self._held = self._held, ""
        return self._table.restore(rest)


def _safe(text: str) -> int:
    """Up to where no placeholder can still be under way."""
    cut = len(text)
    word = re.search(r"[\w\\]+$", text)
    if word is not None:
        cut = word.start()
    opened = text.rfind("[")
    if opened >= 0 and "]" not in text[opened:] and len(text) - opened <= _LONGEST:
        cut = min(cut, opened)
        cut = len(text[:cut].rstrip("\\"))
    return cut


def _holder(kind: str, number: int) -> str:
    return f"[{kind}_{number}]"


def _kind(holder: str) -> str:
    return holder[1:].rpartition("_")[0]


def _chosen(text: str, known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Spans to mask, none over another: placeholders first, then identifiers, then names."""
    taken = bytearray(len(text))
    chosen = []
    for start, end, kind in _spans(text, known):
        if start < end and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            chosen.append((start, end, kind))
    return sorted(chosen)


def _spans(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    # what only looks like one, once what surrounds it is replaced, must not be read as one
    for match in re.finditer(
        rf"(?:\\*\[[\s\\]*)?(?:{_KIND})[\s\\_-]*\d*[\s\\]*\]?", text, re.IGNORECASE
    ):
        if _HOLDER.search(match[0]):
            yield match.start(), match.end(), "TEXTE"
    for kind, pattern in _PATTERNS[:-1]:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), kind
    for name in sorted(known, key=len, reverse=True):
        if (pattern_of := _name_pattern(name)) is not None:
            kind = known[name].upper() if known[name].upper() in _KINDS else "ORGANISATION"
            for match in pattern_of.finditer(text):
                yield match.start(), match.end(), kind
    for match in _PATTERNS[-1][1].finditer(text):
        yield match.start("name"), match.end("name"), "PERSONNE"


def _name_pattern(name: str) -> re.Pattern[str] | None:
    """A name whatever its case, accents, apostrophes and spaces."""
    words = name.split()
    if len("".join(words)) < 2:
        return None
    body = r"[\s\u00a0\u202f]+".join("".join(_letter(c) for c in word) for word in words)
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


_VARIANTS = {
    "a": "aàâä", "c": "cç", "e": "eéèêë", "i": "iîï", "o": "oôö", "u": "uùûü", "y": "yÿ",
}  # fmt: skip


def _letter(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    if base in _VARIANTS:
        return f"[{_VARIANTS[base]}]"
    if character in "'’":
        return "['’]"
    return r"[ -]" if character == "-" else re.escape(character)
