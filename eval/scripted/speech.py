"""What each script says, in text: honest or not, from the passages that it was given."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from random import Random

from eval.scripted import lies
from eval.scripted.material import Material, sentences
from eval.scripted.phrases import phrases
from eval.scripted.terms import Terms
from eval.scripted.values import Filler, Schema, least

PIECE = re.compile(r"[^\S\n]?[^\W\d_]{1,6}|[^\S\n]?\d{1,3}|[^\S\n]?[^\w\s]|_|\s")
WILD = (
    "[{n}]", "[{n},{n}]", "[[{n}]]", "【{n}】", "【{n}†source】", "[S{n}, S{n}]", "(S{n})",
    "[^{n}]", "[S{n}][S{n}]", "[ S{n} ]", "[s{n}]", "**[S{n}]**", "[S{n}.]", "[{n}; {n}]",
    "[source {n}]", "［S{n}］", "[S {n}]", "\\[S{n}\\]", "`[S{n}]`", "[Source : S{n}]",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, as a script sees it; ``given`` is what the test wants said."""

    material: Material
    terms: Terms
    rng: Random
    schema: Schema | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call: its name, and its arguments in JSON."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, token by token; ``invented`` is what no passage says."""

    tokens: Iterable[str] = ()
    calls: tuple[Call, ...] = ()
    refusal: str | None = None
    finish: str = "stop"
    invented: tuple[str, ...] = field(default=())


def tokens(text: str) -> list[str]:
    """Pieces of the size of a language model's tokens; a citation is several."""
    return PIECE.findall(text)


def spoken(text: str) -> Reply:
    """A reply in text, and no more."""
    return Reply(tokens(text))


def manners(name: str) -> str:
    """One of the sentences that the prompt does not give."""
    return str(phrases("manners")[name])


# True sentences


def chosen(ask: Ask, default: int = 4) -> list[tuple[str, str]]:
    """The sentences nearest to the question, in the order of the passages, with their sources."""
    asked = {word[:6] for word in re.findall(r"\w{4,}", ask.material.question.lower())}
    ranked = []
    for rank, (source, text) in enumerate(ask.material.passages.items()):
        for place, sentence in enumerate(sentences(text)):
            words = {word[:6] for word in re.findall(r"\w{4,}", sentence.lower())}
            score = len(asked & words) - rank * 0.6 - place * 0.2
            ranked.append((-score, rank, place, sentence, source))
    best = sorted(ranked)[: ask.terms.length or default]
    return [(said, source) for _, _, _, said, source in sorted(best, key=lambda one: one[1:3])]


def cited(sentence: str, mark: str) -> str:
    """The sentence with its citation before the full stop, as most models write."""
    end = sentence[-1] if sentence[-1] in ".!?…" else ""
    return f"{sentence.removesuffix(end).rstrip()} {mark}{end or '.'}"


def _told(ask: Ask, mark: Callable[[str], str]) -> Reply:
    said = [cited(sentence, mark(source)) for sentence, source in chosen(ask)]
    return spoken(" ".join(said) or manners("rien"))


def honest(ask: Ask) -> Reply:
    """Real sentences, each with the passage that says it."""
    return _told(ask, lambda source: f"[{source}]")


def after_the_stop(ask: Ask) -> Reply:
    """The same, with the citation after the full stop."""
    said = [f"{sentence} [{source}]" for sentence, source in chosen(ask)]
    return spoken(" ".join(said) or manners("rien"))


def verbose(ask: Ask) -> Reply:
    """Real sentences drowned in politeness that cites nothing."""
    fillers = phrases("manners")["bavard"]
    parts = [str(ask.rng.choice(fillers))]
    for sentence, source in chosen(ask, 6):
        parts += [cited(sentence, f"[{source}]"), *ask.rng.sample(fillers, 3)]
    return spoken(" ".join(parts))


def uncited(ask: Ask) -> Reply:
    """Real sentences without a citation."""
    return spoken(" ".join(sentence for sentence, _ in chosen(ask)) or manners("rien"))


def miscited(ask: Ask) -> Reply:
    """Real sentences with ids that were not given, or another passage's."""
    ids = list(ask.material.passages)

    def mark(source: str) -> str:
        others = [f"[{one}]" for one in ids if one != source]
        return ask.rng.choice(["[S97]", "[S0]", "[S-1]", "[S999999]", "[X3]", *others * 2])

    return _told(ask, mark)


def wildly_cited(ask: Ask) -> Reply:
    """Real sentences, rightly cited, in the forms that models write."""
    return _told(ask, lambda source: ask.rng.choice(WILD).format(n=source[1:]))


# False ones


def liar(ask: Ask) -> Reply:
    """True sentences and lies in turn; a lie cites a real passage more often than not."""
    inventor = lies.Inventor(ask.rng, " ".join(ask.material.passages.values()))
    truths = chosen(ask, 3)
    parts = [cited(sentence, f"[{source}]") for sentence, source in truths]
    kinds = ask.rng.sample(lies.KINDS, k=min(len(lies.KINDS), 5))
    for kind in kinds:
        truth = ask.rng.choice(truths)[0] if truths else ""
        parts.append(_dressed(ask, inventor.lie(kind, truth)))
    ask.rng.shuffle(parts)
    return Reply(tokens(" ".join(parts)), invented=tuple(inventor.invented))


