"""A case file as JSON: what leaves it, and what may come in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from assistant.casefile.facts import InvalidFacts, parse_facts
from assistant.casefile.paths import nested
from assistant.coaching import events as ev
from assistant.coaching.sides import SIDES, Side, visible
from assistant.coaching.state import State, undone
from assistant.errors import CallerError

FORMAT = "cote-a-cote/dossier"
VERSION = 1
MAX_EVENTS = 20_000


class NotADossier(CallerError):
    """A file that this application did not write, or that was damaged since."""

    code = "dossier_illisible"


class NewerDossier(CallerError):
    """A file written by a later version."""

    code = "dossier_trop_recent"


def exported(
    title: str, history: Sequence[ev.Recorded], state: State, *, side: Side
) -> dict[str, Any]:
    """What ``side`` may take away: its own history, what the others let it see, shared texts.

    What was undone stays behind.
    """
    gone = undone(history)
    own = [
        item for item in history
        if (item.side == side or isinstance(item.event, ev.DocumentEvent))
        and item.seq not in gone and item.event.kind != "undone"
    ]  # fmt: skip
    events = sorted([*own, *_seen_of_others(state, side)], key=lambda item: item.seq)
    events = list(_renumbered(events))
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": title,
        "side": side,
        "events": [item.model_dump(mode="json", exclude={"seq"}) for item in events],
    }


def _renumbered(events: Sequence[ev.Recorded]) -> Iterator[ev.Recorded]:
    """``events`` with the numbers that an import will give them, remarks settled by those."""
    places = {item.seq: n for n, item in enumerate(events, 1)}
    for item in events:
        settled = item.event
        if isinstance(settled, ev.CommentSettled):
            target = places.get(settled.target, settled.target)
            item = item.model_copy(update={"event": ev.CommentSettled(target=target)})  # noqa: PLW2901
        yield item


def _seen_of_others(state: State, viewer: Side) -> list[ev.Recorded]:
    found = []
    for side in SIDES:
        if side == viewer:
            continue
        other = state.of(side)
        for slot in visible(other.answers, other.shared):
            answer = other.answers[slot]
            event = ev.Answered(
                values={slot: answer.value},
                question=answer.question,
                sure=answer.status == "confirmed",
                via="import",
            )
            found.append(
                ev.Recorded(
                    seq=answer.seq, at=answer.at, side=side, author=answer.author, event=event
                )
            )
            if slot.partition(".")[0] in other.shared:
                opened = ev.Shared(slots=(slot,))
                found.append(found[-1].model_copy(update={"event": opened}))
    return found


def imported(value: Any) -> tuple[str, list[ev.Recorded]]:
    """The title and the history of an exported case file, told by the one who took it away.

    Whoever brings it back opens it, so that a guest's own side becomes the first one and changes
    places with it. Raises ``NotADossier`` or ``NewerDossier``; every value is checked as if it
    were typed in.
    """
    if not isinstance(value, Mapping) or value.get("format") != FORMAT:
        raise NotADossier
    version = value.get("version")
    if isinstance(version, int) and version > VERSION:
        raise NewerDossier(version=version)
    title, events = value.get("title"), value.get("events")
    if version != VERSION or not isinstance(title, str) or not isinstance(events, list):
        raise NotADossier
    if len(events) > MAX_EVENTS:
        raise NotADossier
    try:
        title.encode()
        history = [ev.Recorded.model_validate({**e, "seq": n}) for n, e in enumerate(events, 1)]
    except (ValidationError, TypeError, UnicodeEncodeError) as error:
        raise NotADossier from error
    for item in history:
        _check(item.event)
    return title, _led_by(value.get("side", "porteur"), history)


def _led_by(side: Any, history: list[ev.Recorded]) -> list[ev.Recorded]:
    if side not in SIDES:
        raise NotADossier
    places: dict[Side, Side] = {"porteur": side, side: "porteur"}
    return [item.model_copy(update={"side": places.get(item.side, item.side)}) for item in history]


def _check(event: ev.Event) -> None:
    if isinstance(event, ev.Undone):
        raise NotADossier
    if isinstance(event, ev.Answered | ev.Proposed | ev.ReadByModel):
        try:
            parse_facts(nested(event.values))
            if isinstance(event, ev.ReadByModel):
                parse_facts(nested(event.others))
        except (InvalidFacts, ValueError, TypeError) as error:
            raise NotADossier from error
