"""What routes work with, built once at start and given back at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from assistant.bootstrap import Engine, build_engine
from assistant.knowledge.corpus import load_corpus
from assistant.settings import Settings
from assistant.store.store import Store
from web.catalogue import Catalogue

ANSWERS_AT_ONCE = 4
BuildEngine = Callable[[Settings], Engine]


@dataclass(frozen=True)
class Services:
    """The engine, the conversations, the content, and how many answers run at once."""

    settings: Settings
    engine: Engine
    store: Store
    catalogue: Catalogue
    limiter: CapacityLimiter

    def close(self) -> None:
        """Give back what is held."""
        self.store.close()
        self.engine.close()


def build_services(settings: Settings, build: BuildEngine = build_engine) -> Services:
    """Open everything; raises what ``bootstrap.build_engine`` and ``Store.open`` raise."""
    engine = build(settings)
    try:
        store = Store.open(settings.data)
    except BaseException:
        engine.close()
        raise
    return Services(
        settings=settings,
        engine=engine,
        store=store,
        catalogue=Catalogue(load_corpus(settings.corpus), engine.library.all()),
        limiter=CapacityLimiter(ANSWERS_AT_ONCE),
    )


def services_of(request: Request) -> Services:
    """The services of the application that received ``request``."""
    services: Services = request.app.state.services
    return services


def catalogue_of(request: Request) -> Catalogue:
    """The content of the application that received ``request``."""
    return services_of(request).catalogue


ServicesHere = Annotated[Services, Depends(services_of)]
CatalogueHere = Annotated[Catalogue, Depends(catalogue_of)]
