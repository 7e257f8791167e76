"""What routes work with, built once at start and given back at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from assistant.bootstrap import Engine, build_coach, build_engine, build_office
from assistant.clock import SystemClock
from assistant.coaching.workspace import Workspace
from assistant.drafting.desk import Desk
from assistant.drafting.office import AT_ONCE
from assistant.knowledge.corpus import load_corpus
from assistant.settings import Settings
from assistant.store.dossiers import DossierStore
from assistant.store.store import Store
from web.catalogue import Catalogue
from web.dossier_views import Shaper
from web.report_views import Reporter, build_reporter

ANSWERS_AT_ONCE = 4
BuildEngine = Callable[[Settings], Engine]


@dataclass(frozen=True)
class Services:
    """The engine, what is kept, the content, how many answers run and files are made at once."""

    settings: Settings
    engine: Engine
    store: Store
    dossiers: DossierStore
    workspace: Workspace
    shaper: Shaper
    reporter: Reporter
    desk: Desk
    catalogue: Catalogue
    limiter: CapacityLimiter
    exports: CapacityLimiter

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
    catalogue = Catalogue(load_corpus(settings.corpus), engine.library.all())
    coach = build_coach(settings, engine.texts)
    shaper = Shaper(coach, catalogue.short_titles_by_id)
    return Services(
        settings=settings,
        engine=engine,
        store=store,
        dossiers=store.dossiers,
        workspace=Workspace(store.dossiers, coach, SystemClock(), max_message=settings.max_message),
        shaper=shaper,
        reporter=build_reporter(settings.corpus, coach, shaper),
        desk=Desk(build_office(settings), coach.method),
        catalogue=catalogue,
        limiter=CapacityLimiter(ANSWERS_AT_ONCE),
        # files wait on the loop, not in the threads that answers and pages need
        exports=CapacityLimiter(AT_ONCE),
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
