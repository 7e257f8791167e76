"""The scripts by name: what each says, and what happens to it on the way."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from eval.scripted import speech
from eval.scripted.speech import Ask, Reply


class Start(StrEnum):
    """What a client gets before the first token."""

    SPEAK = "speak"
    SILENT = "silent"  # not even the status
    OPEN = "open"  # the status, then nothing
    PAGE = "page"  # a page of HTML with status 200, as a proxy or a portal gives


class Accident(StrEnum):
    """What happens after some tokens."""

    NONE = "none"
    HANG = "hang"
    RESET = "reset"
    CLOSE = "close"  # the connection ends before the body does
    UNFINISHED = "unfinished"  # the body ends well, but no reason to finish, no [DONE]
    ERROR = "error"  # an error where a chunk was expected


def utf8(value: Any) -> bytes:
    """JSON as it should be."""
    return json.dumps(value, ensure_ascii=False).encode()


def ascii_only(value: Any) -> bytes:
    """JSON with every other character escaped, halves of pairs included."""
    return json.dumps(value).encode()


def latin1(value: Any) -> bytes:
    """JSON in another encoding than JSON's."""
    return json.dumps(value, ensure_ascii=False).encode("latin-1", "replace")


def broken_utf8(value: Any) -> bytes:
    """JSON with bytes that no character has, in what is said."""
    return utf8(value).replace(b'"content": "', b'"content": "\xff\xc3\x28')


def raw_nul(value: Any) -> bytes:
    """JSON with a bare NUL, in what is said."""
    return utf8(value).replace(b'"content": "', b'"content": "\0')


@dataclass(frozen=True, slots=True)
class Script:
    """``say`` answers in words, ``fill`` when a schema is asked for; ``terms`` are its own."""

    say: Callable[[Ask], Reply] = speech.honest
    fill: Callable[[Ask], str] = speech.filled
    status: int = 200
    start: Start = Start.SPEAK
    accident: Accident = Accident.NONE
    encode: Callable[[Any], bytes] = utf8
    opening: bytes = b""
    comments: bool = False
    terms: Mapping[str, float] = field(default_factory=dict)

    def reply(self, ask: Ask) -> Reply:
        """What is answered to ``ask``."""
        if ask.schema is None or ask.given is not None or self.say in WHATEVER_IS_ASKED:
            return self.say(ask)
        return speech.spoken(self.fill(ask))


WHATEVER_IS_ASKED = (speech.refusing, speech.filtered, speech.empty, speech.looping)


def _halved_pairs(ask: Ask) -> Reply:
    return Reply([*speech.honest(ask).tokens, " \ud83d", "\ude42", " \ud83d"])


SCRIPTS: dict[str, Script] = {
    # what is said
    "honest": Script(),
    "honest-after": Script(speech.after_the_stop),
    "verbose": Script(speech.verbose),
    "no-citations": Script(speech.uncited),
    "wrong-citations": Script(speech.miscited),
    "wild-citations": Script(speech.wildly_cited),
    "split-citations": Script(speech.by_character),
    "liar": Script(speech.liar, speech.filled_with_lies),
    "injected": Script(speech.injected, speech.filled_with_attacks),
    "injected-tools": Script(speech.injected_tools, speech.filled_with_attacks),
    "refusal": Script(speech.refusing),
    "filtered": Script(speech.filtered),
    "empty": Script(speech.empty),
    "language": Script(speech.foreign),
    "loop": Script(speech.looping),
    "thinking": Script(speech.thinking),
    "given": Script(speech.given),
    # in JSON
    "malformed-json": Script(fill=speech.malformed),
    "half-json": Script(fill=speech.half),
    "null-nested": Script(fill=speech.nothing_nested),
    "fenced-json": Script(fill=speech.fenced),
    "chatty-json": Script(fill=speech.chatty),
    "wrong-json": Script(fill=speech.another),
    # how it is sent
    "slow": Script(terms={"pace": 2.0}),
    "huge": Script(speech.huge),
    "comments": Script(comments=True),
    "latin1": Script(encode=latin1),
    "bad-utf8": Script(encode=broken_utf8),
    "bom": Script(opening=b"\xef\xbb\xbf"),
    "nul": Script(speech.nul),
    "raw-nul": Script(encode=raw_nul),
    "surrogates": Script(_halved_pairs, encode=ascii_only),
    # what fails
    "401": Script(status=401),
    "429": Script(status=429, terms={"fails": 1}),
    "500": Script(status=500),
    "503": Script(status=503),
    "html-page": Script(start=Start.PAGE),
    "hang": Script(start=Start.SILENT),
    "hang-open": Script(start=Start.OPEN),
    "hang-mid": Script(accident=Accident.HANG),
    "cut": Script(accident=Accident.RESET),
    "cut-clean": Script(accident=Accident.CLOSE),
    "unfinished": Script(accident=Accident.UNFINISHED),
    "error-mid": Script(accident=Accident.ERROR),
}
