"""What the tools of the MCP server take and give, as types: their JSON Schemas are published.

Results have the keys of design.md §4. What is taken is closed: an unknown argument is an error.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Actor = Literal["association", "entreprise", "collectivite"]
Severity = Literal["bloquant", "alerte", "conseil"]
MOST = 50  # passages in one search


class Arguments(BaseModel):
    """What a tool takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskArguments(Arguments):
    """A question, and who asks it."""

    question: str
    actor: Actor | None = None


class SearchArguments(AskArguments):
    """The same, and how many passages."""

    k: Annotated[int, Field(ge=1, le=MOST)] = 5


class CaseArguments(Arguments):
    """A case, by slot (conventions.md §3.1 and §4)."""

    facts: dict[str, Any]


class DraftArguments(CaseArguments):
    """A case, the document to write, its text form, and a file to attach."""

    document: str = "convention"
    format: Literal["md", "json"] = "md"
    attachment: Literal["docx", "odt", "pdf", "html", "xlsx"] | None = None


class SchemaArguments(Arguments):
    """A slot; all of them without."""

    slot: str | None = None


class Result(BaseModel):
    """What a tool gives."""


class Citation(Result):
    """A marker's source: the exact passage that the index holds."""

    id: str
    title: str
    document: str
    page: int | None
    section: str
    passage: str
    url: str


class Related(Result):
    """A card worth opening."""

    title: str
    url: str


class Answer(Result):
    """``assistant ask --json``."""

    id: str
    status: Literal["answered", "refused"]
    answer: str
    citations: list[Citation]
    suggestions: list[str]
    step: Annotated[int, Field(ge=1, le=7)] | None
    mode: Literal["extractive", "llm"]
    reason: Literal["out_of_scope", "not_in_corpus", "not_grounded", "unsafe"] | None
    elapsed_ms: float
    related: list[Related]


class Passage(Citation):
    """A ranked passage."""

    score: float


class Passages(Result):
    """``assistant search --json``."""

    results: list[Passage]
    elapsed_ms: float


class Said(Result):
    """A sentence and where it comes from."""

    text: str
    source: str


class Rejected(Result):
    """What was set aside, and why."""

    option: str
    why: str
    source: str


class Recommendation(Result):
    """``assistant recommend``; None where the facts do not decide."""

    categorie: str | None
    modele: str | None
    contrat: str | None
    annexes: list[str]
    confidence: Literal["haute", "moyenne", "basse"]
    reasons: list[Said]
    rejected: list[Rejected]
    missing: list[str]
    alerts: list[Said]
    documents: list[str]
    suites: list[Said]


class Issue(Result):
    """What a rule says of a case."""

    rule: str
    severity: Severity
    article: str | None
    message: str
    source: str


class Checked(Result):
    """``assistant check``."""

    contrat: str | None
    issues: list[Issue]
    filled: int
    required: int
    missing: list[str]


class MissingField(Result):
    """An obligatory slot that nobody gave, and its French name."""

    slot: str
    label: str


class Alert(Result):
    """What a rule says of the document."""

    rule: str
    severity: Severity
    message: str
    source: str | None


class Drafted(Result):
    """A document as text; a file comes beside it, as an embedded resource."""

    document: str
    title: str
    format: Literal["md", "json"]
    text: str
    warning: str
    missing: list[MissingField]
    alerts: list[Alert]


class SlotSchema(Result):
    """A JSON Schema (2020-12)."""

    json_schema: dict[str, Any]


def outline(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of the facts, blocks left closed: a tool list is read by a model at each turn.

    The whole is 130 kB; ``part`` opens one block.
    """
    definitions = schema["$defs"]
    slots = {slot: _plain(said, definitions) for slot, said in schema["properties"].items()}
    return {"type": "object", "properties": slots, "additionalProperties": False}


def part(schema: dict[str, Any], slot: str) -> dict[str, Any] | None:
    """The schema of one slot with the definitions it needs; None when there is no such slot."""
    described = schema["properties"].get(slot)
    if described is None:
        return None
    needed: dict[str, Any] = {}
    waiting = _names(described)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = schema["$defs"][name]
            waiting += _names(needed[name])
    return {**described, **({"$defs": needed} if needed else {})}


_HEAVY = frozenset({"default", "description", "minLength", "maxLength"})


def _plain(described: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in described:
        target = definitions[described["$ref"].rpartition("/")[2]]
        return _plain(target, definitions) if "enum" in target else {"type": "object"}
    if "anyOf" in described:
        options = [_plain(o, definitions) for o in described["anyOf"] if o.get("type") != "null"]
        title = {"title": described["title"]} if "title" in described else {}
        return {**title, **(options[0] if len(options) == 1 else {"anyOf": options})}
    kept = {key: value for key, value in described.items() if key not in _HEAVY}
    if isinstance(kept.get("items"), dict):
        kept["items"] = _plain(kept["items"], definitions)
    return kept


def _names(described: Any) -> list[str]:
    if isinstance(described, dict):
        own = [described["$ref"].rpartition("/")[2]] if "$ref" in described else []
        return own + [name for value in described.values() for name in _names(value)]
    if isinstance(described, list):
        return [name for value in described for name in _names(value)]
    return []
