"""What each kind of activity puts in the minutes: charts, the room's own words, tables.

Every chart comes with its table. The words are those of the room, as they were typed; what was
hidden is in no result, so that it cannot be here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from assistant.workshop.activities.allotment import Weighed
from assistant.workshop.activities.express_views import Express
from assistant.workshop.activities.gathering import percent
from assistant.workshop.activities.quiz_results import QuestionResult
from assistant.workshop.activity import Activity, Scene, Table
from assistant.workshop.exporting.charts import Bar, Bars, Chart, Marks, Row, Square
from assistant.workshop.exporting.report import (
    Block,
    Grid,
    Heading,
    Line,
    Listed,
    Picture,
    listed,
)
from assistant.workshop.exporting.words import Words, figure
from assistant.workshop.room import Entry

LONGEST = 16  # bars in a chart: the others are in the table
AnyActivity = Activity[Any, Any, Any]
Sketch = Callable[["Sketcher"], Iterator[Block]]


class Sketcher:
    """One scene being told: the activity, its results, and the words to say them in."""

    def __init__(self, activity: AnyActivity, scene: Scene[Any], words: Words, level: int) -> None:
        self.activity = activity
        self.level = level
        self.scene = scene
        self.words = words
        self.results = activity.results(scene)
        self.say = activity.tools.texts.say

    def actor(self, actor: str | None) -> str:
        """A group of people in words; None is the whole room."""
        return self.say("atelier", actor) if actor else self.words("la_salle")

    def picture(self, chart: Chart) -> Picture:
        """A chart, and what it shows in words."""
        return Picture(chart, _alt(chart, self.words))

    def bars(self, title: str, found: Iterator[Bar], most: float | None = None) -> Iterator[Block]:
        """A chart of bars with one value each; none when there is nothing to draw."""
        drawn = tuple(found)[:LONGEST]
        top = most or max((bar.values[0] for bar in drawn), default=0)
        if top > 0:
            yield self.picture(Bars(title, drawn, top))

    def quoted(self, text: str) -> str:
        """What somebody wrote, between guillemets."""
        return self.words("guillemets", texte=text)

    def each(self, texts: Iterable[str]) -> tuple[str, ...]:
        """What people wrote, in order; the same words once, with how many times."""
        return tuple(
            self.quoted(text)
            if times == 1
            else self.words("fois", texte=self.quoted(text), nombre=times)
            for text, times in Counter(texts).items()
        )

    def tables(self) -> tuple[Table, ...]:
        """The activity's own tables."""
        return self.activity.tables(self.scene)

    def grids(self, *, places: slice = slice(None)) -> Iterator[Grid]:
        """The activity's tables; those of several subjects are told apart."""
        for table in self.tables()[places]:
            if table.rows:
                yield from _told_apart(table)


def sketch(
    activity: AnyActivity, scene: Scene[Any], words: Words, *, level: int = 2
) -> tuple[Block, ...]:
    """What the room made of one item, in its round; its own headings are of ``level``."""
    drawing = Sketcher(activity, scene, words, level)
    return tuple(SKETCHES.get(activity.kind, Sketcher.grids)(drawing))


def counted(entries: tuple[Entry, ...]) -> int:
    """How many people gave something."""
    return len({entry.participant for entry in entries})


def _talk(drawing: Sketcher) -> Iterator[Block]:
    if points := drawing.scene.config.points:
        yield Line(drawing.words("points"), bold=True)
        yield listed(*points)


def _cloud(drawing: Sketcher) -> Iterator[Block]:
    words, title = drawing.results.words, drawing.words("personnes")
    often = [word for word in words if word.count > 1]
    yield from drawing.bars(title, (Bar(w.text, (w.count,), w.count == words[0].count)
                                    for w in often))  # fmt: skip
    for table in drawing.tables():
        rows = tuple((word.text, word.count) for word in often)
        if rows:
            yield Grid(table.title, table.columns, rows)
    once = ", ".join(word.text for word in words if word.count == 1)
    if once:
        yield Line(drawing.words("une_fois", mots=once))


def _quiz(drawing: Sketcher) -> Iterator[Block]:
    asked = drawing.activity.questions(drawing.scene.config)  # type: ignore[attr-defined]
    told = drawing.results.questions
    turns = len(told[0].answered)
    bars = tuple(
        Bar(result.text, tuple(_right(result, question.answer, n) for n in range(turns)))
        for question, result in zip(asked, told, strict=True)
    )
    series = tuple(drawing.say("atelier", "tour", nombre=n + 1) for n in range(turns))
    yield drawing.picture(
        Bars(drawing.words("bonnes_reponses"), bars, 100, series if turns > 1 else ())
    )
    grids = {grid.title: grid for grid in drawing.grids()}
    for question in asked:
        if question.question in grids:
            yield grids[question.question]
        yield Line(drawing.words("explication", texte=question.explanation), soft=True)


