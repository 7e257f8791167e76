"""The commands on a case: ``recommend check draft schema``, and ``lint`` for own templates."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.clock import SystemClock
from assistant.errors import CallerError
from assistant.settings import Settings
from assistant.texts import Texts

if TYPE_CHECKING:
    from assistant.casefile.facts import Facts

MAX_FACTS = 5_000_000  # bytes


def recommend(options: argparse.Namespace, settings: Settings, _texts: Texts) -> int:
    """Print what the facts lead to."""
    from assistant.bootstrap import build_office

    facts = _facts(options.facts)
    _print(build_office(settings).recommend(facts).to_json())
    return 0


def check(options: argparse.Namespace, settings: Settings, _texts: Texts) -> int:
    """Print what is missing or unsafe."""
    from assistant.bootstrap import build_office

    facts = _facts(options.facts)
    today = SystemClock().now().date()
    _print(build_office(settings).check(facts, today=today).to_json())
    return 0


def draft(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Write a document to a file; its ending says the format."""
    from assistant.bootstrap import build_office

    facts = _facts(options.facts)
    office = build_office(settings)
    name = options.document
    if name == "convention":
        name = office.convention_of(facts)
    document = office.write(facts, name, today=SystemClock().now().date())
    content = office.file(document, options.out.suffix.removeprefix(".").lower())
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise CallerError("sortie_impossible", fichier=str(options.out)) from error
    print(
        texts.say(
            "cli",
            "document_ecrit",
            fichier=options.out.name,
            titre=document.titre,
            manques=len(document.champs_manquants),
            alertes=len(document.alertes),
        )
    )
    return 0


def schema(options: argparse.Namespace, settings: Settings, _texts: Texts) -> int:
    """Print the JSON Schema of the facts, or of a document."""
    from assistant.bootstrap import facts_schema
    from assistant.drafting.documents.document import DocumentConvention

    if options.what == "facts":
        _print(facts_schema(settings))
    else:
        _print(DocumentConvention.model_json_schema())
    return 0


def lint(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    """Say what is wrong with an organisation's own templates, laid over ours."""
    from assistant.bootstrap import read_templates
    from assistant.drafting.documents.lint import found

    folder = options.folder
    if not folder.is_dir():
        raise CallerError("fichier_introuvable", fichier=str(folder))
    if not any(folder.glob("*.yaml")):
        raise CallerError("modeles_absents", dossier=str(folder))
    ours = {str(problem) for problem in found(read_templates(settings, None))}
    wrong = [p for p in found(read_templates(settings, folder)) if str(p) not in ours]
    for problem in wrong:
        said = texts.say("modeles", problem.code, quoi=problem.what, autre=problem.other)
        print(texts.say("modeles", "ligne", lieu=" › ".join(problem.where), probleme=said))
    print(texts.say("modeles", "bilan" if wrong else "bien", nombre=len(wrong)))
    return CallerError.exit_code if wrong else 0


def _facts(path: Path) -> "Facts":
    from assistant.casefile.facts import parse_facts

    try:
        raw = sys.stdin.buffer.read(MAX_FACTS + 1) if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise CallerError("fichier_introuvable", fichier=str(path)) from error
    if len(raw) > MAX_FACTS:
        raise CallerError("corps_trop_long")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CallerError("json_illisible", fichier=path.name) from error
    return parse_facts(value)


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
