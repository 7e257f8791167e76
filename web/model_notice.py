"""Let every page know where questions go: nowhere, to a model here, or to a model elsewhere."""

from contextvars import ContextVar
from enum import StrEnum

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.llm.presets import chosen
from assistant.settings import Settings


class Place(StrEnum):
    """Where the language model is."""

    NONE = ""
    HERE = "ici"
    ELSEWHERE = "ailleurs"


_PLACE: ContextVar[Place] = ContextVar("model_place", default=Place.NONE)


def place() -> Place:
    """Where the model of the present request's application is."""
    return _PLACE.get()


def place_of(settings: Settings) -> Place:
    """Where the model that ``settings`` name is; raises ``CallerError`` for wrong settings."""
    choice = chosen(settings)
    if choice is None:
        return Place.NONE
    return Place.HERE if choice.local else Place.ELSEWHERE


class ModelNotice:
    """Tells the pages of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the place for what this request renders."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        services = scope["app"].state.services
        token = _PLACE.set(place_of(services.settings) if services.writer else Place.NONE)
        try:
            await self.app(scope, receive, send)
        finally:
            _PLACE.reset(token)
