"""``assistant mcp``: the tools and the content, to programs that speak the Model Context Protocol.

Over stdin and stdout, or over HTTP on this machine only. Stdout carries the protocol and
nothing else; what goes wrong is one French sentence in the answer. The official SDK does the
protocol; ``tools`` and ``resources`` know nothing of it.
"""

import base64
import ipaddress
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, TypeVar

import anyio
import mcp_types as types
import uvicorn
from anyio import CapacityLimiter, to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError

from assistant import __version__
from assistant.connectors.resources import MARKDOWN, SCHEME, TEMPLATES, Shelves
from assistant.connectors.tools import Engines, File, Outcome, Tool, Toolbox
from assistant.errors import AssistantError, CallerError
from assistant.knowledge.corpus import load_corpus
from assistant.settings import Settings
from assistant.texts import Texts

T = TypeVar("T")

NAME = "cote-a-cote"

AT_ONCE = 4  # calls answered at a time
MAX_WAITING = 200  # calls waiting for their turn; more is refused at once
SIGNALLED = 128  # what a shell adds to the number of the signal that ended a command
GRACE = 5  # seconds left to calls under way when asked to stop
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

log = logging.getLogger(__name__)
Context = Any  # the SDK's context of a request: nothing here reads it


class _Brief(logging.Formatter):
    """Lines without tracebacks: those show what a person wrote."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name logging calls
        """The kind of error only."""
        return getattr(ei[0], "__name__", "")

    def format(self, record: logging.LogRecord) -> str:
        """A line that leaves nothing in the record for another handler."""
        line = super().format(record)
        record.exc_text = None
        return line


class Handlers:
    """What each request of the protocol does."""

    def __init__(self, toolbox: Toolbox, shelves: Shelves, texts: Texts) -> None:
        self._toolbox = toolbox
        self._shelves = shelves
        self._texts = texts
        self._limiter = CapacityLimiter(AT_ONCE)
        self._tools = [self._described(tool) for tool in toolbox.tools.values()]

    async def list_tools(
        self, _context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """Every tool, on one page."""
        self._one_page(params)
        return types.ListToolsResult(tools=self._tools)

    async def call_tool(
        self, _context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        """Run a tool in a thread; a mistake or a failure is one French sentence."""
        try:
            outcome = await self._in_turn(
                partial(self._toolbox.call, params.name, params.arguments or {})
            )
        except AssistantError as error:
            return _failed(self._texts.explain(error))
        except Exception as error:  # noqa: BLE001 - the last resort: nothing of it is shown
            log.error("mcp.tool.failed %s", type(error).__name__)  # noqa: TRY400 - no traceback
            return _failed(self._texts.say("erreurs", "interne"))
        return types.CallToolResult(
            content=_content(outcome), structured_content=outcome.structured
        )

    async def list_resources(
        self, _context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """Every resource, on one page: many clients read no other."""
        self._one_page(params)
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    name=one.uri.removeprefix(SCHEME), title=one.title, uri=one.uri,
                    mime_type=one.mime,
                )
                for one in self._shelves.listed()
            ]
        )  # fmt: skip

    async def list_templates(
        self, _context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """The addresses that take a name."""
        self._one_page(params)
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    name=shelf,
                    title=self._texts.say("mcp_ressources", shelf),
                    uri_template=f"{SCHEME}{shelf}/{{{name}}}",
                    mime_type=None if shelf == "sources" else MARKDOWN,
                )
                for shelf, name in TEMPLATES.items()
            ]
        )

    async def read_resource(
        self, _context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        """What an address holds; an error of the protocol when it holds nothing."""
        try:
            found = await self._in_turn(partial(self._shelves.read, params.uri))
        except AssistantError as error:
            raise self._refused(error) from None
        held = types.TextResourceContents(uri=found.uri, mime_type=found.mime, text=found.text)
        return types.ReadResourceResult(contents=[held])

    async def complete(
        self, _context: Context, params: types.CompleteRequestParams
    ) -> types.CompleteResult:
        """Names that begin as a person typed."""
        values: list[str] = []
        total = 0
        if isinstance(params.ref, types.ResourceTemplateReference):
            values, total = self._shelves.completions(params.ref.uri, params.argument.value)
        return types.CompleteResult(
            completion=types.Completion(values=values, total=total, has_more=total > len(values))
        )

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._limiter.statistics().tasks_waiting >= MAX_WAITING:
            raise AssistantError("trop_de_questions")
        return await to_thread.run_sync(work, limiter=self._limiter)

    def _described(self, tool: Tool) -> types.Tool:
        schema = self._toolbox.input_schema(tool)
        for name, described in schema["properties"].items():
            described["description"] = self._texts.say("mcp_arguments", name)
        return types.Tool(
            name=tool.name,
            title=self._texts.say("mcp_outils", f"{tool.name}_titre"),
            description=self._texts.say("mcp_outils", tool.name),
            input_schema=schema,
            output_schema=tool.gives.model_json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )

    def _one_page(self, params: types.PaginatedRequestParams | None) -> None:
        if params is not None and params.cursor is not None:
            raise self._refused(CallerError())

    def _refused(self, error: AssistantError) -> MCPError:
        code = types.INVALID_PARAMS if isinstance(error, CallerError) else types.INTERNAL_ERROR
        return MCPError(code=code, message=self._texts.explain(error))


def build_server(toolbox: Toolbox, shelves: Shelves, texts: Texts) -> Server[Any]:
    """The server of the SDK, with our handlers."""
    handlers = Handlers(toolbox, shelves, texts)
    return Server(
        NAME,
        version=__version__,
        title=texts.say("mcp", "titre"),
        description=texts.say("mcp", "description"),
        instructions=texts.say("mcp", "consignes"),
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        on_completion=handlers.complete,
    )


def run(settings: Settings, texts: Texts, *, http: bool, port: int) -> None:
    """Serve until stdin closes, or over HTTP until stopped; port 0 takes a free one.

    Raises ``CallerError`` for an address that is not of this machine or cannot be had, and
    what ``build_engine`` raises.
    """
    _log_to_stderr()
    listener = _listen(settings.host, port) if http else None
    engines = Engines(settings)
    try:
        toolbox = Toolbox(settings, engines)
        corpus = load_corpus(settings.corpus)
        shelves = Shelves(corpus, engines.current().library, texts, toolbox.facts_schema)
        server = build_server(toolbox, shelves, texts)
        if listener is None:
            anyio.run(_serve_stdio, server, partial(_leave, engines, texts))
        else:
            _serve_http(server, settings.host, listener, texts)
    finally:
        engines.close()
        if listener is not None:
            listener.close()


async def _serve_stdio(server: Server[Any], leave: Callable[[int], NoReturn]) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(_leave_when_told, leave)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
        group.cancel_scope.cancel()


async def _leave_when_told(leave: Callable[[int], NoReturn]) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            leave(number)


def _leave(engines: Engines, texts: Texts, number: int) -> NoReturn:
    """End at once: a thread waits on stdin, and nothing but its closing would wake it."""
    engines.close()
    if number == signal.SIGINT:
        print(texts.say("erreurs", "interrompu"), file=sys.stderr, flush=True)
    os._exit(SIGNALLED + number)


def _serve_http(server: Server[Any], host: str, listener: socket.socket, texts: Texts) -> None:
    port = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    names = [f"{name}:{port}" for name in dict.fromkeys((shown, "127.0.0.1", "localhost"))]
    app = server.streamable_http_app(
        host=host,
        stateless_http=True,  # nothing is kept of a client: no session to take over or to fill
        json_response=True,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=names,
            allowed_origins=[f"http://{name}" for name in names],
        ),
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    # uvicorn stops, then raises the signal again: what follows must still be given back
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(SIGNALLED + number))
    # the socket listens already: a client that comes now is answered as soon as the loop turns
    print(texts.say("mcp", "pret", url=f"http://{shown}:{port}/mcp"), file=sys.stderr, flush=True)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    if not _is_this_machine(host):
        raise CallerError("mcp_boucle_locale", adresse=host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise CallerError("port_indisponible", adresse=f"{host}:{port}") from error


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Brief("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=sentence)], is_error=True)


def _content(outcome: Outcome) -> list[types.ContentBlock]:
    text = outcome.text or json.dumps(outcome.structured, ensure_ascii=False)
    blocks: list[types.ContentBlock] = [types.TextContent(text=text)]
    if outcome.file is not None:
        blocks.append(_embedded(outcome.file))
    return blocks


def _embedded(file: File) -> types.EmbeddedResource:
    return types.EmbeddedResource(
        resource=types.BlobResourceContents(
            uri=f"{SCHEME}documents/{file.name}",
            mime_type=MIME[file.form],
            blob=base64.b64encode(file.content).decode("ascii"),
        )
    )
