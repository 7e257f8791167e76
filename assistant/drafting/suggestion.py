"""A clause in a language model's words: proposed, judged by code, taken or left by a person.

Values are never the model's (design.md, law 2). What a clause prints (values, gaps, dated figures)
comes back as it was and in the same order; every other number, date, reference and name is one that
the document already knows; what the clause obliges, allows, forbids or denies stays so. Whatever
markup a model writes is text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pydantic import BaseModel, Field

from assistant.casefile import paths
from assistant.casefile.facts import Facts
from assistant.casefile.named import names
from assistant.coaching.sides import is_private
from assistant.drafting.documents import schema
from assistant.drafting.documents.document import Article, DocumentConvention
from assistant.drafting.documents.nodes import (
    Block,
    Negotiation,
    Note,
    Signatures,
    Table,
    Value,
    inlines,
    text_of,
)
from assistant.errors import CallerError
from assistant.knowledge.analysis import STOP_WORDS, is_informative, stems
from assistant.llm.evidence import Saying
from assistant.llm.guard import Guard
from assistant.llm.masking import Table as Masks
from assistant.llm.masking import mask
from assistant.llm.port import LanguageModel, Prompt
from assistant.llm.prompts import Prompts
from assistant.llm.quantities import Quantity, grounds, quantities
from assistant.llm.sentences import sentences

TEMPLATE = "clause"
LONGEST = 8_000  # characters of a clause that is sent, and of what comes back
ROOM = 600  # characters that a proposal may add, beside half the clause
TELLING = 4  # characters of a value that is recognised in a clause written by hand
PROJECT = "objet"  # the article that says what is done together
LONGEST_FACT = 400
COVERAGE = 0.5  # share of a sentence's informative words that the clause or the facts hold
_GAP = re.compile(r"\[À\s(?:COMPLÉTER|NÉGOCIER)\s?:[^\[\]]{1,300}\]")
_EMPHASIS = re.compile(r"\*\*|__")
_FENCES = re.compile(r"[⟦⟧]")
_SPACES = r"[\s\u00a0\u202f]+"


class Why(StrEnum):
    """Why a proposal is not shown; the names are those of ``suggestion`` in messages.yaml."""

    EMPTY = "vide"
    SAME = "identique"
    LONG = "longue"
    VALUE = "valeur"
    NUMBER = "nombre"
    NAME = "nom"
    DUTY = "engagement"
    OFF = "hors_sujet"


class SuggestionRefused(CallerError):
    """What the model wrote changes more than words."""

    code = "suggestion_refusee"

    def __init__(self, why: Why) -> None:
        super().__init__(f"suggestion_{why.value}")
        self.why = why


class NotWorded(CallerError):
    """A clause that no model may word: a table, a signature, or more text than is sent."""

    code = "suggestion_impossible"


class Proposal(BaseModel):
    """What a model returns."""

    texte: str = Field(default="", max_length=2 * LONGEST)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it reads now, and what the document says beside it.

    ``printed`` are texts that come back unchanged; ``facts`` are lines « label : value »; ``known``
    are the names to mask, with their kind.
    """

    id: str
    title: str
    text: str
    printed: tuple[str, ...]
    facts: tuple[str, ...]
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal that was judged, with what made it."""

    clause: str
    text: str
    model: str
    prompt: str


def clause_of(document: DocumentConvention, facts: Facts, name: str) -> Clause | None:
    """The clause ``name`` of a document; None when the document does not print it.

    What a side keeps to itself is in no fact that is sent. Raises ``NotWorded``.
    """
    home = next((a for a in document.articles if any(c.id == name for c in a.clauses)), None)
    if home is None:
        return None
    blocks = [b for b in home.blocs if b.clause == name]
    text = "\n\n".join(text_of(b) for b in blocks if not isinstance(b, Negotiation))
    if any(isinstance(b, Table | Signatures) for b in blocks) or not 0 < len(text) <= LONGEST:
        raise NotWorded
    held = dict.fromkeys(_printed(document, blocks))
    return Clause(
        id=name,
        title=home.titre,
        text=text,
        printed=tuple(one for one in held if one and _pattern(one).search(text)),
        facts=tuple(_facts(document, facts, home)),
        known=names(facts),
    )


def _printed(document: DocumentConvention, blocks: Sequence[Block]) -> Iterator[str]:
    """Everything that comes back as it is: gaps and figures of the clause, values of the whole.

    Once a clause is in somebody's own words, only its text says what it prints.
    """
    for block in blocks:
        for node in inlines(block):
            if isinstance(node, Note | Value):
                yield node.texte.strip()
        yield from (gap[0] for gap in _GAP.finditer(text_of(block)))
    for article in document.articles:
        for block in article.blocs:
            for node in inlines(block):
                if isinstance(node, Value) and len(node.texte.strip()) >= TELLING:
                    yield node.texte.strip()


def _facts(document: DocumentConvention, facts: Facts, home: Article) -> Iterator[str]:
    """What was given for the clause's own article, then for the one that says the project.

    No more than that leaves the house; how many lines a table has is no fact.
    """
    articles = [home, *(a for a in document.articles if a.code == PROJECT and a is not home)]
    fields = {field.slot: field for article in articles for field in article.champs}
    for slot, field in fields.items():
        value = paths.read(facts, schema.bare(slot.partition("[].")[0]))
        is_table = isinstance(value, tuple) and any(hasattr(one, "model_fields") for one in value)
        kept = field.valeur and len(field.valeur) <= LONGEST_FACT
        if kept and not is_private(slot) and not is_table:
            yield f"{field.libelle} : {field.valeur}"


@dataclass(frozen=True)
class Suggester:
    """Asks ``model`` for the words of a clause, and judges them."""

    model: LanguageModel
    prompts: Prompts
    guard: Guard
    masked: bool = True

    async def suggest(self, clause: Clause, *, conversation: str | None = None) -> Suggestion:
        """A proposal that changes words only.

        Raises ``ModelFailed``, and ``SuggestionRefused`` when it changes more than that.
        """
        prompt, masks = self._prompt(clause)
        proposal = await self.model.complete(prompt, Proposal, conversation=conversation)
        text = self.judged(masks.restore(proposal.texte), clause)
        return Suggestion(clause.id, text, self.model.name, prompt.digest)

    def judged(self, text: str, clause: Clause) -> str:
        """``text`` as it may be shown or taken; raises ``SuggestionRefused``."""
        text = _settled(cleaned(text), clause.printed)
        for why in _reasons(text, clause, self.guard):
            raise SuggestionRefused(why)
        return text

    def _prompt(self, clause: Clause) -> tuple[Prompt, Masks]:
        text, facts, masks = clause.text, list(clause.facts), Masks()
        if self.masked:
            text, masks = mask(text, known=clause.known, table=masks)
            facts = []
            for fact in clause.facts:
                sent, masks = mask(fact, known=clause.known, table=masks)
                if _has_words(sent.rpartition(" : ")[2]):  # a bare number may be an amount
                    facts.append(sent)
        prompt = self.prompts.render(
            TEMPLATE, title=clause.title, clause=text, facts="\n".join(facts)
        )
        return prompt, masks


def cleaned(text: str) -> str:
    """Plain text: no invisible character, no emphasis, paragraphs apart."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c == "\n" or not _invisible(c))
    text = _EMPHASIS.sub("", text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}


