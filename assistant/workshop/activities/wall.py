"""An answer wall: short texts in columns, grouped by the trainer, then voted.

The first round writes, the second votes. Nothing merges by itself: near-identical texts are only
suggested as groups. Votes are for texts, and count for the group that a text is in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator
from rapidfuzz import fuzz, process

from assistant.knowledge.analysis import fold
from assistant.knowledge.content import Slug
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text
from assistant.workshop.room import Entry

WRITE, VOTE = 1, 2  # the rounds
ALIKE = 88.0  # of 100, from which two texts are suggested as one group
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
Label = Annotated[Text, StringConstraints(max_length=60)]


class Column(Part):
    """One column of the wall."""

    id: Slug
    label: Label


class WallConfig(Part):
    """Each person writes at most ``per_person`` texts, then gives at most ``votes`` votes."""

    question: Text
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=4)]
    per_person: int = Field(default=3, ge=1, le=6)
    votes: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="after")
    def _columns_differ(self) -> Self:
        if len({column.id for column in self.columns}) != len(self.columns):
            raise ValueError("columns")
        return self


class Post(Part):
    """A text in a column, or the numbers of the texts that one votes for."""

    column: str | None = None
    text: Short | None = None
    votes: Annotated[tuple[int, ...], Field(min_length=1, max_length=10)] | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.text is None) == (self.votes is None) or (self.text is None) != (
            self.column is None
        ):
            raise ValueError("post")
        return self


@dataclass(frozen=True, slots=True)
class WallText:
    """One text; ``entry`` is its number."""

    entry: int
    text: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A lone text, or a named group; ``entry`` is the number of its oldest text."""

    entry: int
    title: str
    column: str
    grouped: bool
    pinned: bool
    texts: tuple[WallText, ...]
    votes: int
    share: float  # of the most voted card, from 0 to 1


@dataclass(frozen=True, slots=True)
class WallColumn:
    """A column and its cards: pinned first, then the most voted, the largest, by title."""

    id: str
    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """The wall: ``people`` wrote ``texts`` texts, ``voters`` gave ``votes`` votes."""

    columns: tuple[WallColumn, ...]
    people: int
    texts: int
    voters: int
    votes: int
    voting: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Texts of one column that say nearly the same, and the shortest of them as a name."""

    name: str
    entries: tuple[int, ...]


class AnswerWall(Activity[WallConfig, Post, Wall]):
    """Risks and freins, or any other question with columns."""

    kind: ClassVar[str] = "mur"
    Config = WallConfig
    Value = Post
    rounds: ClassVar[int] = 2
    many: ClassVar[bool] = True

    def configured(self, given: Mapping[str, Any]) -> WallConfig:
        """Without columns: risks and freins (guide p. 35-37)."""
        say = self.tools.texts.say
        default = [{"id": n, "label": say("atelier", f"mur_{n}")} for n in ("risques", "freins")]
        return super().configured({"columns": default, **given})

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``colonne`` and ``texte``, or the boxes ``voix``; refused when left empty."""
        if "voix" in form or "tour" in form:
            if not form.get("voix"):
                raise Refused("mur_sans_voix")
            return {"votes": list(form["voix"])}
        text = " ".join(" ".join(form.get("texte", ())).split())
        if not text:
            raise Refused("texte_vide")
        return {"column": next(iter(form.get("colonne", ())), None), "text": text}

    def key(self, scene: Scene[WallConfig], value: Mapping[str, Any], *, by: str,
            nonce: str) -> str:  # fmt: skip
        """Each text stands alone; votes replace each other."""
        return "voix" if voting(scene) else nonce

    def check(self, scene: Scene[WallConfig], value: Post, *, by: str, key: str) -> None:
        """What this round asks for, in a column that exists, and not too much of it."""
        config = scene.config
        if voting(scene) != (value.votes is not None):
            raise Refused
        if value.votes is not None:
            if len(set(value.votes)) > config.votes:
                raise Refused("mur_trop_de_voix", nombre=config.votes)
            places = _places(self.cards(scene))
            if not set(value.votes) <= places.keys():
                raise Refused("mur_texte_parti")
            return
        if value.column not in {column.id for column in config.columns}:
            raise Refused
        others = (e for e in scene.mine(by) if e.value is not None and e.key != key)
        if sum(1 for _ in others) >= config.per_person:
            raise Refused("mur_plein", nombre=config.per_person)

    def results(self, scene: Scene[WallConfig]) -> Wall:
        """Every column with its cards."""
        cards = self.cards(scene)
        places = _places(cards)
        votes = dict.fromkeys(cards, 0)
        ballots = [_cast(value, places) for _, value in self.values(scene.of_round(VOTE))]
        for ballot in ballots:
            for name in ballot:
                votes[name] += 1
        most = max(votes.values(), default=0)
        drawn = [
            _card(name, texts, votes[name], most, scene.config.columns)
            for name, texts in cards.items()
        ]
        drawn.sort(key=lambda c: (not c.pinned, -c.votes, -len(c.texts), fold(c.title), c.title))
        return Wall(
            columns=tuple(
                WallColumn(
                    column.id, column.label, tuple(c for c in drawn if c.column == column.id)
                )
                for column in scene.config.columns
            ),
            people=len({entry.participant for entry in scene.of_round(WRITE)}),
            texts=sum(len(card.texts) for card in drawn),
            voters=sum(1 for ballot in ballots if ballot),
            votes=sum(votes.values()),
            voting=voting(scene),
        )

    def cards(self, scene: Scene[WallConfig]) -> dict[str, list[tuple[Entry, Post]]]:
        """The texts that count, by the name of their group, or alone by their number."""
        found: dict[str, list[tuple[Entry, Post]]] = {}
        for entry, value in self.values(scene.of_round(WRITE)):
            name = f"g {entry.group}" if entry.group else f"t {entry.seq}"
            found.setdefault(name, []).append((entry, value))
        return found

    def suggestions(self, scene: Scene[WallConfig]) -> tuple[Suggestion, ...]:
        """Groups that the trainer may make: lone texts of one column that look alike."""
        lone: dict[str, list[tuple[int, str]]] = {}
        for entry, value in self.values(scene.of_round(WRITE)):
            if entry.group is None and value.column and value.text:
                lone.setdefault(value.column, []).append((entry.seq, value.text))
        return tuple(
            made for column in scene.config.columns for made in near(tuple(lone.get(column.id, ())))
        )

    def chosen(self, scene: Scene[WallConfig], value: Post | None) -> frozenset[int]:
        """The cards that a vote is for, by their number: what is ticked on a phone."""
        cards = self.cards(scene)
        names = _cast(value, _places(cards)) if value else set()
        return frozenset(cards[name][0][0].seq for name in names)

    def said(self, value: Post) -> str:
        """The text, or how many votes."""
        if value.text is not None:
            return value.text
        return self.tools.texts.say("atelier", "voix_donnees", nombre=len(value.votes or ()))

    def tables(self, scene: Scene[WallConfig]) -> tuple[Table, ...]:
        """The texts one by one, then the cards with their votes."""
        say, wall = self.tools.texts.say, self.results(scene)
        head = say("atelier", "colonne"), say("atelier", "groupe")
        question = scene.config.question
        return (
            Table(
                say("atelier", "mur_textes", question=question),
                (*head, say("atelier", "texte")),
                tuple(
                    (column.label, card.title if card.grouped else None, text.text)
                    for column in wall.columns
                    for card in column.cards
                    for text in card.texts
                ),
            ),
            Table(
                say("atelier", "mur_groupes", question=question),
                (*head, say("atelier", "textes"), say("atelier", "voix")),
                tuple(
                    (column.label, card.title, len(card.texts), card.votes)
                    for column in wall.columns
                    for card in column.cards
                ),
            ),
        )