def _right(result: QuestionResult, answer: str, turn: int) -> int:
    right = sum(c.people[turn] for c in result.choices if c.letter == answer)
    return percent(right, result.answered[turn])


def _dots(drawing: Sketcher) -> Iterator[Block]:
    found = (Bar(c.option.label, (c.dots,), c.ahead) for c in drawing.results.ranked)
    yield from drawing.bars(drawing.words("gommettes"), found)
    yield from drawing.grids()


def _weights(drawing: Sketcher) -> Iterator[Block]:
    weighed = cast("Weighed", getattr(drawing.results, "weighed", drawing.results))
    groups = weighed.weighings
    if groups:
        bars = tuple(
            Bar(share.label, tuple(group.shares[place].mean for group in groups))
            for place, share in enumerate(groups[0].shares)
        )
        most = max((max(bar.values) for bar in bars), default=0.0)
        series = tuple(drawing.actor(group.actor) for group in groups)
        if most > 0:
            yield drawing.picture(Bars(drawing.words("points_moyens"), bars, most, series))
    yield from drawing.grids()


def _square(drawing: Sketcher) -> Iterator[Block]:
    words, goals = drawing.words, drawing.activity.goals()  # type: ignore[attr-defined]
    if drawing.results.places:
        yield drawing.picture(Square(
            title=words("carre_titre"),
            points=tuple(
                (words("carre_point", nom=drawing.actor(p.actor), nombre=p.people), p.x, p.y)
                for p in drawing.results.places
            ),
            corners=(goals["positionnement"], goals["innovation"], goals["modele_eco"],
                     goals["processus"]),
            axes=(words("carre_axe_haut"), words("carre_axe_droite"), words("carre_axe_bas"),
                  words("carre_axe_gauche")),
        ))  # fmt: skip
    yield from _weights(drawing)


def _criteria(drawing: Sketcher) -> Iterator[Block]:
    for result, grid in zip(drawing.results.candidates, drawing.grids(), strict=False):
        yield Heading(drawing.level, result.candidate.name)
        if result.people:
            rows = tuple(Row(c.label, c.counts, mean=c.mean) for c in result.criteria)
            yield drawing.picture(Marks(drawing.words("notes_titre"), rows))
            # the trainer's workbook has the spread and the extremes
            shown = (0, 1, 5, 6)
            yield Grid(
                grid.title,
                tuple(grid.columns[n] for n in shown),
                tuple(tuple(row[n] for n in shown) for row in grid.rows),
            )


def _charter(drawing: Sketcher) -> Iterator[Block]:
    kept = drawing.results.principles
    found = (Bar(c.text, (c.people,), c.people == kept[0].people) for c in kept if c.people)
    yield from drawing.bars(drawing.words("personnes"), found)
    yield from drawing.grids()


def _wall(drawing: Sketcher) -> Iterator[Block]:
    wall, words = drawing.results, drawing.words
    cards = sorted((c for column in wall.columns for c in column.cards), key=lambda c: -c.votes)
    yield from drawing.bars(words("voix_titre"), (Bar(c.title, (c.votes,)) for c in cards
                                                  if c.votes))  # fmt: skip
    for column in wall.columns:
        if column.cards:
            yield Heading(drawing.level, column.label)
            yield Listed(tuple(_card(card, drawing) for card in column.cards))


def _card(card: Any, drawing: Sketcher) -> tuple[str, tuple[str, ...]]:
    title = card.title if card.grouped else drawing.quoted(card.title)
    texts = drawing.each(text.text for text in card.texts) if card.grouped else ()
    if card.votes:
        title = drawing.words("voix", titre=title, nombre=card.votes)
    return title, texts


