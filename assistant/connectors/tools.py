"""The tools of the MCP server, without the protocol: typed arguments in, published shapes out."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.answering.answerer import cleaned
from assistant.bootstrap import Engine, build_engine, build_office, facts_schema
from assistant.casefile.facts import Facts, parse_facts
from assistant.clock import Clock, SystemClock
from assistant.connectors import shapes
from assistant.errors import AssistantError, CallerError, NotFound, TooLarge
from assistant.settings import Settings

MAX_ARGUMENTS = 5_000_000  # characters of JSON in one call, as for the command line
SHOWN = 40  # characters of a caller's word repeated in an error


@dataclass(frozen=True, slots=True)
class File:
    """A document as a file."""

    name: str
    form: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gives; ``text`` where reading it beats reading the JSON."""

    structured: dict[str, Any]
    text: str | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it takes, gives and does."""

    name: str
    takes: type[shapes.Arguments]
    gives: type[shapes.Result]
    run: Callable[[Any], Outcome]


class Engines:
    """The engine over what is imported now: rebuilt at a call when the library has changed.

    An engine stays open until the next but one, for the answers that still use it.
    """

    def __init__(
        self, settings: Settings, build: Callable[[Settings], Engine] = build_engine
    ) -> None:
        self._settings = settings
        self._build = build
        self._renewing = threading.Lock()
        self._engine = build(settings)
        self._former: Engine | None = None
        self._seen = self._engine.library.stamp()

    def current(self) -> Engine:
        """The engine to answer with; another thread's renewal is not waited for."""
        if self._engine.library.stamp() != self._seen and self._renewing.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._renewing.release()
        return self._engine

    def _renew(self) -> None:
        stamp = self._engine.library.stamp()
        if stamp == self._seen:  # another thread was faster
            return
        self._seen = stamp
        try:
            renewed = self._build(self._settings)
        except AssistantError:
            return  # the former index still answers; tried again at the next change
        if self._former is not None:
            self._former.close()
        self._former, self._engine = self._engine, renewed

    def close(self) -> None:
        """Give back what is held."""
        for engine in (self._engine, self._former):
            if engine is not None:
                engine.close()