def _dressed(ask: Ask, lie: str) -> str:
    ids = list(ask.material.passages) or ["S1"]
    marks = [f"[{ask.rng.choice(ids)}]"] * 5 + [f"[{ids[0]}][{ids[-1]}]", "[S42]", ""]
    mark = ask.rng.choice(marks)
    return cited(lie, mark) if mark else lie


def injected(ask: Ask) -> Reply:
    """True sentences among attacks on the page; each attack cites a passage."""
    ids = list(ask.material.passages) or ["S1"]
    attacks = ask.rng.sample(phrases("attacks")["attaques"], k=ask.terms.length or 4)
    truths = chosen(ask, 4)
    said = [cited(sentence, f"[{source}]") for sentence, source in truths]
    pairs = [f"{attack} [{ask.rng.choice(ids)}]." for attack in attacks]
    parts = [part for pair in zip(said, pairs, strict=False) for part in pair]
    return spoken("\n\n".join(parts + pairs[len(said) :]))


def injected_tools(ask: Ask) -> Reply:
    """An honest answer and calls of tools that nobody offered."""
    calls = (Call(one["name"], one["arguments"]) for one in phrases("attacks")["outils"])
    return Reply(honest(ask).tokens, calls=tuple(calls), finish="tool_calls")


# Out of the ordinary


def refusing(ask: Ask) -> Reply:
    """A refusal in words; in the field that OpenAI has for it when a schema was asked for."""
    words = str(ask.rng.choice(phrases("manners")["refus"]))
    return Reply(refusal=words) if ask.schema is not None else spoken(words)


def filtered(ask: Ask) -> Reply:
    """An answer that the provider's filter stops."""
    return Reply(tokens(_text(honest(ask)))[:6], finish="content_filter")


def empty(_ask: Ask) -> Reply:
    """Nothing at all."""
    return Reply()


def foreign(ask: Ask) -> Reply:
    """Another language than French, with a citation after each sentence."""
    ids = list(ask.material.passages) or ["S1"]
    said = ask.rng.choice(phrases("manners")["langues"])
    return spoken(" ".join(f"{sentence} [{ids[n % len(ids)]}]" for n, sentence in enumerate(said)))


def looping(ask: Ask) -> Reply:
    """An honest start, then the same words for ever."""
    same = tokens(f", {manners('boucle')}")
    return Reply(chain(tokens(_text(honest(ask))), _endless(same)))


def thinking(ask: Ask) -> Reply:
    """What local models show before they answer."""
    return spoken(f"<think>\n{manners('reflexion')}\n</think>\n\n{_text(honest(ask))}")


def huge(ask: Ask) -> Reply:
    """One token of ``length`` thousand characters (200)."""
    text = _text(honest(ask)) + " "
    size = (ask.terms.length or 200) * 1000
    return Reply([(text * (size // len(text) + 1))[:size]])


def by_character(ask: Ask) -> Reply:
    """An honest answer, one character a token."""
    return Reply(list(_text(honest(ask))))


def nul(ask: Ask) -> Reply:
    """NUL characters within the words, rightly escaped in JSON."""
    return Reply([f"{token}\0" for token in honest(ask).tokens])


def given(ask: Ask) -> Reply:
    """What the test asked for, or an honest answer."""
    return spoken(ask.given) if ask.given is not None else honest(ask)


def _text(reply: Reply) -> str:
    return "".join(reply.tokens)


def _endless(same: Sequence[str]) -> Iterator[str]:
    return chain.from_iterable(repeat(same))


# In JSON


def filled(ask: Ask, *, nested_are_none: bool = False) -> str:
    """An instance of the schema whose strings are words of the question."""
    words = ask.material.question.split()
    excerpt = " ".join(words[: min(8, len(words))])
    filler = Filler(ask.schema or {}, lambda: excerpt, least, nested_are_none)
    return json.dumps(filler.value(), ensure_ascii=False)


def filled_with_lies(ask: Ask) -> str:
    """An instance of the schema whose strings and numbers are invented."""
    inventor = lies.Inventor(ask.rng, ask.material.prompt)

    def words() -> str:
        return inventor.lie(ask.rng.choice(lies.KINDS))

    def number(schema: Schema) -> int:
        return int(schema.get("maximum", ask.rng.randint(10_000, 99_999)))

    return json.dumps(Filler(ask.schema or {}, words, number).value(), ensure_ascii=False)


def filled_with_attacks(ask: Ask) -> str:
    """An instance of the schema whose strings are attacks."""
    attacks = phrases("attacks")["attaques"]
    filler = Filler(ask.schema or {}, lambda: str(ask.rng.choice(attacks)), least)
    return json.dumps(filler.value(), ensure_ascii=False)


def malformed(ask: Ask) -> str:
    """JSON as Python would print it, with a comma too many."""
    text = filled(ask).replace('"', "'").replace("false", "False").replace("null", "None")
    return f"{text[:-1]},{text[-1:]}"


def half(ask: Ask) -> str:
    """JSON that stops in the middle."""
    text = filled(ask)
    return text[: max(1, len(text) // 2)]


def fenced(ask: Ask) -> str:
    """JSON in a code fence."""
    return f"```json\n{filled(ask)}\n```"


def chatty(ask: Ask) -> str:
    """JSON between two polite sentences."""
    return f"{manners('entete_json')}\n\n{filled(ask)}\n\n{manners('suite_json')}"


def another(_ask: Ask) -> str:
    """Good JSON of another shape."""
    return json.dumps({"resultat": [1, 2, 3], "ok": True})


def nothing_nested(ask: Ask) -> str:
    """None wherever an object or a list was asked for."""
    return filled(ask, nested_are_none=True)
