"""Refusals that help: why, and which card or which place is nearest."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.gaps import Gap
from assistant.answering.manners import Count
from assistant.answering.reply import Reason, Related, Reply, Status
from assistant.answering.suggestions import well_formed_question
from assistant.knowledge.generation import Index
from assistant.knowledge.query import Query
from assistant.knowledge.search import Hit
from assistant.knowledge.unit import Unit, UnitKind
from assistant.texts import Texts

RELATED = 3
RELATED_SCORE = 0.45  # fused score under which a card has little to do with the question
NAMED_SUBJECT = 0.55  # cosine under which an off-topic subject is not the one asked for


@dataclass(frozen=True)
class Refusals:
    """Words every refusal out of what was found."""

    index: Index
    texts: Texts

    def not_found(self, query: Query, hits: Sequence[Hit], gap: Gap | None = None) -> Reply:
        """Nothing answers: name the subject when it is a known one, else the nearest cards.

        ``gap`` is what a card found says that the sources do not give: its sentence is quoted.
        """
        topic = hits[0].unit if hits and hits[0].unit.kind is UnitKind.OFF_TOPIC else None
        near = [hit.unit for hit in answerable(hits) if hit.signals.score >= RELATED_SCORE]
        if topic is not None and hits[0].signals.dense_question >= NAMED_SUBJECT:
            return self._neighbour(topic, near)
        if gap is not None:
            text = self.texts.say("refus", "aveu", fiche=gap.unit.title, phrase=gap.sentence)
            return self._reply(text, Reason.NOT_IN_CORPUS, list(dict.fromkeys([gap.unit, *near])))
        if not near or not query.words:
            return self._reply(self.texts.say("refus", "out_of_scope"), Reason.OUT_OF_SCOPE)
        return self._reply(self._say("not_in_corpus", "ou_chercher"), Reason.NOT_IN_CORPUS, near)

    def _neighbour(self, topic: Unit, near: Sequence[Unit]) -> Reply:
        text = self.texts.say("refus", "hors_champ", sujet=topic.title, reponse=topic.text)
        if topic.nature == "ailleurs":
            return self._reply(text, Reason.OUT_OF_SCOPE)
        linked = [unit for unit in map(self.index.unit, topic.see_also) if unit is not None]
        return self._reply(text, Reason.NOT_IN_CORPUS, list(dict.fromkeys([*linked, *near])))

    def wrong_count(self, count: Count, said: str, hits: Sequence[Hit]) -> Reply:
        """The question counts another number of something than the sources do."""
        right = self.texts.say("refus", "compte", nombre=count.nombre, nom=count.nom, dit=said)
        text = f"{self._say('not_grounded')} {right}"
        return self._reply(text, Reason.NOT_GROUNDED, [hit.unit for hit in answerable(hits)])

    def premise(self, hits: Sequence[Hit]) -> Reply:
        """The question takes for granted something that the sources do not say."""
        near = [hit.unit for hit in answerable(hits)]
        return self._reply(self._say("not_grounded", "ou_chercher"), Reason.NOT_GROUNDED, near)

    def without_context(self) -> Reply:
        """A follow-up with nothing before it."""
        text = self.texts.say("reponses", "sans_contexte")
        return self._reply(text, Reason.NOT_IN_CORPUS)

    def _say(self, *names: str) -> str:
        return " ".join(self.texts.say("refus", name) for name in names)

    @staticmethod
    def _reply(text: str, reason: Reason, near: Sequence[Unit] = ()) -> Reply:
        near = [unit for unit in near if unit.kind is not UnitKind.IMPORTED][:RELATED]
        return Reply(
            status=Status.REFUSED,
            answer=text,
            suggestions=tuple(q for q in map(well_formed_question, near) if q),
            reason=reason,
            related=tuple(Related(unit.title, unit.url) for unit in near),
        )


def answerable(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that state something, off-topic subjects left out."""
    return [hit for hit in hits if hit.unit.kind is not UnitKind.OFF_TOPIC]