class Toolbox:
    """Every tool; safe to call from several threads. Nothing it does writes anywhere."""

    def __init__(self, settings: Settings, engines: Engines, clock: Clock | None = None) -> None:
        self._settings = settings
        self._engines = engines
        self._office = build_office(settings)
        self._clock = clock or SystemClock()
        self.facts_schema = facts_schema(settings)
        self.documents = ("convention", *self._office.library.documents)
        self.tools: Mapping[str, Tool] = {
            tool.name: tool
            for tool in (
                Tool("ask", shapes.AskArguments, shapes.Answer, self.ask),
                Tool("search", shapes.SearchArguments, shapes.Passages, self.search),
                Tool("recommend", shapes.CaseArguments, shapes.Recommendation, self.recommend),
                Tool("check", shapes.CaseArguments, shapes.Checked, self.check),
                Tool("draft", shapes.DraftArguments, shapes.Drafted, self.draft),
                Tool("schema", shapes.SchemaArguments, shapes.SlotSchema, self.schema),
            )
        }

    def input_schema(self, tool: Tool) -> dict[str, Any]:
        """The JSON Schema of what ``tool`` takes, that of the facts in outline."""
        schema = tool.takes.model_json_schema()
        del schema["description"]  # English, for us; the tool's own is in content
        properties = schema["properties"]
        if "facts" in properties:
            properties["facts"] = outline = shapes.outline(self.facts_schema)
            outline["title"] = "Facts"
        if "document" in properties:
            properties["document"]["enum"] = list(self.documents)
        return schema

    def call(self, name: str, arguments: Mapping[str, Any]) -> Outcome:
        """Run a tool.

        Raises ``CallerError`` for an unknown tool or arguments it does not take, and what the
        tool raises.
        """
        tool = self.tools.get(name)
        if tool is None:
            raise NotFound(
                "mcp_outil_inconnu", outil=cleaned(name)[:SHOWN], connus=", ".join(self.tools)
            )
        if _is_huge(arguments):
            raise TooLarge("corps_trop_long")
        try:
            given = tool.takes.model_validate(arguments)
        except ValidationError as error:
            raise _refusal(error, self.input_schema(tool)) from error
        return tool.run(given)

    def ask(self, given: shapes.AskArguments) -> Outcome:
        """Answer a question, or refuse; raises what ``Answerer.answer`` raises."""
        engine = self._engines.current()
        started = time.perf_counter()
        reply = engine.answerer.answer(given.question, actor=given.actor)
        return Outcome({"id": "1", **reply.to_json(), "elapsed_ms": _since(started)})

    def search(self, given: shapes.SearchArguments) -> Outcome:
        """Ranked passages.

        Raises ``CallerError`` for an empty question, ``TooLarge`` for a long one.
        """
        question = cleaned(given.question)
        if not question:
            raise CallerError("question_vide")
        if len(question) > self._settings.max_question:
            raise TooLarge(limite=self._settings.max_question)
        engine = self._engines.current()
        started = time.perf_counter()
        results = engine.answerer.passages(question, actor=given.actor, k=given.k)
        return Outcome({"results": results, "elapsed_ms": _since(started)})

    def recommend(self, given: shapes.CaseArguments) -> Outcome:
        """What the facts lead to; raises ``InvalidFacts``."""
        return Outcome(self._office.recommend(self._facts(given)).to_json())

    def check(self, given: shapes.CaseArguments) -> Outcome:
        """What is missing or unsafe; raises ``InvalidFacts``."""
        return Outcome(self._office.check(self._facts(given), today=self._today()).to_json())

    def draft(self, given: shapes.DraftArguments) -> Outcome:
        """A document as text, and as a file on request; nothing is written to disk.

        Raises ``InvalidFacts``, ``NothingToDraft``, ``UnknownDocument``, ``UnknownFormat``.
        """
        facts = self._facts(given)
        name = given.document
        if name == "convention":
            name = self._office.convention_of(facts)
        document = self._office.write(facts, name, today=self._today())
        text = self._office.file(document, given.format).decode("utf-8")
        file = None
        if given.attachment is not None:
            content = self._office.file(document, given.attachment)
            file = File(f"{name}.{given.attachment}", given.attachment, content)
        structured = shapes.Drafted(
            document=name,
            title=document.titre,
            format=given.format,
            text=text,
            warning=document.avertissement,
            missing=[
                shapes.MissingField(slot=f.champ, label=f.libelle)
                for f in document.champs_manquants
            ],
            alerts=[
                shapes.Alert(rule=a.regle, severity=a.severite, message=a.message, source=a.source)
                for a in document.alertes
            ],
        )
        return Outcome(structured.model_dump(mode="json"), text=text, file=file)

    def schema(self, given: shapes.SchemaArguments) -> Outcome:
        """The JSON Schema of the facts or of one slot; raises ``CallerError`` for another name."""
        if given.slot is None:
            return Outcome({"json_schema": self.facts_schema})
        found = shapes.part(self.facts_schema, given.slot)
        if found is None:
            raise CallerError("slot_inconnu", slot=cleaned(given.slot)[:SHOWN])
        return Outcome({"json_schema": found})

    @staticmethod
    def _facts(given: shapes.CaseArguments) -> Facts:
        return parse_facts(given.facts)

    def _today(self) -> Any:
        return self._clock.now().date()


def _refusal(error: ValidationError, schema: Mapping[str, Any]) -> CallerError:
    """One sentence about the first argument that is wrong."""
    name = str(error.errors()[0]["loc"][0])
    if name == "actor":
        given = error.errors()[0]["input"]
        return CallerError("acteur_inconnu", acteur=cleaned(str(given))[:SHOWN])
    taken = ", ".join(schema["properties"])
    return CallerError("mcp_argument", champ=cleaned(name)[:SHOWN], connus=taken)


def _is_huge(arguments: Mapping[str, Any]) -> bool:
    return len(json.dumps(arguments, ensure_ascii=False)) > MAX_ARGUMENTS


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