def _settled(text: str, printed: Iterable[str]) -> str:
    """What is printed, exactly as it was: spaces and apostrophes too."""
    for one in sorted(printed, key=len, reverse=True):
        text = _pattern(one).sub(lambda _, kept=one: kept, text)  # type: ignore[misc]
    return text


def _reasons(text: str, clause: Clause, guard: Guard) -> Iterator[Why]:
    """Why a text may not stand for a clause, the first reason first."""
    if not text:
        yield Why.EMPTY
    if _flat(text) == _flat(clause.text):
        yield Why.SAME
    if len(text) > min(LONGEST, ROOM + len(clause.text) * 3 // 2):
        yield Why.LONG
    if _printing(text, clause) != _printing(clause.text, clause) or _FENCES.search(text):
        yield Why.VALUE
    if not _counted(text, clause):
        yield Why.NUMBER
    evidence = "\n".join((clause.text, *clause.facts))
    said, was, held = (
        Saying(one, guard.words, guard.vocabulary) for one in (text, clause.text, evidence)
    )
    if not _named(said, was, held):
        yield Why.NAME
    if said.negations != was.negations or set(said.groups) != set(was.groups):
        yield Why.DUTY
    if not _covered(text, evidence):
        yield Why.OFF


def _printing(text: str, clause: Clause) -> tuple[list[str], Counter[str]]:
    """What is printed in the order of a text, and its gaps."""
    return _sequence(text, clause.printed), Counter(_GAP.findall(text))


def _sequence(text: str, printed: Sequence[str]) -> list[str]:
    """What is printed, in the order of a text, the longest first where two overlap."""
    if not printed:
        return []
    names = sorted(printed, key=len, reverse=True)
    whole = re.compile("|".join(f"({_pattern(name).pattern})" for name in names))
    return [names[m.lastindex - 1] for m in whole.finditer(text) if m.lastindex is not None]


def _pattern(text: str) -> re.Pattern[str]:
    """A printed text, however its spaces and apostrophes come back."""
    words = (re.sub("['’]", "['’]", re.escape(word)) for word in text.split())
    body = _SPACES.join(words)
    return re.compile(rf"(?<!\w){body}(?!\w)" if _worded(text) else body)


def _worded(text: str) -> bool:
    return text[:1].isalnum() and text[-1:].isalnum()


def _counted(text: str, clause: Clause) -> bool:
    """Each quantity of the clause as often as before; no other that the facts do not say."""
    said, was = _quantities(text), _quantities(clause.text)
    known = [q for fact in clause.facts for q in quantities(fact)]
    held = {key for key, _ in was}
    if any(said[one] != was[one] for one in {*said, *was} if one[0] in held):
        return False
    return all(
        any(grounds(q, stated) and q.mode == stated.mode for q in known)
        for stated in quantities(text) if stated.key not in held
    )  # fmt: skip


def _quantities(text: str) -> Counter[tuple[tuple[str, tuple[str, ...]], str]]:
    return Counter((_key(q), q.mode) for q in quantities(text))


def _key(quantity: Quantity) -> tuple[str, tuple[str, ...]]:
    return quantity.key


def _named(said: Saying, was: Saying, evidence: Saying) -> bool:
    """Every name is known, and two that follow each other do so in the clause or the facts."""
    known = {token.word for token in evidence.tokens}
    if any(token.capital and token.word not in known for token in said.names):
        return False
    here = {token.word for token in was.tokens}
    pairs = set(pairwise(was.sequence))
    for first, second in pairwise(said.sequence):
        both = first in here and second in here
        if both and first != second and (first, second) not in pairs:
            return False
    return True


def _covered(text: str, evidence: str) -> bool:
    """Most words of each sentence are those of the clause or of the facts."""
    held = set(_words(evidence))
    for sentence in sentences(text):
        own = set(_words(sentence))
        if len(own & held) < COVERAGE * len(own):
            return False
    return True


def _words(text: str) -> Iterator[str]:
    return (stem for stem in stems(text) if is_informative(stem) and stem not in STOP_WORDS)


def _has_words(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _flat(text: str) -> str:
    return " ".join(text.replace("’", "'").split())
