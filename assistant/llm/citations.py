"""Citations as language models write them, read into the ``[S1]`` markers of an answer.

A marker is recognised in square, double, lenticular (``【1†source】``) or full-width brackets, in
parentheses when it says that it is a source, as a footnote, a superscript, or a link. Bare numbers
of three digits and more are years or amounts, never citations.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NAME = (
    r"(?:(?:sources?|refs?|r[ée]f[ée]rences?|r[ée]f|docs?|documents?|passages?|cf|voir)\.?\s?:?\s?)"
)
_ID = r"(?:\^|#|s\s?|n°\s?)?\d{1,2}"
_OWN = r"s\s?\d{1,3}"
_JOIN = r"\s?(?:,|;|&|/|\||-|–|—|à|et|and)\s?"
_PAGE = r"(?:\s?,?\s?pp?(?:\.|ages?)?\s?\d{1,3}(?:-\d{1,3})?)?"
_ANY = rf"{_NAME}?(?:{_ID}|{_OWN})(?:{_JOIN}{_NAME}?(?:{_ID}|{_OWN})){{0,19}}{_PAGE}"
_SPOKEN = rf"(?:{_NAME}(?:{_OWN}|{_ID})|{_OWN})(?:{_JOIN}{_NAME}?(?:{_OWN}|{_ID})){{0,19}}{_PAGE}"
_LINK = r"(?:\([^()\s]{0,300}\))?"
_NOTE = r"(?:†[^\]】\n]{0,80})?"

_FORMS = (
    rf"\\?\[\\?\[\s?(?P<double>{_ANY})\s?\\?\]\\?\]{_LINK}",
    rf"\\?\[\s?(?P<square>{_ANY}){_NOTE}\s?\\?\]{_LINK}",
    rf"【\s?(?P<lens>{_ANY}(?::\d{{1,3}})?){_NOTE}\s?】",
    rf"［\s?(?P<wide>{_ANY})\s?］",
    rf"\(\s?(?P<round>{_SPOKEN})\s?\)",
    rf"<sup>\s?\[?(?P<html>{_ANY})\]?\s?</sup>",
    r"(?<!\bm)(?<!\b[ckdh]m)(?<!\d)"
    r"(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}(?:[,˒]\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}){0,5})",
)
CITATION = re.compile(rf"(?:{'|'.join(_FORMS)})", re.IGNORECASE)
_PART = re.compile(r"(\d+)(?:\s?(-|–|—|à)\s?(?:s\s?)?(\d+))?", re.IGNORECASE)
_INSIDE_PAGE = re.compile(r"\s?,?\s?\bpp?(?:\.|ages?)?\s?\d{1,3}(?:-\d{1,3})?$", re.IGNORECASE)
_MARKS = r"(?:\[S\d+\][ \t\u00a0\u202f]*)+"
_EARLY = re.compile(
    r"[ \t\u00a0\u202f]*(?P<marks>(?:\[S\d+\][ \t\u00a0\u202f]*)*\[S\d+\])"
    r"(?P<stop>(?:\*\*|[ \u00a0\u202f]?[»”]|[)\"])*"
    r"(?:[ \u00a0\u202f]?[.!?…]+(?:\*\*|[ \u00a0\u202f]?[»”]|[)\"])*(?=\s|$)"
    r"|[ \u00a0\u202f]?[;:,](?=\s*\n|\s*$)|(?<=\*\*)|(?<=[»”])))"
)
_MARKER = re.compile(r"\[(S\d+)\]")
_LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with its markers.

    ``text`` holds ``[S1]`` markers only for known sources, after the stop of what they support;
    ``ids`` are those cited, in order, each once; ``unknown`` counts the citations that were
    dropped because no such source was given; ``bare`` is the text without any marker.
    """

    text: str
    ids: tuple[str, ...]
    unknown: int
    bare: str

    @property
    def settled(self) -> str:
        """The bare text, then every marker, as ``answering.composition`` places them."""
        marks = "".join(f"[{name}]" for name in self.ids)
        said = self.bare.rstrip()
        return f"{said} {marks}{self.bare[len(said) :]}" if marks else self.bare


def read(text: str, known: Collection[str]) -> Cited:
    """Normalise every citation of ``text``; ``known`` are the ids of the sources (« S1 »)."""
    ids: dict[str, None] = {}
    unknown = 0

    def written(match: re.Match[str]) -> str:
        nonlocal unknown
        marks: dict[str, None] = {}
        for name in _names(match, known):
            if name in known:
                marks[name] = ids[name] = None
            else:
                unknown += 1
        return "".join(f"[{name}]" for name in marks) or "\0"

    marked = CITATION.sub(written, text.replace("\0", ""))
    marked = re.sub(r"[ \t\u00a0\u202f]*\0(?=[ \t]*(?:[.,;:!?…»)*\n\[\0]|$))", "", marked)
    marked = re.sub(r"\0[ \t]*", "", marked)
    return Cited(
        text=_placed(marked), ids=tuple(ids), unknown=unknown, bare=_without_markers(marked)
    )


def _names(match: re.Match[str], known: Collection[str]) -> Iterator[str]:
    if match["super"]:
        for run in re.split(r"[,˒]\s?", match["super"].translate(_SUPERSCRIPTS)):
            if f"S{int(run)}" in known or len(run) == 1:
                yield f"S{int(run)}"
            else:  # ¹² is source 12, or sources 1 and 2 when there is no twelfth
                yield from (f"S{digit}" for digit in run)
        return
    inside = next(value for name, value in match.groupdict().items() if value and name != "super")
    inside = _INSIDE_PAGE.sub("", inside.partition("†")[0])
    if match["lens"]:
        inside = inside.partition(":")[0] if re.match(r"\d", inside) else inside
    for part in _PART.finditer(inside):
        first, last = int(part[1]), int(part[3] or part[1])
        if first <= last < first + _LONGEST_RANGE:
            yield from (f"S{number}" for number in range(first, last + 1))
        else:
            yield from (f"S{first}", f"S{last}")


def _placed(text: str) -> str:
    """Markers after the stop, one space before a run of them, none inside it."""
    text = _EARLY.sub(lambda m: f"{m['stop']} {_joined(m['marks'])}", text)
    return re.sub(
        rf"(?P<before>[ \t\u00a0\u202f]*)(?P<marks>{_MARKS})(?P<after>\w)?",
        lambda m: (
            (" " if m.start() and text[m.start() - 1] != "\n" else "")
            + _joined(m["marks"])
            + (" " if m["after"] or (m["marks"][-1].isspace() and m.end() < len(text)) else "")
            + (m["after"] or "")
        ),
        text,
    )


def _joined(marks: str) -> str:
    return "".join(f"[{name}]" for name in dict.fromkeys(_MARKER.findall(marks)))


def _without_markers(text: str) -> str:
    text = re.sub(rf"[ \t\u00a0\u202f]*{_MARKS}(?=[.,;…»)*\n]|$)", "", text)
    return re.sub(rf"(?<=\s){_MARKS}|^{_MARKS}", "", re.sub(rf"(?<=\S){_MARKS}", " ", text))
