"""One document on its page: its articles, what is wrong, what is missing, what can be done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assistant.coaching.forms import Form
from assistant.coaching.manuscript import Manuscript
from assistant.coaching.state import Answer
from assistant.coaching.workspace import View
from assistant.drafting.desk import Desk, Sheet
from assistant.drafting.documents import schema
from assistant.drafting.documents.document import Article, ClauseState
from assistant.drafting.documents.nodes import (
    Block,
    Missing,
    Negotiation,
    Signatures,
    Table,
    Value,
    inlines,
    text_of,
)
from assistant.drafting.rendering.render import formats
from assistant.drafting.rules.catalogue import Issue, first_shown
from assistant.typography import french
from web.document_forms import anchor_of, entries_of, head_of
from web.document_values import (
    AlertView,
    ArticleView,
    ClauseView,
    Conflict,
    Obstacle,
    OpenArticle,
    Proposed,
    SaidView,
    SheetView,
    SuggestionView,
)
from web.dossier_values import KnownLine
from web.dossier_views import Shaper

UNSUITED = "QUAL-02"  # another document suits the case better: said first, above all others


@dataclass(frozen=True, slots=True)
class Opened:
    """The article being edited, and what was just sent for it."""

    key: str
    typed: Form | None = None
    error: str | None = None
    conflict: Conflict | None = None
    suggestion: SuggestionView | None = None


def keyed(articles: Iterable[Article]) -> dict[str, Article]:
    """Articles by what names them in addresses: their code, numbered when it comes again."""
    seen: Counter[str] = Counter()
    found = {}
    for article in articles:
        seen[article.code] += 1
        again = seen[article.code] > 1
        found[f"{article.code}-{seen[article.code]}" if again else article.code] = article
    return found


def clauses_of(
    shaper: Shaper, article: Article, manuscript: Manuscript, *, texts: bool = False
) -> Iterator[ClauseView]:
    """The clauses of an article with their blocks, in order."""
    states = {state.id: state for state in article.clauses}
    blocks: dict[str, list[Block]] = {}
    for block in article.blocs:
        blocks.setdefault(block.clause, []).append(block)
    fixed = {name for name, held in blocks.items() if any(isinstance(b, Signatures) for b in held)}
    movable = [name for name in blocks if name in states and name not in fixed]
    for name, held in blocks.items():
        state = states.get(name)
        own_place = movable.index(name) if name in movable else None
        yield ClauseView(
            id=name if state else "",
            blocks=tuple(held),
            text=_own_text(held) if texts else "",
            sources=tuple(map(shaper.source, state.sources)) if state else (),
            optional=bool(state and state.optionnelle),
            beyond=bool(state and state.au_dela),
            wording=manuscript.rewritten.get(name),
            rewritable=_rewritable(state, held),
            first=own_place in (None, 0),
            last=own_place in (None, len(movable) - 1),
        )


def _own_text(blocks: Iterable[Block]) -> str:
    return "\n\n".join(text_of(b) for b in blocks if not isinstance(b, Negotiation))


def _rewritable(state: ClauseState | None, blocks: Iterable[Block]) -> bool:
    """A table is filled through its fields, and a signature is not worded."""
    return state is not None and not any(isinstance(b, Table | Signatures) for b in blocks)


class SheetMaker:
    """Draws one sheet of the desk for one view."""

    def __init__(
        self, desk: Desk, shaper: Shaper, view: View, name: str, *, sheet: Sheet, today: date
    ) -> None:
        self._desk = desk
        self._shaper = shaper
        self._view = view
        self._name = name
        self._sheet = sheet
        self._today = today
        self._articles = keyed(sheet.document.articles)
        self._url = f"/dossiers/{view.dossier.id}/documents/{name}"
        self._where = _places(self._articles)
        self._issues = tuple(i for i in sheet.checked.issues if i.rule != UNSUITED)
        pressing = first_shown(self._issues).values()
        self._first = {issue.rule for issues in pressing for issue in issues}
        self._missing = frozenset(field.champ for field in sheet.document.champs_manquants)

    def made(self, opened: Opened | None) -> SheetView:
        """The values of the page."""
        sheet, document = self._sheet, self._sheet.document
        first, others = self._alerts("")
        unsuited = next((i for i in sheet.checked.issues if i.rule == UNSUITED), None)
        return SheetView(
            name=self._name,
            title=document.titre,
            ready=sheet.ready,
            held=sheet.manuscript.ready is not None,
            changed=sheet.changed,
            doubtful=sum(a.status == "to_confirm" for a in self._view.table.known.values()),
            filled=sheet.checked.filled,
            required=sheet.checked.required,
            obstacles=tuple(map(self._obstacle, sheet.obstacles)),
            articles=tuple(
                self._article(key, article, opened) for key, article in self._articles.items()
            ),
            left_out=tuple(self._left_out()),
            first_alerts=first,
            other_alerts=others,
            alert_count=len(self._issues),
            links=dict(self._links()),
            negotiations=tuple(
                self._shaper.display.label_of(slot)
                for slot in self._desk.negotiations(self._view.state, self._view.side)
            ),
            formats=formats(self._name),
            notice=document.avertissement,
            remarks=document.remarques,
            unsuited=self._alert(unsuited) if unsuited else None,
            templates=document.version_modele,
        )

    def _article(self, key: str, article: Article, opened: Opened | None) -> ArticleView:
        editing = opened if opened and opened.key == key else None
        manuscript = self._sheet.manuscript
        first, others = self._alerts(key)
        remarks = [remark for remark in manuscript.remarks if remark.article == key]
        gaps = {n.slot for b in article.blocs for n in inlines(b) if isinstance(n, Missing)}
        return ArticleView(
            key=key,
            number=article.num,
            title=article.titre,
            status=article.statut,
            optional=article.optionnel,
            clauses=tuple(clauses_of(self._shaper, article, manuscript, texts=editing is not None)),
            sources=tuple(map(self._shaper.source, article.sources)),
            first_alerts=first,
            other_alerts=others,
            missing=len(gaps),
            remarks=tuple(remark for remark in remarks if not remark.settled),
            said=tuple(self._said(article)),
            edited=self._editing(article, editing) if editing else None,
        )

    def _editing(self, article: Article, opened: Opened) -> OpenArticle:
        proposed = self._desk.offered(
            self._view.state, self._view.side, self._name, article.proposees, today=self._today
        )
        entries = entries_of(
            article.champs,
            self._sheet.facts,
            self._shaper.display,
            parties=max(len(self._desk.office.library.document(self._name).roles), 2),
            missing=self._missing,
            typed=opened.typed,
        )
        return OpenArticle(
            entries=entries,
            proposed=tuple(Proposed(n, proposed.get(n, "")) for n in article.proposees),
            clashes=tuple(self._clashes({entry.field.slot for entry in entries})),
            settled=tuple(
                remark for remark in self._sheet.manuscript.remarks
                if remark.article == opened.key and remark.settled
            ),
            conflict=opened.conflict,
            error=opened.error,
            suggestion=opened.suggestion,
        )  # fmt: skip

    def _clashes(self, slots: set[str]) -> Iterator[tuple[KnownLine, KnownLine]]:
        held = self._view.table.side.answers
        for sent in self._shaper.proposals(self._view):
            if sent.slot in slots and sent.slot in held:
                yield self._shaper.line(sent.slot, held[sent.slot]), sent

    def _said(self, article: Article) -> Iterator[SaidView]:
        """The values of an article, each once, with who gave it."""
        seen = set()
        for node in (node for block in article.blocs for node in inlines(block)):
            if not isinstance(node, Value) or (node.slot, node.texte) in seen:
                continue
            seen.add((node.slot, node.texte))
            held = _holding(node.slot, self._view.table.known)
            yield SaidView(
                label=self._shaper.display.label_of(schema.bare(schema.pattern(node.slot))),
                text=node.texte,
                who=node.origine.who,
                when=node.origine.when,
                doubtful=held is not None and held.status == "to_confirm",
            )

    def _alerts(self, key: str) -> tuple[tuple[AlertView, ...], tuple[AlertView, ...]]:
        """What is wrong in an article, what is shown first apart; no key: in the whole."""
        mine = [issue for issue in self._issues if self._home(issue) == key]
        first = tuple(self._alert(i) for i in mine if i.rule in self._first)
        return first, tuple(self._alert(i) for i in mine if i.rule not in self._first)

    def _home(self, issue: Issue) -> str:
        return issue.article if issue.article in self._articles else ""

    def _alert(self, issue: Issue) -> AlertView:
        return AlertView(
            rule=issue.rule,
            severity=issue.severity.value,
            title=issue.title,
            fact=issue.fact,
            why=issue.why,
            action=issue.action,
            sources=tuple(map(self._shaper.source, issue.sources)),
        )

    def _obstacle(self, name: str) -> Obstacle:
        issue = next((i for i in self._sheet.checked.issues if i.rule == name), None)
        if issue is not None:
            home = self._home(issue)
            place = f"article-{home}" if home else "alertes"
            return Obstacle(issue.fact, f"{self._url}?article={home}#{place}", rule=True)
        lacking = self._sheet.document.champs_manquants
        label = next((field.libelle for field in lacking if field.champ == name), None)
        said = label or self._shaper.display.label_of(schema.bare(name))
        return Obstacle(said, self._link(name), rule=False)

    def _left_out(self) -> Iterator[tuple[str, str]]:
        there = {article.code for article in self._articles.values()}
        for article in self._desk.office.library.document(self._name).articles:
            if article.optionnel and article.code not in there:
                title = article.titre or article.code
                yield article.code, french(title)

    def _links(self) -> Iterator[tuple[str, str]]:
        for article in self._articles.values():
            for node in (node for block in article.blocs for node in inlines(block)):
                if isinstance(node, Missing) and (url := self._link(node.slot)):
                    yield node.slot, url

    def _link(self, slot: str) -> str | None:
        """Where a slot is filled: its input, else its question."""
        name = schema.pattern(slot)
        head = head_of(name)
        exact = self._where.get(name)
        key = exact or self._where.get(head)
        if key is not None:
            place = slot if exact and "[]" in name and slot != name else head
            return f"{self._url}?article={key}#{anchor_of(place)}"
        asked = self._shaper.asking(schema.bare(name))
        return f"/dossiers/{self._view.dossier.id}/questions/{asked.id}" if asked else None


def _places(articles: Mapping[str, Article]) -> dict[str, str]:
    """The article that asks for each field, by its pattern and by the slot that holds it."""
    found: dict[str, str] = {}
    for key, article in articles.items():
        for field in article.champs:
            found.setdefault(field.slot.removesuffix("{}"), key)
            found.setdefault(head_of(field.slot), key)
    return found


def _holding(slot: str, known: Mapping[str, Answer]) -> Answer | None:
    while slot:
        if slot in known:
            return known[slot]
        slot = slot.rpartition(".")[0]
    return None
