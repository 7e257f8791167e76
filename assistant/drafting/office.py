"""From facts to advice, checks, documents and files: what the commands and the pages call."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.casefile.display import Display
from assistant.casefile.facts import Facts
from assistant.casefile.paths import slots
from assistant.casefile.provenance import Origin
from assistant.coaching.method import Method
from assistant.coaching.recommendation.recommend import Recommendation, recommend
from assistant.coaching.recommendation.wording import Wording
from assistant.drafting.claim import claimed, hinted
from assistant.drafting.documents.document import Alert, DocumentConvention
from assistant.drafting.documents.drafting import draft
from assistant.drafting.documents.nodes import Position
from assistant.drafting.documents.obligations import obligations
from assistant.drafting.documents.template import TemplateLibrary
from assistant.drafting.documents.writing import Edits
from assistant.drafting.parameters import Parameters
from assistant.drafting.rendering.render import render
from assistant.drafting.rules.catalogue import Issue, Message, check
from assistant.drafting.seating import seated
from assistant.errors import CallerError

AT_ONCE = 2  # files being made at a time: pandoc and Typst each take a core
# What is recognised and never drafted here (§1.7): a fact sheet of the need instead.
NOT_DRAFTED = frozenset({"subvention_cpo", "marche_public"})
NEED_SHEET = "fiche_besoin"
GRID = "grille_evaluation"  # a partnership to renew is evaluated before anything is written
NO_AGREEMENT = "aucun"
WITHOUT_CONTRACT = frozenset({"lettre_mission_benevolat", "compte_rendu"})
# documents that are no agreement: the rules look at the agreement of the case instead
NOT_AGREEMENTS = frozenset({"plan_action", GRID, NEED_SHEET})


class NothingToDraft(CallerError):
    """The facts do not decide which agreement to write."""

    code = "rien_a_rediger"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker says of a case: ``filled`` and ``required`` count obligatory fields.

    ``contract`` is the one that was looked at; a few facts may only hint at it (``hinted``).

    ``certain`` are the missing ones that are obligatory whatever else may still be said.
    """

    contract: str | None
    issues: tuple[Issue, ...]
    filled: int
    required: int
    missing: tuple[str, ...]
    certain: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The published shape of ``assistant check`` (design.md §4)."""
        return {
            "contrat": self.contract,
            "issues": [
                {
                    "rule": issue.rule,
                    "severity": issue.severity.value,
                    "article": issue.article,
                    "message": issue.message,
                    "source": " ; ".join(map(str, issue.sources)),
                }
                for issue in self.issues
            ],
            "filled": self.filled,
            "required": self.required,
            "missing": list(self.missing),
        }


class Office:
    """Everything that writing an agreement takes; pure but for the files it makes."""

    def __init__(
        self,
        *,
        wording: Wording,
        parameters: Parameters,
        messages: Mapping[str, Message],
        library: TemplateLibrary,
        display: Display,
        method: Method,
    ) -> None:
        self.wording = wording
        self.parameters = parameters
        self.messages = messages
        self.library = library
        self.display = display
        labels = display.labels
        self._labels = {path: labels.name(path) for path in labels.fields}
        self._questions = {
            slot: asked[0].id for slot in slots() if (asked := method.by_slot.get(slot))
        }
        self._choices = {slot: labels.values(slot) for slot in labels.fields if labels.values(slot)}
        self._making = threading.BoundedSemaphore(AT_ONCE)

    def recommend(self, facts: Facts) -> Recommendation:
        """What the facts lead to (§3)."""
        return recommend(facts, self.wording)

    def contract_of(self, facts: Facts) -> str | None:
        """The agreement a case says it is, else the one it leads to."""
        return claimed(facts) or self.recommend(facts).contrat

    def documents_of(self, facts: Facts) -> tuple[str, ...]:
        """The agreements to write: two for a split, the sheet of the need for public money.

        The grid alone when a partnership is to be renewed (§3.6, T23).
        """
        found = self.recommend(facts)
        contract = claimed(facts) or found.contrat
        if contract in NOT_DRAFTED:
            return (NEED_SHEET,)
        if contract in self.library.documents:
            return (contract,)
        names = found.documents
        if contract is None and not names and GRID in found.annexes:
            names = (GRID,)
        return tuple(name for name in names if name in self.library.documents)

    def check(
        self,
        facts: Facts,
        *,
        today: date,
        contract: str | None = None,
        document: str | None = None,
        removed: Collection[str] = (),
        origins: Mapping[str, Origin] | None = None,
        notice: bool | None = None,
    ) -> Checked:
        """Every rule, and how much of what is obligatory was given.

        ``document`` counts the fields of another document than the agreement (a plan, a grid);
        ``removed`` articles ask for nothing.
        """
        found = self.recommend(facts)
        named = contract or claimed(facts) or found.contrat
        named = named or hinted(facts, self.wording.visibility)
        facts = seated(facts, named)
        issues = check(
            # whoever opens a document asks for that one
            facts.model_copy(update={"contrat_demande": contract}) if contract else facts,
            named,
            parameters=self.parameters,
            today=today,
            messages=self.messages,
            # a split leads to several agreements: each is the right one
            recommended=named if named in found.documents else found.contrat,
            origins=origins,
            notice=notice,
        )
        template = self.library.documents.get(document or named or "")
        if template is None:
            return Checked(named, issues, 0, 0, ())
        needs = obligations(template, facts, removed=removed)
        return Checked(
            named,
            issues,
            len(needs.filled),
            len(needs.required),
            tuple(needs.missing),
            needs.certain,
        )

    def write(
        self,
        facts: Facts,
        document: str,
        *,
        today: date,
        origins: Mapping[str, Origin] | None = None,
        negotiations: Mapping[str, tuple[Position, ...]] | None = None,
        edits: Edits | None = None,
        ready: bool = False,
    ) -> DocumentConvention:
        """A document with its alerts and what it lacks; raises ``UnknownDocument``."""
        facts = seated(facts, document)
        contract = self.agreement(document)
        issues = self.check(facts, today=today, contract=contract).issues
        return draft(
            facts,
            document,
            library=self.library,
            labels=self._labels,
            today=today,
            parameters=self.parameters,
            origins=origins or {"": Origin()},
            issues=tuple(map(_alert, issues)),
            negotiations=negotiations,
            edits=edits,
            questions=self._questions,
            choices=self._choices,
            vintage=self.parameters.vintage.isoformat(),
            ready=ready,
        )

    def file(self, document: DocumentConvention, form: str) -> bytes:
        """The bytes of a document; waits its turn. Raises ``UnknownFormat``."""
        with self._making:
            return render(document, form)

    def convention_of(self, facts: Facts) -> str:
        """The one agreement to write.

        Raises ``NothingToDraft`` when the facts do not decide, or decide that none fits.
        """
        found = self.documents_of(facts)
        if not found:
            none_fits = self.contract_of(facts) == NO_AGREEMENT
            raise NothingToDraft("aucun_contrat" if none_fits else None)
        return found[0]

    def agreement(self, document: str) -> str | None:
        """The agreement that a document is; None for a plan, a grid, a sheet.

        « aucun » for what is written where nothing is agreed (§3.2, J8 and J15).
        """
        if document in WITHOUT_CONTRACT:
            return NO_AGREEMENT
        return document if document in self.library.documents.keys() - NOT_AGREEMENTS else None


def _alert(issue: Issue) -> Alert:
    return Alert(
        regle=issue.rule,
        severite=issue.severity.value,
        message=issue.message,
        article=issue.article,
        source=" ; ".join(map(str, issue.sources)),
    )
