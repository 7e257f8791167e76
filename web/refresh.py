"""Documents imported while the application runs appear without a restart."""

import asyncio
import logging
from dataclasses import replace

from anyio import to_thread
from fastapi import FastAPI

from assistant.errors import AssistantError
from assistant.knowledge.corpus import load_corpus
from web.catalogue import Catalogue
from web.services import BuildEngine, Services

EVERY = 5.0  # seconds between two looks at the library
GRACE = 30.0  # seconds left to answers that still use the former index

log = logging.getLogger(__name__)


async def keep_fresh(app: FastAPI, build: BuildEngine, *, every: float = EVERY) -> None:
    """Build a new engine whenever the library changes, and put it in the place of the old.

    Questions go on being answered from the former index meanwhile; a build that fails leaves
    it in place and is tried again at the next change.
    """
    seen = app.state.services.engine.library.stamp()
    while True:
        await asyncio.sleep(every)
        stamp = await to_thread.run_sync(app.state.services.engine.library.stamp)
        if stamp == seen:
            continue
        seen = stamp
        former: Services = app.state.services
        try:
            app.state.services = await to_thread.run_sync(_renewed, former, build)
        except AssistantError as error:
            log.warning("refresh.failed", extra={"error": error.name})
            continue
        log.info("refresh.done", extra={"documents": len(stamp)})
        asyncio.get_running_loop().call_later(GRACE, former.engine.close)


def _renewed(former: Services, build: BuildEngine) -> Services:
    engine = build(former.settings)
    catalogue = Catalogue(load_corpus(former.settings.corpus), engine.library.all())
    return replace(former, engine=engine, catalogue=catalogue)