def voting(scene: Scene[WallConfig]) -> bool:
    """Whether the room votes now."""
    return scene.stage.round >= VOTE


def _places(cards: Mapping[str, Sequence[tuple[Entry, Post]]]) -> dict[int, str]:
    return {entry.seq: name for name, texts in cards.items() for entry, _ in texts}


def _cast(value: Post, places: Mapping[int, str]) -> set[str]:
    """The cards that a vote is for now: one vote a card, whatever was grouped since."""
    return {places[number] for number in value.votes or () if number in places}


def _card(
    name: str,
    texts: Sequence[tuple[Entry, Post]],
    votes: int,
    most: int,
    columns: Iterable[Column],
) -> Card:
    grouped = name.startswith("g ")
    held = [value.column for _, value in texts]
    ranked = sorted(
        (WallText(entry.seq, value.text or "", entry.pinned) for entry, value in texts),
        key=lambda text: (not text.pinned, fold(text.text), text.text),
    )
    return Card(
        entry=texts[0][0].seq,
        title=name[2:] if grouped else ranked[0].text,
        # a group stands where most of its texts do, the first column winning
        column=max((column.id for column in columns), key=held.count),
        grouped=grouped,
        pinned=any(text.pinned for text in ranked),
        texts=tuple(ranked),
        votes=votes,
        share=votes / most if most else 0.0,
    )


@lru_cache(maxsize=64)
def near(texts: tuple[tuple[int, str], ...]) -> tuple[Suggestion, ...]:
    """Groups of texts of which each is like another one, the largest first.

    Words may come in another order; case and accents do not matter.
    """
    bare = [fold(text) for _, text in texts]
    if not bare:
        return ()
    scores = process.cdist(bare, bare, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    group = list(range(len(texts)))
    for one, other in zip(*scores.nonzero(), strict=True):
        if group[one] != group[other]:
            kept, lost = sorted((group[one], group[other]))
            group = [kept if place == lost else place for place in group]
    found: dict[int, list[tuple[int, str]]] = {}
    for place, text in zip(group, texts, strict=True):
        found.setdefault(place, []).append(text)
    made = [
        Suggestion(min((t for _, t in same), key=lambda t: (len(t), t))[:80],
                   tuple(sorted(number for number, _ in same)))
        for same in found.values()
        if len(same) > 1
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda s: (-len(s.entries), fold(s.name), s.name)))
