"""Slots that words alone fill: flows, counterparts, roles, relation, wishes (content rules)."""

from collections.abc import Iterator

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

# one stretch of words may hold several of these: « ni alcool ni tabac »
_SHARED = frozenset({"exclusions", "fragilites"})


def by_rules(
    message: Message, lexicon: Lexicon, scopes: Scopes, asked: tuple[str, ...] = ()
) -> list[Draft]:
    """What the rules of ``comprehension.yaml`` find, each judged by its stance."""
    return _longest(list(_matches(message, lexicon, scopes, asked)))


def _matches(
    message: Message, lexicon: Lexicon, scopes: Scopes, asked: tuple[str, ...]
) -> Iterator[Draft]:
    for rule, pattern, unless in lexicon.rules:
        if rule.attendu and rule.slot not in asked:
            continue
        for match in pattern.finditer(message.work):
            start, end = match.span()
            sentence = message.sentence(start)
            if rule.sauf and unless.search(message.work, sentence.start, sentence.end):
                continue
            stance = scopes.stance(start, end, own_negation=rule.negatif)
            value, sure = rule.valeur, rule.sur
            if rule.presuppose and stance == "unsure":
                stance = "said"
            if rule.texte:
                value = [message.original[slice(*message.span(start, end))]]
            if stance == "asked":
                continue
            if stance == "denied":
                if rule.nie is None:
                    continue
                value = rule.nie
            yield Draft(rule.slot, value, start, end, sure and stance != "unsure", rule.force)


def _longest(drafts: list[Draft]) -> list[Draft]:
    """Of two that overlap in one slot, the longer; the same words may fill several slots."""
    kept: dict[str, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda d: (-d.force, d.start - d.end, d.start)):
        key = f"{draft.slot} {draft.value}" if draft.slot in _SHARED else draft.slot
        others = kept.setdefault(key, [])
        if len(others) < 200 and not any(_overlap(draft, o) for o in others):
            others.append(draft)
    return [draft for group in kept.values() for draft in group]


def _overlap(one: Draft, other: Draft) -> bool:
    return one.start < other.end and other.start < one.end
