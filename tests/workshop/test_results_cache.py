"""Two hundred phones that draw one moment cost one computation."""

import gc

from assistant.workshop import events as ev
from tests.workshop.building import NOON, Story, activities
from web import workshop_views
from web.workshop_views import scene_view


def test_the_same_moment_is_computed_once_and_forgotten_with_its_room(monkeypatch) -> None:
    story = Story().people("ana").add(ev.Opened(item="mots"))
    room = story.room
    computed = []
    cloud = activities()["nuage"]
    real = cloud.results
    monkeypatch.setattr(cloud, "results", lambda scene: computed.append(1) or real(scene))

    drawn = [scene_view(room, activities(), now=NOON) for _ in range(200)]
    assert len(computed) == 1

    story.add(ev.Contributed(item="mots", value={"words": ["un"]}, nonce="n" * 8), by="ana")
    moved = scene_view(story.room, activities(), now=NOON)
    assert moved is not None
    assert [word.text for word in moved.results.words] == ["un"]
    assert len(computed) == 2

    before = len(workshop_views._results)
    del room, drawn, moved
    gc.collect()
    assert len(workshop_views._results) < before