def _express(drawing: Sketcher) -> Iterator[Block]:
    found: Express = drawing.results
    words = drawing.words
    bars = tuple(
        Bar(words("convention_table", numero=s.number), (s.answered,)) for s in found.tables
    )
    yield from drawing.bars(words("tables_express"), iter(bars), most=found.asked)
    progress = drawing.tables()[0]
    kept = (0, 3, 1, 6, 7)
    yield Grid(
        words("tables_express"),
        tuple(progress.columns[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in progress.rows),
    )
    told = tuple(
        (
            one.label,
            "\n".join(
                words("par_tables", texte=text, tables=", ".join(map(str, tables)))
                for text, tables in one.values
            )
            or words("rien_ecrit"),
        )
        for one in found.comparison
    )
    yield Grid(words("reponses_express"), (words("champ"), words("reponses")), told)
    if found.findings:
        rows = tuple(
            (f"{s.finding.fact} {s.finding.action}", drawing.say("atelier", s.finding.severity),
             s.where)
            for s in found.findings
        )  # fmt: skip
        heads = (words("constat"), words("gravite"), words("tables_colonne"))
        yield Grid(words("alertes_express"), heads, rows)


def _crossed(drawing: Sketcher) -> Iterator[Block]:
    view, words = drawing.results, drawing.words
    if view.people:
        rows = tuple(
            Row(
                gap.label,
                points=tuple((view.actors.index(m.actor), m.mean) for m in gap.by_actor),
                mean=gap.mean,
            )
            for gap in view.gaps
        )
        series = tuple(drawing.actor(actor) for actor in view.actors)
        yield drawing.picture(Marks(words("ecarts_titre"), rows, series))
        found = (Bar(choice.label, (choice.count,)) for choice in view.decisions)
        yield from drawing.bars(words("suites_titre"), found)
        first, *rest = drawing.grids()
        # what is to be discussed shows in the gap
        yield Grid(first.title, first.columns[:-1], tuple(row[:-1] for row in first.rows))
        yield from rest


def _play(drawing: Sketcher) -> Iterator[Block]:
    play, words = drawing.results, drawing.words
    found = (Bar(tally.label, (tally.count,)) for tally in play.tally)
    yield from drawing.bars(words("issues_titre"), found)
    told = [table for table in play.tables if table.label]
    if told:
        yield Grid(
            words("restitution"),
            drawing.tables()[0].columns,
            tuple((t.table, t.label, t.conceded) for t in told),
        )


def _closing(drawing: Sketcher) -> Iterator[Block]:
    for term in drawing.results.terms:
        yield Heading(drawing.level, term.when or drawing.words("sans_echeance"))
        yield listed(*drawing.each(promise.what for promise in term.promises))


def _mood(drawing: Sketcher) -> Iterator[Block]:
    mood, words = drawing.results, drawing.words
    rows = tuple(Row(a.label, a.counts or (), mean=a.mean) for a in mood.averages if a.counts)
    if rows:
        yield drawing.picture(Marks(words("moyenne_sur_5"), rows))
    if mood.people:
        yield from drawing.grids(places=slice(1))
    if mood.words:
        yield Heading(drawing.level, words("mot_fin"))
        yield listed(*drawing.each(word.text for word in mood.words))


SKETCHES: Mapping[str, Sketch] = {
    "expose": _talk,
    "nuage": _cloud,
    "quiz": _quiz,
    "gommettes": _dots,
    "carre-magique": _square,
    "objectifs-communs": _weights,
    "criteres": _criteria,
    "charte": _charter,
    "mur": _wall,
    "convention-express": _express,
    "evaluation-croisee": _crossed,
    "jeu-de-role": _play,
    "engagements": _closing,
    "satisfaction": _mood,
}


def _alt(chart: Chart, words: Words) -> str:
    lines: list[tuple[str, tuple[float, ...]]]
    match chart:
        case Bars():
            lines = [(bar.name, bar.values) for bar in chart.bars]
        case Marks():
            lines = [(r.name, (r.mean,) if r.mean is not None else tuple(v for _, v in r.points))
                     for r in chart.rows]  # fmt: skip
        case Square():
            lines = [(name, (x, y)) for name, x, y in chart.points]
    said = (
        words("graphique_ligne", nom=name, valeurs=" ; ".join(map(figure, values)))
        for name, values in lines
    )
    return words("graphique", titre=chart.title, lignes=". ".join(said))


def _told_apart(table: Table) -> Iterator[Grid]:
    """A table whose first column repeats its subject, as one table a subject."""
    subjects = list(dict.fromkeys(row[0] for row in table.rows))
    repeated = len(table.rows) >= 2 * len(subjects) and len(table.columns) > 2
    if not repeated or any(not isinstance(subject, str) for subject in subjects):
        yield Grid(table.title, table.columns, table.rows)
        return
    for subject in subjects:
        rows = tuple(row[1:] for row in table.rows if row[0] == subject)
        yield Grid(str(subject), table.columns[1:], rows)
