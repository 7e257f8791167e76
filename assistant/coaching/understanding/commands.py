"""What a message asks of the interview itself, whatever the question (commands as in Rasa CALM)."""

import re

from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import NEXT_STEP, Command, CommandName
from assistant.coaching.understanding.text import Message

_EDGE = " \t\r\n.,;:!?…()\"'-"
_STEP = re.compile(
    r"\b(?:etape|etap|step|partie)\s?(?:n[o°]\s?)?"
    r"(?P<n>[1-7]|une?|deux|trois|quatre|cinq|six|sept)\b|"
    r"\b(?P<o>premiere|deuxieme|troisieme|quatrieme|cinquieme|sixieme|septieme|derniere|"
    r"[1-7](?:e|eme|ere|ieme))\setape\b"
)
_NEXT = re.compile(r"\b(?:etape|partie)\s(?:suivante|d'apres)|\bprochaine\setape")
_ORDINALS = ("premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme")
_CARDINALS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept")
# the steps by what they are about (guide p. 40-58)
_NAMED = re.compile(
    r"\b(?:(qualif|diagnost|auto)|(dialog)|(choi)|(defini|contenu|cadrage)|"
    r"(contrac|contrat|sign|convention)|(mise en|mettre en|suivi|pilotage)|(eval|bilan))\w*"
)
_PRIORITY: tuple[CommandName, ...] = (
    "why", "undo", "cancel", "restart", "go_to", "export_document", "summarise", "repeat", "back",
    "resume", "pause", "skip", "clarify", "dont_know", "correct",
)  # fmt: skip


def command(message: Message, lexicon: Lexicon) -> Command | None:
    """The one command of a message, the most binding first; None when it holds none."""
    start, end = core(message, lexicon)
    if start >= end:
        return None
    for name in _PRIORITY:
        whole, inside = lexicon.commands[name]
        match = whole.fullmatch(message.work, start, end) or inside.search(
            message.work, start, min(end, start + 5_000)
        )
        if match is None:
            continue
        step = _step(message.work[start:end]) if name == "go_to" else None
        if name != "go_to" or step is not None:
            return _made(name, message, match.span(), step)
    return _question(message, lexicon, start, end)


def _question(message: Message, lexicon: Lexicon, start: int, end: int) -> Command | None:
    if end - start > 3_000:
        return None
    _, inside = lexicon.commands["ask_guide"]
    for sentence in message.sentences:
        found = inside.search(message.work, max(sentence.start, start), sentence.end)
        if found is not None:
            return _made("ask_guide", message, (found.start(), sentence.end), None)
    return None


def _made(
    name: CommandName, message: Message, span: tuple[int, int], step: int | None
) -> Command | None:
    start, end = message.span(*span)
    return Command(name, message.original[start:end], start, end, step) if end > start else None


def core(message: Message, lexicon: Lexicon) -> tuple[int, int]:
    """The places of the message without its courtesy and its edges."""
    work = message.work
    start, end = 0, len(work)
    for _ in range(6):
        while start < end and work[start] in _EDGE:
            start += 1
        polite = lexicon.polite.match(work, start, end)
        if polite is None:
            break
        start = polite.end()
    while end > start and work[end - 1] in _EDGE:
        end -= 1
    for polite in lexicon.polite.finditer(work, max(start, end - 60), end):
        if polite.end() == end and polite.start() > start:
            end = polite.start()
            while end > start and work[end - 1] in _EDGE:
                end -= 1
    return start, end


def _step(work: str) -> int | None:
    match = _STEP.search(work)
    if match is None and _NEXT.search(work):
        return NEXT_STEP
    if match is None:
        about = _NAMED.search(work, max(0, work.find("etape"), work.find("partie")))
        return about.lastindex if about else None
    if match["o"]:
        word = match["o"]
        if word[0].isdigit():
            return int(word[0])
        return 7 if word == "derniere" else _ORDINALS.index(word) + 1
    word = match["n"].removesuffix("e") if match["n"] == "une" else match["n"]
    return int(word) if word.isdigit() else _CARDINALS.index(word) + 1
