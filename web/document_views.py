"""Shape documents for templates: no I/O, no words of its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal

from assistant.coaching.manuscript import Manuscript, Version
from assistant.coaching.workspace import View
from assistant.drafting.desk import Desk, Sheet
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.office import NEED_SHEET, NOT_DRAFTED
from assistant.drafting.rendering.render import formats
from assistant.drafting.rules.rule import Severity
from assistant.typography import french
from web.document_forms import Entry, entries_of
from web.document_sheet import Opened, SheetMaker, clauses_of, keyed
from web.document_values import (
    ArticleView,
    DocumentCard,
    PublicNeed,
    SheetView,
    VersionLine,
)
from web.dossier_views import Shaper

Why = Literal["advised", "beside", "asked", "opened"]


class DocumentShaper:
    """Turns the sheets of the desk into the values of the pages."""

    def __init__(self, desk: Desk, shaper: Shaper) -> None:
        self._desk = desk
        self._shaper = shaper
        self._library = desk.office.library

    # The list

    def cards(self, view: View, *, today: date) -> tuple[DocumentCard, ...]:
        """The documents of a case, then those that were worked on although it left them."""
        names = self._desk.names(view.table.facts)
        kept = (n for n in view.state.documents if n in self._library.documents)
        return tuple(
            self._card(view, name, why=self._why(view, name, names), today=today)
            for name in dict.fromkeys((*names, *kept))
        )

    def _why(self, view: View, name: str, names: Sequence[str]) -> Why:
        found = view.recommendation
        if name not in names:
            return "opened"
        if self._desk.office.agreement(name) is None:
            return "beside"
        return "advised" if name in (found.contrat, *found.documents) else "asked"

    def _card(self, view: View, name: str, *, why: Why, today: date) -> DocumentCard:
        sheet = self._desk.sheet(view.state, view.side, name, today=today)
        severities = Counter(issue.severity for issue in sheet.checked.issues)
        return DocumentCard(
            name=name,
            title=sheet.document.titre,
            why=why,
            ready=sheet.ready,
            filled=sheet.checked.filled,
            required=sheet.checked.required,
            blocking=severities[Severity.BLOCKING],
            alerts=severities.total() - severities[Severity.BLOCKING],
            remarks=sum(not remark.settled for remark in sheet.manuscript.remarks),
            formats=formats(name),
        )

    def others(self, cards: Sequence[DocumentCard]) -> tuple[tuple[str, str], ...]:
        """Every other document, by name and title."""
        there = {card.name for card in cards}
        return tuple(
            (name, self.title(name)) for name in self._library.documents if name not in there
        )

    def title(self, name: str) -> str:
        """The title of a type of document; raises ``UnknownDocument``."""
        return french(self._library.document(name).titre)

    def public_need(self, view: View) -> PublicNeed | None:
        """What to say of public money, which is recognised and not drafted."""
        found = view.recommendation
        contract = self._desk.office.contract_of(view.table.facts)
        if contract not in NOT_DRAFTED:
            return None
        return PublicNeed(
            contract=self._shaper.name(contract) or contract,
            reasons=self._shaper.recommendation(found).reasons,
            sheet=NEED_SHEET in self._library.documents,
        )

    # One document

    def sheet(
        self, view: View, name: str, *, today: date, opened: Opened | None = None
    ) -> SheetView:
        """A document with everything its page shows; raises ``UnknownDocument``."""
        sheet = self._desk.sheet(view.state, view.side, name, today=today)
        maker = SheetMaker(self._desk, self._shaper, view, name, sheet=sheet, today=today)
        return maker.made(opened)

    def read_only(self, document: DocumentConvention) -> tuple[ArticleView, ...]:
        """The articles of a version, to be read."""
        return tuple(
            ArticleView(
                key=key,
                number=article.num,
                title=article.titre,
                status=article.statut,
                optional=False,
                clauses=tuple(clauses_of(self._shaper, article, Manuscript())),
                sources=(),
                first_alerts=(),
                other_alerts=(),
                missing=0,
                remarks=(),
                said=(),
                edited=None,
            )
            for key, article in keyed(document.articles).items()
        )

    def entries(self, sheet: Sheet, key: str, name: str) -> tuple[Entry, ...]:
        """The inputs of one article as ``sheet`` has it; empty for one that is not there."""
        article = keyed(sheet.document.articles).get(key)
        if article is None:
            return ()
        return entries_of(
            article.champs, sheet.facts, self._shaper.display, parties=self._parties(name)
        )

    def _parties(self, name: str) -> int:
        return max(len(self._library.document(name).roles), 2)


def version_line(version: Version) -> VersionLine:
    """A named version."""
    return VersionLine(version.seq, version.name, version.side, version.author, version.at)
