"""The workshop that a script has played, as its exports read it."""

from dataclasses import replace
from functools import cache

from assistant.workshop.exporting.minutes import Told
from assistant.workshop.exporting.words import load_words
from assistant.workshop.room import fold
from eval.workshop_example import Played, played
from tests.builders import ROOT
from tests.workshop.building import Story, activities

NAMES = ("Zoé", "Malik", "Inès", "Bastien", "Camille", "Oumar", "Élise", "Nour", "Hugo", "Jade")


@cache
def script() -> Played:
    return played(activities(), ROOT / "corpus")


@cache
def told() -> Told:
    play = script()
    return Told(
        room=play.room,
        history=tuple(play.history),
        activities=activities(),
        words=load_words(ROOT / "corpus"),
        now=play.now,
    )


def named() -> Told:
    return replace(told(), names=True)


def of_story(story: Story) -> Told:
    """A small room."""
    return replace(told(), room=story.room, history=tuple(story.history), now=story.history[-1].at)


def until(seq: int) -> Told:
    """The workshop as it stood after event number ``seq``."""
    history = told().history[:seq]
    return replace(told(), room=fold(history), history=history, now=history[-1].at)
