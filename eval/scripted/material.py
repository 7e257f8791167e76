"""What a prompt gives to work with: a question and numbered passages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# assistant/llm/prompts.py: « ⟦S1⟧ … ⟦fin S1⟧ », or « [S1] » lines within one fence
MARK = re.compile(r"^[ \t>*-]*[\[⟦](?:passage |source )?(S\d+)[^\]⟧\n]*[\]⟧][ \t:]*", re.MULTILINE)
FENCE = re.compile(r"^[ \t]*(?:⟦|```|~~~|</?\w|<<<|>>>|={3,}|-{3,}|#{3,}).*$", re.MULTILINE)
BLANK = re.compile(r"\n[ \t]*\n")
ASKED = re.compile(r"^⟦[^⟧]*(?:question|message)[^⟧]*⟧\n(.*?)\n⟦fin ", re.MULTILINE | re.DOTALL)
END = re.compile(
    r"(?<=[.!?…])(?<!\bart\.)(?<!\bp\.)(?<!\bL\.)(?<!\bR\.)(?<!\bM\.)(?<!\bcf\.)(?<!\bn\.)"
    r"\s+(?=[«\"(]?\s?[A-ZÀ-ÖØ-Þ])|\n+"
)
BULLET = re.compile(r"^[ \t]*(?:[-*•#>|]+|\d+[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Material:
    """``question`` is the end of what the person sent; ``passages`` are texts by « S1 »."""

    prompt: str
    question: str
    passages: Mapping[str, str]


def read(messages: Sequence[Mapping[str, Any]]) -> Material:
    """Find the passages: each from its mark until the next, or until a fence."""
    texts = [_text(message.get("content")) for message in messages]
    users = [t for t, m in zip(texts, messages, strict=True) if m.get("role") == "user"]
    prompt = "\n".join(texts)
    marks = list(MARK.finditer(prompt))
    ends = [*[mark.start() for mark in marks[1:]], len(prompt)][: len(marks)]
    passages: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        after = prompt[mark.end() : end]
        last = mark is marks[-1] and not FENCE.search(after)  # nothing closes it but a blank line
        text = (BLANK if last else FENCE).split(after, maxsplit=1)[0].strip()
        if text:
            passages.setdefault(mark[1], text)
    return Material(prompt, _question(users[-1] if users else prompt, passages), passages)


def sentences(text: str) -> list[str]:
    """The whole sentences of a passage, without its headings and bullets."""
    pieces = (BULLET.sub("", piece).strip() for piece in END.split(text))
    return [piece for piece in pieces if len(piece.split()) >= 4 and piece[-1] in ".!?…"]


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _question(text: str, passages: Mapping[str, str]) -> str:
    fenced = ASKED.findall(text)
    said = fenced[-1] if fenced else text
    for passage in passages.values():
        said = said.replace(passage, "")
    lines = [line.strip() for line in FENCE.sub("", MARK.sub("", said)).splitlines()]
    asked = [line for line in lines if line.endswith("?")]
    return (asked or [line for line in lines if line] or [""])[-1]
