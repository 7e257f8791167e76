"""Turn a page value into HTML: the only user of Jinja."""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from assistant.typography import french
from web import charts, model_notice
from web.pages import Page

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


class Typeset(Extension):
    """Gives the templates' own words French typography, as the loader gives the content."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Typeset what is written outside of ``{{ }}`` and ``{% %}``."""
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", french(token.value))
            else:
                yield token


@cache
def environment() -> Environment:
    """The templates, strict: a name that a page does not hold is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Typeset],
    )
    made.globals["asset"] = asset
    made.globals["charts"] = charts
    made.globals["model_place"] = model_notice.place
    made.filters["moment"] = moment
    made.filters["dated"] = dated
    return made


@cache
def plain() -> Environment:
    """The same for Markdown: what people wrote is escaped for it, and stays on its line."""
    return environment().overlay(autoescape=False, finalize=escaped)


def markdown(page: Page) -> str:
    """The text of a page whose template is Markdown."""
    return plain().get_template(page.template).render(variables(page))


def escaped(value: Any) -> Any:
    """Text that Markdown, or the HTML that it may hold, cannot read as anything else."""
    if not isinstance(value, str):
        return value
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ; ".join(value.splitlines()))


def render(page: Page, *, status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    """The response for a page."""
    return HTMLResponse(html(page), status_code=status, headers=headers)


def html(page: Page) -> str:
    """The text of a page."""
    return environment().get_template(page.template).render(variables(page))


def variables(page: Page) -> dict[str, Any]:
    """What the template of ``page`` may name: its fields, and the part of the site it is in."""
    return {"section": page.section, **dict(_fields(page))}


def asset(name: str) -> str:
    """The address of a static file, which changes whenever its bytes do."""
    return f"/static/{name}?v={_digest(name)}"


def moment(when: datetime) -> str:
    """A moment in figures, in this machine's time zone."""
    return when.astimezone().strftime("%d/%m/%Y, %H:%M")


def dated(value: str) -> str:
    """A card's ISO date as figures are written in French; anything else as it is."""
    parts = value.split("-")
    return "/".join(reversed(parts)) if all(part.isdigit() for part in parts) else value


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _fields(page: Page) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(page):
        yield field.name, getattr(page, field.name)
