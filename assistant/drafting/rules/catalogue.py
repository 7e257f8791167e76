"""Every rule with its message: ``check`` says what is wrong in a case, and what to do.

Conditions are in the modules of this package, messages in ``corpus/regles``; one without the
other is a mistake that loading reports.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from assistant.casefile.facts import Facts
from assistant.casefile.source import Cited, Source
from assistant.drafting.parameters import Figures, Parameters
from assistant.drafting.rules import (  # noqa: F401 - importing registers their rules
    endings,
    general,
    identity,
    in_kind,
    patronage,
    plan,
    public,
    safeguards,
    services,
    skills,
    together,
)
from assistant.drafting.rules.rule import Context, Hit, Severity, conditions
from assistant.errors import InvalidContent
from assistant.knowledge.content import Strict, Text, load_yaml, validate
from assistant.typography import french

DIRECTORY = "regles"
SHOWN_FIRST = 5
Article = Literal[
    "parties", "preambule", "objet", "perimetre", "objectifs", "actions", "engagements", "moyens",
    "finances", "don", "affectation", "contreparties", "fiscal", "independance", "biens", "remise",
    "mission", "salaries", "rythme", "lieu", "encadrement", "securite", "cout", "recu", "prix",
    "reception", "obligations_sociales", "sous_traitance", "visibilite", "pilotage",
    "parties_prenantes", "evaluation", "communication", "pi", "donnees", "confidentialite",
    "exclusivite", "responsabilite", "ethique", "duree", "resiliation", "revision", "litiges",
    "portee", "principes", "travaux", "couts", "conditions", "suites", "signatures", "plan", "eval",
    "variante", "document",
]  # fmt: skip
Theme = Literal[
    "identite", "signature", "qualification", "cadre", "pilotage", "mecenat", "nature",
    "competences", "prestation", "personnes_publiques", "duree", "litiges", "communication", "pi",
    "donnees", "probite", "partenariat", "protocole", "plan", "evaluation", "document",
]  # fmt: skip
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Message(Strict):
    """What a rule says. ``cas`` holds a statement by case, ``mots`` the words for codes.

    Texts take the details of the hit, and figures as ``{p[subvention.seuil_convention]}``.
    """

    severite: Severity
    titre: Text
    constat: Text
    cas: dict[str, Text] = Field(default_factory=dict)
    mots: dict[str, Text] = Field(default_factory=dict)
    pourquoi: Text
    action: Text
    article: Article
    theme: Theme
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]


class _File(Strict):
    regles: dict[str, Message]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong or unsafe: the fact, why it matters, what to do.

    ``message`` is the three joined; texts are typeset. ``article`` is the code of the article it
    is about, ``slots`` what the rule looked at.
    """

    rule: str
    severity: Severity
    article: str
    theme: str
    title: str
    message: str
    fact: str
    why: str
    action: str
    sources: tuple[Source, ...]
    slots: tuple[str, ...]


def load_messages(corpus: Path) -> Mapping[str, Message]:
    """Read ``regles/*.yaml`` of a content directory.

    Raises ``InvalidContent`` for a wrong field, or for a rule without its message or its condition.
    """
    messages: dict[str, Message] = {}
    twice: set[str] = set()
    for path in sorted((corpus / DIRECTORY).glob("*.yaml")):
        data = load_yaml(path.read_text(encoding="utf-8"), name=path.name)
        read = validate(_File, {"regles": data}, name=path.name)
        twice |= messages.keys() & read.regles.keys()
        messages |= read.regles
    wrong = twice | (conditions().keys() ^ messages.keys())
    if wrong:
        raise InvalidContent("regles_incoherentes", regles=", ".join(sorted(wrong)))
    return messages


def check(
    facts: Facts,
    contract: str | None,
    *,
    parameters: Parameters,
    today: date,
    messages: Mapping[str, Message],
    recommended: str | None = None,
    origins: Mapping[str, Any] | None = None,
    notice: bool | None = None,
) -> tuple[Issue, ...]:
    """Everything wrong with a case, the worst first, then by rule.

    The same facts always give the same issues. What ``recommended``, ``origins`` and ``notice``
    are: ``Context``.
    """
    case = Context(facts, contract, parameters, today, recommended, origins, notice)
    known = Figures(parameters, today)
    found = [
        _issue(name, messages[name], hit, known)
        for name, condition in sorted(conditions().items())
        for hit in condition(case)
    ]
    return tuple(sorted(found, key=lambda issue: (_RANK[issue.severity], issue.rule)))


def _issue(name: str, message: Message, hit: Hit, known: Figures) -> Issue:
    def say(text: str) -> str:
        return french(text.format(**details))

    details = {key: _worded(value, message.mots) for key, value in hit.details.items()}
    details["p"] = known
    case = hit.details.get("cas")
    fact = say(message.cas[case] if message.cas and case is not None else message.constat)
    why, action = say(message.pourquoi), say(message.action)
    return Issue(
        rule=name,
        severity=hit.severity or message.severite,
        article=message.article,
        theme=message.theme,
        title=french(message.titre),
        message=f"{fact} {why} {action}",
        fact=fact,
        why=why,
        action=action,
        sources=message.sources,
        slots=hit.slots,
    )


def _worded(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return ", ".join(words.get(part, part) for part in value)
    return value


def first_shown(
    issues: tuple[Issue, ...], limit: int = SHOWN_FIRST
) -> dict[str, tuple[Issue, ...]]:
    """What a conversation shows at once, by theme: what blocks, then alerts, ``limit`` at most.

    Advice waits for the document. Themes come in the order of their first issue.
    """
    themes: dict[str, list[Issue]] = defaultdict(list)
    pressing = [issue for issue in issues if issue.severity is not Severity.ADVICE]
    for issue in pressing[:limit]:
        themes[issue.theme].append(issue)
    return {theme: tuple(grouped) for theme, grouped in themes.items()}
