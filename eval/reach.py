"""Is every card reachable by its own questions? Part of ``make corpus-check``."""

from collections import defaultdict

from assistant.bootstrap import Engine
from assistant.knowledge.unit import UnitKind

DEPTH = 5


def unreachable(engine: Engine) -> dict[str, list[str]]:
    """Card id → its own questions for which it is not among the first five."""
    searcher = engine.answerer.searcher
    missed: dict[str, list[str]] = defaultdict(list)
    for unit in searcher.shelf.units:
        if unit.kind is not UnitKind.CARD:
            continue
        for question in unit.questions:
            _, hits = searcher.search(question, k=DEPTH)
            if all(hit.unit.id != unit.id for hit in hits):
                missed[unit.id].append(question)
    return dict(missed)


def report(engine: Engine) -> int:
    """Print what is out of reach; 1 when a card is, for more than one question in ten."""
    missed = unreachable(engine)
    cards = [u for u in engine.index.ours.units if u.kind is UnitKind.CARD]
    asked = sum(len(unit.questions) for unit in cards)
    lost = [u.id for u in cards if len(missed.get(u.id, ())) > 0.1 * len(u.questions)]
    for card, questions in sorted(missed.items()):
        print(f"{card}: " + " | ".join(questions))
    total = sum(map(len, missed.values()))
    print(f"{asked - total} of {asked} questions find their card in the first {DEPTH}; ", end="")
    print(f"{len(lost)} cards out of reach of more than one question in ten")
    return 1 if lost else 0
