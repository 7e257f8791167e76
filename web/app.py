"""Put the application together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from assistant import __version__
from assistant.bootstrap import build_engine, language_model
from assistant.settings import Settings
from assistant.texts import load_texts
from web import errors
from web.leaving import ReadersLeave
from web.model_notice import ModelNotice
from web.owner import OwnerCookie
from web.refresh import EVERY, keep_fresh
from web.rendering import STATIC
from web.retention import HOUR, keep_clean
from web.routes import (
    api,
    cards,
    chat,
    conversations,
    document_files,
    document_suggestions,
    dossier_documents,
    dossier_interview,
    dossier_results,
    dossier_sides,
    dossiers,
    examples,
    home,
    library,
    model,
    workshop_agenda,
    workshop_cockpit,
    workshop_files,
    workshop_network,
    workshop_room,
    workshop_screen,
    workshops,
)
from web.security import BodyLimit, SecurityHeaders, same_origin
from web.services import BuildEngine, BuildModel, build_services

# « /conversations/effacer » must be tried before « /conversations/{id} »
PAGES = (
    home,
    conversations,
    chat,
    dossiers,
    dossier_interview,
    dossier_results,
    dossier_sides,
    document_files,  # « name.docx » before « name »
    dossier_documents,
    document_suggestions,
    cards,
    examples,
    library,
    model,
    workshop_network,  # « /ateliers/reseau » before « /ateliers/{id} »
    workshops,
    workshop_agenda,
    workshop_cockpit,
    workshop_screen,
    workshop_files,
    workshop_room,
)


AROUND = (BodyLimit, OwnerCookie, ModelNotice, ReadersLeave, SecurityHeaders)  # innermost first


class Static(StaticFiles):
    """Static files that browsers keep, and check again each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be revalidated: modules import each other without a version."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def create_app(
    settings: Settings,
    *,
    build: BuildEngine = build_engine,
    build_model: BuildModel = language_model,
    refresh_every: float = EVERY,
    purge_every: float = HOUR,
) -> FastAPI:
    """The application; ``build`` makes its engine when it starts, ``build_model`` its model.

    ``refresh_every`` seconds it looks whether documents were imported meanwhile, at start and
    ``purge_every`` seconds it erases the workshops past their date.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = await to_thread.run_sync(build_services, settings, build, build_model)
        chores = keep_fresh(app, build, every=refresh_every), keep_clean(app, every=purge_every)
        tasks = [asyncio.create_task(chore) for chore in chores]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await to_thread.run_sync(app.state.services.close)

    app = FastAPI(
        title="Côte à côte",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(same_origin)],
    )
    errors.install(app, load_texts(settings.corpus))
    for part in PAGES:
        app.include_router(part.router, include_in_schema=False)
    app.include_router(api.router)
    app.mount("/static", Static(directory=STATIC), name="static")
    for middleware in AROUND:
        app.add_middleware(middleware)
    return app
