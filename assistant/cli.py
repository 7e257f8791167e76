"""The ``assistant`` command: ``serve ask search ingest sources doctor``, and those on a case.

Errors are one French sentence on stderr; exit code 2 for the caller's mistake, 1 for ours.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from assistant import cli_cases
from assistant.errors import AssistantError, CallerError
from assistant.settings import INSTALLED_CORPUS, Settings, load_settings
from assistant.texts import Texts, load_texts

if TYPE_CHECKING:
    from assistant.answering.reply import Reply
    from assistant.bootstrap import Engine


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are ours; ``typed`` is what the person typed."""

    def __init__(self, *, typed: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self._typed = typed

    def error(self, message: str) -> NoReturn:  # noqa: ARG002  (in English, for developers)
        raise CallerError("option_inconnue", raison=" ".join(self._typed)[:80])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    texts = load_texts(INSTALLED_CORPUS)  # to explain what may be wrong with the settings
    try:
        texts = load_texts(load_settings().corpus)
        typed = sys.argv[1:] if argv is None else argv
        options = _parser(texts, typed).parse_args(typed)
        settings = load_settings(
            **{name: getattr(options, name, None) for name in ("data", "host", "port")}
        )
        command: Callable[[argparse.Namespace, Settings, Texts], int] = options.command
        return command(options, settings, texts)
    except AssistantError as error:
        print(texts.explain(error), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(texts.say("erreurs", "interrompu"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output went away: nothing is wrong
        sys.stderr.close()
        return 0


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _parser(texts: Texts, typed: Sequence[str]) -> _Parser:
    parser = _Parser(typed=typed, prog="assistant", description=texts.say("cli", "description"))
    add_commands: Any = parser.add_subparsers  # typeshed wants a class where a factory will do
    commands = add_commands(dest="name", required=True, parser_class=partial(_Parser, typed=typed))

    def add(name: str, command: Callable[..., int]) -> _Parser:
        made: _Parser = commands.add_parser(name, help=texts.say("cli", name))
        made.add_argument("--data", type=Path, metavar="DIR")
        made.set_defaults(command=command)
        return made

    served = add("serve", serve)
    served.add_argument("--host")
    served.add_argument("--port", type=int)
    served.add_argument("--lan", nargs="?", const="", metavar="ADDRESS")
    for name, command in (("ask", ask), ("search", search)):
        made = add(name, command)
        made.add_argument("question", nargs="?" if name == "ask" else None)
        made.add_argument("--actor")
        made.add_argument("--json", action="store_true")
        if name == "ask":
            made.add_argument("--batch", type=Path, metavar="FILE.jsonl")
        else:
            made.add_argument("-k", type=int, default=5)
    add("ingest", ingest).add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add("sources", sources).add_argument("--json", action="store_true")
    add("doctor", doctor)
    for name, about in (("recommend", cli_cases.recommend), ("check", cli_cases.check)):
        add(name, about).add_argument("facts", type=Path, metavar="FACTS.json")
    drafted = add("draft", cli_cases.draft)
    drafted.add_argument("facts", type=Path, metavar="FACTS.json")
    drafted.add_argument("--out", type=Path, required=True, metavar="FILE")
    drafted.add_argument("--document", default="convention")
    add("schema", cli_cases.schema).add_argument("what", choices=("facts", "document"))
    add("lint", cli_cases.lint).add_argument("folder", type=Path, metavar="DIR")
    plugged = add("mcp", mcp)
    plugged.add_argument("--http", action="store_true")
    plugged.add_argument("--host")
    plugged.add_argument("--port", type=int, dest="mcp_port", default=8766)  # beside the pages
    return parser


def progress_bar(label: str) -> Callable[[int, int], None]:
    """A progress bar on stderr, drawn only for a person."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            filled = 30 * done // max(total, 1)
            end = "\n" if done >= total else ""
            bar = f"\r{label} [{'█' * filled}{'·' * (30 - filled)}] {100 * done // max(total, 1)} %"
            print(bar, end=end, file=sys.stderr, flush=True)

    return show


def serve(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Serve the web application and print its address when it is ready."""
    from web.lan import lan_address
    from web.server import run

    lan = options.lan is not None
    if lan:
        settings = settings.model_copy(update={"host": lan_address(options.lan)})

    def ready(url: str) -> None:
        print(texts.say("cli", "pret", url=url), flush=True)
        if lan:
            from web.qr import qr_text

            door = f"{url}/rejoindre"
            print(qr_text(door), flush=True)
            print(texts.say("cli", "lan", adresse=door, aide=f"{url}/ateliers/reseau"), flush=True)
        print(texts.say("cli", "arret"), flush=True)

    run(settings, on_ready=ready, progress=progress_bar(texts.say("cli", "index")))
    return 0


def mcp(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Serve other programs over the Model Context Protocol."""
    from assistant.connectors.mcp_server import run

    run(settings, texts, http=options.http, port=options.mcp_port)
    return 0


def ask(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Answer one question, or a file of them."""
    if options.batch is not None:
        return _ask_batch(options.batch, settings, texts)
    if not (options.question or "").strip():
        raise CallerError("question_vide")
    engine = _engine(settings, texts)
    try:
        with _speaker(engine, settings) as speak:
            started = time.perf_counter()
            reply = speak(options.question, options.actor)
            elapsed = time.perf_counter() - started
    finally:
        engine.close()
    if options.json:
        _print_json(_published("1", reply.to_json(), elapsed))
        return 0
    if reply.wording is not None and reply.wording.note:
        print(f"{reply.wording.note}\n")
    print(reply.answer)
    for citation in reply.citations:
        page = f", {texts.say('cli', 'page', page=citation.page)}" if citation.page else ""
        print(f"\n[{citation.id}] {citation.document}{page}, « {citation.section} »")
    for card in reply.related:
        print(f"  - {card.title}")
    if reply.suggestions:
        print(f"\n{texts.say('cli', 'suggestions')}")
        for suggestion in reply.suggestions:
            print(f"  - {suggestion}")
    return 0


def _ask_batch(path: Path, settings: Settings, texts: Texts) -> int:
    if not path.is_file():
        raise CallerError("fichier_introuvable", fichier=str(path))
    engine = _engine(settings, texts)
    try:
        with _speaker(engine, settings) as speak:
            for number, line in _lines(path):
                started = time.perf_counter()
                try:
                    request = _request(line, number)
                    data = speak(request["question"], request.get("actor")).to_json()
                    identifier = request.get("id", str(number))
                except AssistantError as error:
                    data = {"error": texts.explain(error)}
                    identifier = _identifier(line, number)
                _print_json(_published(identifier, data, time.perf_counter() - started))
    finally:
        engine.close()
    return 0


@contextmanager
def _speaker(
    engine: "Engine", settings: Settings
) -> "Iterator[Callable[[str, str | None], Reply]]":
    """What answers a question: in a model's words when the settings name one."""
    from assistant.bootstrap import build_writer, language_model

    writer = build_writer(settings, engine, language_model(settings))
    if writer is None:
        yield lambda question, actor: engine.answerer.answer(question, actor=actor)
        return
    import asyncio

    from assistant.answering.worded import Ask

    with asyncio.Runner() as runner:  # one loop for all: connections do not outlive theirs
        yield lambda question, actor: runner.run(
            writer.reply(Ask(question, actor), engine.answerer)
        )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with something on them; bytes that are not UTF-8 make a line invalid, not the file."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield number, raw.decode("utf-8-sig", errors="surrogateescape")


def _request(line: str, number: int) -> dict[str, Any]:
    try:
        line.encode("utf-8")
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CallerError("ligne_invalide", ligne=number) from error
    valid = (
        isinstance(request, dict)
        and isinstance(request.get("question"), str)
        and isinstance(request.get("actor"), str | None)
    )
    if not valid:
        raise CallerError("ligne_invalide", ligne=number)
    return dict(request)


def _identifier(line: str, number: int) -> Any:
    try:
        return json.loads(line)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return str(number)


def _published(identifier: Any, data: dict[str, Any], elapsed: float) -> dict[str, Any]:
    return {"id": identifier, **data, "elapsed_ms": round(elapsed * 1000, 1)}


def search(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Show the nearest passages."""
    from assistant.answering.answerer import ACTORS, cleaned

    if not cleaned(options.question or ""):
        raise CallerError("question_vide")
    if options.actor is not None and options.actor not in ACTORS:
        raise CallerError("acteur_inconnu", acteur=options.actor[:40])
    engine = _engine(settings, texts)
    try:
        started = time.perf_counter()
        results = engine.answerer.passages(
            options.question, actor=options.actor, k=max(1, min(options.k, 50))
        )
        elapsed = time.perf_counter() - started
    finally:
        engine.close()
    if options.json:
        _print_json({"results": results, "elapsed_ms": round(elapsed * 1000, 1)})
        return 0
    for rank, result in enumerate(results, start=1):
        page = f", {texts.say('cli', 'page', page=result['page'])}" if result["page"] else ""
        print(f"{rank}. {result['title']} ({result['document']}{page})")
        print("   " + result["passage"].replace("\n", "\n   ") + "\n")
    return 0


def ingest(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Read documents into the library and the index."""
    from assistant.bootstrap import build_library, import_noise
    from assistant.knowledge.ingest import import_paths

    bar = progress_bar(texts.say("cli", "ingest"))
    outcome = import_paths(
        options.paths,
        library=build_library(settings),
        noise=import_noise(settings),
        max_bytes=settings.max_file,
        progress=bar,
    )
    for imported in outcome.imported:
        name = "document_remplace" if imported.replaced else "document_ajoute"
        print(texts.say("cli", name, fichier=imported.file, passages=imported.passages))
    for refused in outcome.refused:
        reason = texts.say("raisons_lecture", refused.reason)
        print(texts.say("cli", "document_refuse", fichier=refused.file, raison=reason),
              file=sys.stderr)  # fmt: skip
    if not outcome.imported:
        raise CallerError("aucun_document")
    _engine(settings, texts).close()  # the index is rebuilt now, not at the next question
    print(texts.say("cli", "bilan_import", lus=len(outcome.imported), refuses=len(outcome.refused)))
    return 0


def sources(options: argparse.Namespace, settings: Settings, _texts: Texts) -> int:
    """List what the assistant has read."""
    from assistant.bootstrap import build_library
    from assistant.knowledge.corpus import load_documents

    library = build_library(settings)
    listed = [
        {"id": d.id, "title": d.titre, "author": d.auteur, "date": d.date, "pages": d.pages,
         "sections": len(d.sections), "imported": False}
        for d in load_documents(settings.corpus)
    ] + [
        {"id": d.id, "title": d.title, "author": d.file_name, "date": None, "pages": d.pages,
         "sections": len(d.chunks), "imported": True}
        for d in library.all()
    ]  # fmt: skip
    if options.json:
        _print_json({"sources": listed})
        return 0
    for document in listed:
        details = ", ".join(str(document[key]) for key in ("author", "date") if document[key])
        print(f"{document['id']:12} {document['title']} ({details})")
    return 0


def doctor(_options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Check the installation; exit code 1 when something fails."""
    from assistant.diagnosis import run_checks

    failed = False
    for check in run_checks(settings, texts):
        name = "docteur_ok" if check.ok else "docteur_echec"
        print(texts.say("cli", name, quoi=check.what, raison=check.why))
        failed = failed or not check.ok
    return 1 if failed else 0


def _engine(settings: Settings, texts: Texts) -> "Engine":
    from assistant.bootstrap import build_engine

    return build_engine(settings, progress=progress_bar(texts.say("cli", "index")))


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
