"""How slots and their values read in French, from ``corpus/champs.yaml`` and ``valeurs.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from assistant.casefile.shape import degrees, kind, literals, paths
from assistant.errors import InvalidContent
from assistant.knowledge.content import Strict, load_yaml, validate
from assistant.typography import french

FIELDS, VALUES = "champs.yaml", "valeurs.yaml"
SCALES = frozenset({"coconstruction", "maturite"})  # marks that have a name
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(french)
]


def _as_label(value: Any) -> Any:
    return {"libelle": value} if isinstance(value, str) else value


class Label(Strict):
    """The name of a slot or of a column, and how to fill it."""

    libelle: Text
    aide: Text | None = None
    exemple: Text | None = None


class _Fields(Strict):
    champs: dict[str, Annotated[Label, BeforeValidator(_as_label)]]


class ValueList(Strict):
    """The labels of the values that some slots share; ``ouverte`` when others are allowed."""

    champs: tuple[str, ...]
    ouverte: bool = False
    libelles: dict[str, Text]


class _Truth(Strict):
    vrai: Text
    faux: Text


class _Values(Strict):
    booleens: _Truth
    valeurs: tuple[ValueList, ...]


class Labels:
    """Names of slots, columns and values, typeset."""

    def __init__(
        self, fields: Mapping[str, Label], lists: tuple[ValueList, ...], truth: tuple[str, str]
    ) -> None:
        self.fields = fields
        self.lists = lists
        self._by_slot = {slot: listed for listed in lists for slot in listed.champs}
        self._truth = truth

    def of(self, path: str) -> Label:
        """The label of a slot or of a column, indexes ignored: ``parties.0.siren``.

        Raises ``KeyError`` for a path that does not exist.
        """
        return self.fields[without_places(path)]

    def name(self, path: str) -> str:
        """The short name alone; raises ``KeyError``."""
        return self.of(path).libelle

    def values(self, path: str) -> Mapping[str, str]:
        """Labels by value of a slot with known values; empty for any other."""
        listed = self._by_slot.get(without_places(path))
        return listed.libelles if listed else {}

    def value(self, path: str, value: Any) -> str:
        """One value as people read it; what has no label is returned as text, typeset."""
        if isinstance(value, bool):
            return self._truth[0] if value else self._truth[1]
        return self.values(path).get(str(value)) or french(str(value))


def load_labels(corpus: Path) -> Labels:
    """The labels of a content directory; whether they are complete is for ``gaps``.

    Raises ``InvalidContent`` for a file that is missing or does not follow its schema.
    """
    fields = validate(_Fields, {"champs": _read(corpus, FIELDS)}, name=FIELDS).champs
    values = validate(_Values, _read(corpus, VALUES), name=VALUES)
    return Labels(fields, values.valeurs, (values.booleens.vrai, values.booleens.faux))


def gaps(labels: Labels) -> list[str]:
    """What has no label, and what is labelled and does not exist: slots, columns, values."""
    found = [f"{FIELDS}: {path}" for path in sorted(set(labels.fields) ^ set(paths()))]
    named = [slot for listed in labels.lists for slot in listed.champs]
    found += [f"{VALUES}: {slot}" for slot in sorted({s for s in named if named.count(s) > 1})]
    enumerated = {path for path in paths() if literals(path)} | SCALES
    opened = {slot for listed in labels.lists if listed.ouverte for slot in listed.champs}
    found += [f"{VALUES}: {slot}" for slot in sorted(set(named) ^ (enumerated | opened))]
    for slot in enumerated & set(named):
        expected = set(literals(slot) or map(str, degrees(slot)))
        found += [f"{VALUES}: {slot}.{v}" for v in sorted(set(labels.values(slot)) ^ expected)]
    wrong = {slot for slot in opened & set(paths()) if kind(slot) not in ("texte", "liste")}
    return found + [f"{VALUES}: {slot}" for slot in sorted((opened - set(paths())) | wrong)]


def _read(corpus: Path, name: str) -> dict[str, Any]:
    path = corpus / name
    try:
        return load_yaml(path.read_text(encoding="utf-8"), name=name)
    except OSError as error:
        raise InvalidContent("fichier_introuvable", fichier=str(path)) from error


def without_places(path: str) -> str:
    """``parties.0.siren`` → ``parties.siren``."""
    return ".".join(part for part in path.split(".") if not part.isdigit())
