"""Local reasoning models write what they think before what they say: only the latter is kept."""

OPENING, CLOSING = "<think>", "</think>"


class Thinking:
    """Drops one ``<think>…</think>`` at the start of a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "unsure"

    def feed(self, delta: str) -> str:
        """What can be said of the text so far."""
        if self._state == "saying":
            return delta
        self._held += delta
        if self._state == "unsure":
            start = self._held.lstrip()
            if OPENING.startswith(start[: len(OPENING)]) and len(start) < len(OPENING):
                return ""
            if not start.startswith(OPENING):
                return self._say(self._held)
            self._state, self._held = "thinking", start.removeprefix(OPENING)
        _, closed, said = self._held.partition(CLOSING)
        if closed:
            return self._say(said.lstrip())
        self._held = self._held[-len(CLOSING) :]
        return ""

    def end(self) -> str:
        """What was held back when the text ended: thoughts that never closed are lost."""
        held, self._held = self._held, ""
        return held if self._state == "unsure" else ""

    def _say(self, text: str) -> str:
        self._state, self._held = "saying", ""
        return text


def spoken(text: str) -> str:
    """A whole text without its thoughts."""
    thinking = Thinking()
    return thinking.feed(text) + thinking.end()
