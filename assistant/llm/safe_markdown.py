"""A model's Markdown reduced to the subset that answers publish.

Paragraphs, ``-`` bullets, ``1.`` steps, ``**bold**`` and ``[S1]`` markers remain: what web.prose
reads (italics become plain text, headings bold). Everything else loses what makes it markup, so
that no renderer, however generous, finds HTML, an image, a link or a definition in it.
"""

import html
import re
import unicodedata

_LONGEST = 20_000
_PASSES = 12
_DROPPED_ELEMENTS = re.compile(
    r"<(script|style|iframe|object|svg|math|template|noscript|textarea|title)\b.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(r"</?[a-z!?][^<>]{0,2000}>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\](?:\([^()\n]{0,1000}\)|\[[^\[\]]{0,300}\])?")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((?:[^()\n]|\([^()\n]{0,300}\)){0,1000}\)")
_REFERENCE_LINK = re.compile(r"(?<!\])\[(?!S\d+\])([^\[\]]{1,300})\]\[(?!S\d+\])[^\[\]]{0,300}\]")
_DEFINITION = re.compile(r"(?m)^[ \t>]*\[[^\[\]\n]{1,300}\]:.*$\n?")
_MARKER = re.compile(r"\[S([1-9]\d{0,2})\]")
_OPEN, _CLOSE, _BOLD_HERE = "\1", "\2", "\3"  # control characters, which no visible text holds
_SCHEME = re.compile(
    r"\b[a-z][a-z0-9+.-]{0,30}:/{2,}|(?<![\w/:])/{2,}(?=\w)|\bwww\d?\.", re.IGNORECASE
)
_ACTIVE = re.compile(
    r"(?:(?:java|vb|live)script|\b(?:data|file|blob|about|mailto|tel|view-source|chrome|intent"
    r"|ms-\w+))\s*:(?=\S)",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"(?m)^[ \t]*(?:[-=_*~+`][ \t]*){2,}$|^[ \t]*[-|: \t]*\|[-|: \t]*$|^[ \t]*=+[ \t]*$"
)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^(?:[-*+•◦‣–—]|(\d{1,3})[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
_KEPT_CONTROL = {"\n"}
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def reduced(text: str) -> str:
    """The safe subset of ``text``; idempotent. Beyond 20 000 characters it is cut."""
    text = text[:_LONGEST]
    for _ in range(_PASSES):
        text, before = _once(text), text
        if text == before:
            return text
    return _brutal(text)


def _once(text: str) -> str:
    text = _visible(_unescaped(text))
    for pattern in (_COMMENT, _DROPPED_ELEMENTS, _TAG):
        text = pattern.sub("", text)
    text = re.sub(r"<(?![\s\d=]|$)", "", text)
    text = _IMAGE.sub("", text)
    text = _DEFINITION.sub("", text)
    text = _LINK.sub(_kept_label, text)
    text = _REFERENCE_LINK.sub(r"\1", text)
    text = _SCHEME.sub("", _ACTIVE.sub("", text))
    text = re.sub(r"(?<=\S)@(?=\S)", " @ ", text)
    text = _RULE.sub("", text)
    text = "\n".join(_line(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _unescaped(text: str) -> str:
    """Entities as the characters they are, backslash escapes as what they escape."""
    text = html.unescape(text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("\\", "")


def _visible(text: str) -> str:
    """Without control, format (bidi, zero width, tags), private and unassigned characters."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    return "".join(
        c
        for c in text
        if c in _KEPT_CONTROL
        or not (
            unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"}
            or "\ufe00" <= c <= "\ufe0f"
            or "\U000e0100" <= c <= "\U000e01ef"
        )
    )


def _kept_label(match: re.Match[str]) -> str:
    marker = re.fullmatch(r"S\d{1,3}", match[1])
    return f"[{match[1]}]" if marker else match[1]


def _line(line: str) -> str:
    line = re.sub(r"^(?:\s|>)+", "", line).rstrip()
    if (heading := _HEADING.match(line)) is not None:
        title = heading[1].replace("*", "").strip()
        return _inline(f"**{title}**") if title else ""
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        line = "- " + " ; ".join(cell for cell in cells if cell)
    if (item := _ITEM.match(line)) is not None:
        said = _inline(_flush(item[2]))
        return f"{item[1]}. {said}" if item[1] else f"- {said}"
    return _inline(_flush(line))


def _flush(text: str) -> str:
    """No marker of a block at the start of what is said."""
    return re.sub(r"^(?:#+|[>:]|[-+*•](?=\s|$)|\d+[.)](?=\s|$)|\s)+", "", text)


def _inline(text: str) -> str:
    bold: list[str] = []

    def kept(match: re.Match[str]) -> str:
        inside = match[1].strip()
        bold.append(inside)
        return f"{_BOLD_HERE}{len(bold) - 1}{_BOLD_HERE}"

    text = _BOLD.sub(kept, re.sub(r"\*{3,}|__+", "**", text))
    text = _plain(text)

    def written(match: re.Match[str]) -> str:
        said = _plain(bold[int(match[1])]).strip()
        return f"**{said}**" if said else ""

    return re.sub(f"{_BOLD_HERE}(\\d+){_BOLD_HERE}", written, text)


def _plain(text: str) -> str:
    """Text whose only markup is markers."""
    text = re.sub(r"(?<![\d ])\*|\*(?!\d)|[`~|$]|(?<!\w)_+|_+(?!\w)", "", text)
    text = _MARKER.sub(rf"{_OPEN}\1{_CLOSE}", text)
    text = text.replace("[", "(").replace("]", ")")
    text = re.sub(f"!(?={_OPEN})", "! ", re.sub(f"{_CLOSE}(?=[(:])", f"{_CLOSE} ", text))
    return text.replace(_OPEN, "[S").replace(_CLOSE, "]")


def _brutal(text: str) -> str:
    """For what does not settle: words, digits and plain punctuation."""
    return re.sub(r"[^\w\s.,;?’'«»%€-]|_|(?m:^\s*[-\d]+)", " ", _visible(text)).strip()
