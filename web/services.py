"""What routes work with, built once at start and given back at the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from assistant.answering.worded import Writer
from assistant.bootstrap import (
    Engine,
    build_activities,
    build_coach,
    build_engine,
    build_office,
    build_reader,
    build_writer,
    language_model,
)
from assistant.clock import Clock, SystemClock
from assistant.coaching.understanding.modelled import ModelReader
from assistant.coaching.workspace import Workspace
from assistant.drafting.desk import Desk
from assistant.drafting.office import AT_ONCE
from assistant.knowledge.corpus import load_corpus
from assistant.llm.port import LanguageModel
from assistant.settings import Settings
from assistant.store.dossiers import DossierStore
from assistant.store.store import Store
from assistant.workshop.agenda import Case, Format, load_cases, load_formats
from assistant.workshop.starters import Starter, load_starters
from assistant.workshop.workshops import Workshops
from web.catalogue import Catalogue
from web.dossier_views import Shaper
from web.live import Live
from web.report_views import Reporter, build_reporter

ANSWERS_AT_ONCE = 4
TAIL = 0.2  # seconds between two looks at what another worker did in a room
BuildEngine = Callable[[Settings], Engine]
BuildModel = Callable[[Settings], LanguageModel | None]


@dataclass(frozen=True)
class Services:
    """The engine, what is kept, the content, how many answers run and files are made at once.

    ``writer`` puts answers in a language model's words, ``reader`` has it read messages to the
    coach; None when the settings name none.
    """

    settings: Settings
    engine: Engine
    writer: Writer | None
    reader: ModelReader | None
    store: Store
    dossiers: DossierStore
    workspace: Workspace
    shaper: Shaper
    reporter: Reporter
    desk: Desk
    workshops: Workshops
    live: Live
    formats: tuple[Format, ...]
    cases: Mapping[str, Case]
    starters: Mapping[str, Starter]
    clock: Clock
    catalogue: Catalogue
    limiter: CapacityLimiter
    exports: CapacityLimiter

    def close(self) -> None:
        """Give back what is held."""
        self.store.close()
        self.engine.close()


def build_services(
    settings: Settings,
    build: BuildEngine = build_engine,
    build_model: BuildModel = language_model,
) -> Services:
    """Open everything; raises what ``build_engine``, ``language_model``, ``Store.open`` raise."""
    model = build_model(settings)  # a wrong setting is said before an index is built
    engine = build(settings)
    try:
        writer = build_writer(settings, engine, model)
        url = settings.database_url
        store = Store.open(settings.data, url=url.get_secret_value() if url else None)
    except BaseException:
        engine.close()
        raise
    catalogue = Catalogue(load_corpus(settings.corpus), engine.library.all())
    coach = build_coach(settings, engine.texts)
    shaper = Shaper(coach, catalogue.short_titles_by_id)
    office = build_office(settings)
    workshops = Workshops(store.workshops, build_activities(settings, coach, office))
    clock = SystemClock()
    return Services(
        settings=settings,
        engine=engine,
        writer=writer,
        reader=build_reader(settings, coach, writer),
        store=store,
        dossiers=store.dossiers,
        workspace=Workspace(store.dossiers, coach, clock, max_message=settings.max_message),
        shaper=shaper,
        reporter=build_reporter(settings.corpus, coach, shaper),
        desk=Desk(office, coach.method),
        workshops=workshops,
        live=Live(workshops, tail=TAIL if store.has_company else None),
        formats=load_formats(settings.corpus),
        cases={case.id: case for case in load_cases(settings.corpus)},
        starters=load_starters(settings.corpus),
        clock=clock,
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
