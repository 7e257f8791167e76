"""Workshops past their date are erased while the application runs, whoever looks or not."""

import asyncio
import logging

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

HOUR = 3600.0  # seconds

log = logging.getLogger(__name__)


async def keep_clean(app: FastAPI, *, every: float = HOUR) -> None:
    """Erase at once, then ``every`` seconds; a database that is away is tried again."""
    while True:
        try:
            count = await to_thread.run_sync(app.state.services.workshops.purge)
        except SQLAlchemyError as error:
            log.warning("retention.failed", extra={"error": type(error).__name__})
        else:
            if count:
                log.info("retention.erased", extra={"workshops": count})
        await asyncio.sleep(every)
