"""A room that plays one activity, through the same decisions as a real one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.workshop import commands
from assistant.workshop.activities import Registry, build_activities
from assistant.workshop.activity import Activity, Scene
from assistant.workshop.agenda import Case
from assistant.workshop.commands import Command
from assistant.workshop.events import Arranged, Joined
from tests.workshop.building import Story, activities, item

ITEM = "moment"


class Play:
    """One item open in a room; people are known by their names."""

    def __init__(self, kind: str, *, registry: Registry | None = None, **config: Any) -> None:
        self.registry = registry or activities()
        self.activity: Activity[Any, Any, Any] = self.registry[kind]
        self.story = Story(item(ITEM, kind, **config))
        self._nonce = 0

    def comes(self, *names: str, actor: Any = None, table: int | None = None) -> "Play":
        for name in names:
            self.story.add(Joined(name=name, actor=actor, table=table), by=name)
        return self

    def arranged(self, tables: int) -> "Play":
        self.story.add(Arranged(tables=tables))
        return self

    def does(self, action: str, **given: Any) -> "Play":
        command = Command(action=action, **{"item": ITEM, **given})
        self.story.add(*commands.directing(self.story.room, self.registry, command))
        return self

    def opens(self) -> "Play":
        return self.does("ouvrir")

    def says(self, who: str, form: Mapping[str, Sequence[str]] | None) -> "Play":
        """Send a form, or abstain."""
        self._nonce += 1
        events = commands.contributing(
            self.story.room, self.registry, who, ITEM, form=form, nonce=f"nonce-{self._nonce:06}"
        )
        self.story.add(*events, by=who)
        return self

    def takes_back(self, who: str, key: str) -> "Play":
        self._nonce += 1
        nonce = f"nonce-{self._nonce:06}"
        events = commands.withdrawing(
            self.story.room, self.registry, who, ITEM, key=key, nonce=nonce
        )
        self.story.add(*events, by=who)
        return self

    def number(self, who: str, place: int = -1) -> int:
        """The number of one of somebody's contributions."""
        return self.scene.mine(who)[place].seq

    def hides(self, who: str, place: int = -1) -> "Play":
        return self.does("masquer", entry=self.number(who, place))

    @property
    def scene(self) -> Scene[Any]:
        room = self.story.room
        found = room.agenda.item(ITEM)
        assert found is not None
        return self.activity.scene(room, found)

    @property
    def results(self) -> Any:
        return self.activity.results(self.scene)

    def private(self, who: str) -> Any:
        return self.activity.private(self.scene, self.story.room.people[who])

    def sheets(self) -> list[list[tuple[Any, ...]]]:
        return [list(table.rows) for table in self.activity.tables(self.scene)]


def blind(value: Any) -> Any:
    """Without the numbers of entries, which say only when something came."""
    if hasattr(value, "__dataclass_fields__"):
        kept = {
            name: blind(getattr(value, name))
            for name in value.__dataclass_fields__
            if name != "entry"
        }
        return replace_all(value, kept)
    return tuple(map(blind, value)) if isinstance(value, tuple) else value


def replace_all(value: Any, kept: Mapping[str, Any]) -> Any:
    return replace(value, entry=0, **kept) if hasattr(value, "entry") else replace(value, **kept)


def text_of(value: Any) -> str:
    """Everything that a result could show."""
    return repr(value)


def rectangular(tables: Iterable[Any]) -> bool:
    """Whether each row of a sheet has one value a column."""
    return all(len(row) == len(table.columns) for table in tables for row in table.rows)


def a_case(**changes: Any) -> Case:
    """A company gives money to an association; two roles, or as many as said."""
    values: dict[str, Any] = {
        "id": "le-don",
        "title": "Le don",
        "level": "decouverte",
        "lead": "association",
        "territory": "Valdorge (fictif)",
        "story": "Une entreprise veut aider une association.",
        "stakes": ["Se dire ce que chacun reçoit."],
        "roles": [a_role("presidente"), a_role("gerant", "entreprise")],
        "facts": {
            "acteur_type": "association",
            "acteur_nom": "Les Jardins",
            "partenaire_type": "entreprise",
            "partenaire_nom": "Verdier",
            "sens_apport": "E_vers_A",
            "flux": ["don_numeraire"],
            "contrepartie_niveau": "aucune",
            "payeur_public": False,
            "don": {"montant": 8000},
            "duree": {"date_debut": "2027-03-01"},
        },
        "expected": {"categorie": "mecenat", "contrat": "mecenat_financier"},
        "debrief": ["Un don."],
    }
    return Case.model_validate({**values, **changes})


def a_role(name: str, actor: str = "association") -> dict[str, Any]:
    return {
        "id": name,
        "actor": actor,
        "name": f"Rôle {name}",
        "brief": f"Ce que tous savent de {name}.",
        "secret": [f"SECRET de {name}"],
    }


def over(*cases: Case) -> Registry:
    """The activities over these cases."""
    tools = activities()["expose"].tools
    return build_activities(replace(tools, cases={case.id: case for case in cases}))
