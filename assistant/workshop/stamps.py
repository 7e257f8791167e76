"""What each kind of view depends on, as a short text: the same stamp, nothing to draw again."""

from assistant.workshop.activities import Registry
from assistant.workshop.room import Room


def screen(room: Room) -> str:
    """The projection screen and the trainer follow everything."""
    return str(room.revision)


def phone(room: Room, activities: Registry, participant: str) -> str:
    """A phone follows the scene, itself, results when they are shown there, its table's work."""
    person = room.people.get(participant)
    if person is None or person.removed:
        return "sorti"
    stage, item = room.stage(room.current), room.item
    results = stage.version if stage.on_phones else 0
    table = 0
    if item and person.table and getattr(activities.get(item.kind), "shared", False):
        mates = {who for who, other in room.people.items() if other.table == person.table}
        table = max((e.seq for e in stage.entries.values() if e.participant in mates), default=0)
    return f"{room.scene}.{person.revision}.{results}.{table}"
