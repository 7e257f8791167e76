"""Dated figures: thresholds, rates, deadlines and choices of this tool.

None of them stands in code; ``corpus/parametres.yaml`` holds each with its validity, the day it
was checked, its source and its reservation (domain/conventions.md §0.4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from assistant.casefile.source import Cited
from assistant.drafting import figures
from assistant.errors import CallerError
from assistant.knowledge.content import Strict, Text, load_yaml, validate

FILE = "parametres.yaml"


class Status(StrEnum):
    """Whether a figure may be shown as it is; the values name a mention of the content."""

    VALID = "valid"
    EXPIRED = "expired"
    UNVERIFIED = "unverified"


def _exact(value: Any) -> Any:
    # YAML gives binary floats; thresholds are compared, so they are decimals from the start
    if isinstance(value, bool):
        raise ValueError("nombre")  # noqa: TRY004 - pydantic turns ValueError into its own error
    return Decimal(str(value)) if isinstance(value, int | float) else value


Value = Annotated[Decimal | date | str, BeforeValidator(_exact)]


class Parameter(Strict):
    """One figure, or several that go together under sub-keys.

    ``unite`` is shown after a number (« € », « mois »); it may differ by sub-key. A figure with
    ``a_verifier`` was not read again in the text itself, or is doubtful: ``reserve`` says why.
    """

    libelle: Text
    valeur: Value | dict[str, Value]
    unite: str | dict[str, str] = ""
    valide_du: date | None = None
    valide_jusqu_au: date | None = None
    verifie_le: date
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]
    reserve: Text | None = None
    a_verifier: bool = False

    @model_validator(mode="after")
    def _coherent(self) -> "Parameter":
        names = set(self.valeur) if isinstance(self.valeur, dict) else set()
        units = set(self.unite) if isinstance(self.unite, dict) else set()
        if not units <= names:
            raise ValueError(f"unite: {sorted(units - names)}")
        if self.valide_du and self.valide_jusqu_au and self.valide_jusqu_au < self.valide_du:
            raise ValueError("valide_jusqu_au")
        return self

    def status(self, today: date) -> Status:
        """What may be said of this figure on a day; being out of date wins over doubt."""
        if self.valide_jusqu_au is not None and today > self.valide_jusqu_au:
            return Status.EXPIRED
        return Status.UNVERIFIED if self.a_verifier else Status.VALID

    def value(self, name: str = "") -> Decimal | date | str:
        """The figure, by sub-key when there are several; raises ``KeyError``."""
        if isinstance(self.valeur, dict):
            return self.valeur[name]
        if name:
            raise KeyError(name)
        return self.valeur

    def unit(self, name: str = "") -> str:
        """The unit of one figure."""
        return self.unite.get(name, "") if isinstance(self.unite, dict) else self.unite

    def written(self, name: str = "") -> str:
        """The figure as a person reads it, without its mention."""
        value = self.value(name)
        if isinstance(value, date):
            return figures.day(value)
        if isinstance(value, str):
            return value
        unit = self.unit(name)
        return figures.euros(value) if unit == "€" else f"{figures.number(value)} {unit}".strip()


class _File(Strict):
    mentions: dict[Status, Text]
    parametres: dict[str, Parameter]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every figure by key; a path is a key, followed by ``.sub-key`` when it holds several."""

    entries: Mapping[str, Parameter]
    mentions: Mapping[Status, str]

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order of the file."""
        return iter(self.entries)

    def entry(self, path: str) -> Parameter:
        """The parameter that a path names or belongs to; raises ``KeyError``."""
        return self._find(path)[0]

    def amount(self, path: str) -> Decimal:
        """A number, in the unit of the entry; raises ``KeyError``, ``TypeError`` for no number."""
        value = self._read(path)
        if not isinstance(value, Decimal):
            raise TypeError(path)
        return value

    def day(self, path: str) -> date:
        """A date; raises ``KeyError``, or ``TypeError`` when it is not one."""
        value = self._read(path)
        if not isinstance(value, date):
            raise TypeError(path)
        return value

    def text(self, path: str) -> str:
        """A word or the number of a form; raises ``KeyError``, ``TypeError`` for no text."""
        value = self._read(path)
        if not isinstance(value, str):
            raise TypeError(path)
        return value

    def shown(self, path: str, today: date) -> str:
        """The figure with its unit; past its date or unverified, it says so in parentheses."""
        entry, name = self._find(path)
        mention = self.mention(path, today)
        return f"{entry.written(name)} ({mention})" if mention else entry.written(name)

    def mention(self, path: str, today: date) -> str:
        """What must accompany the figure wherever it is shown; empty when it stands."""
        entry = self.entry(path)
        template = self.mentions.get(entry.status(today), "")
        until = figures.day(entry.valide_jusqu_au) if entry.valide_jusqu_au else ""
        return template.format(jusqu_au=until)

    @property
    def vintage(self) -> date:
        """The day of the last check of any figure: ``parametres_millesime`` of documents."""
        return max(entry.verifie_le for entry in self.entries.values())

    def _read(self, path: str) -> Decimal | date | str:
        entry, name = self._find(path)
        return entry.value(name)

    def _find(self, path: str) -> tuple[Parameter, str]:
        if path in self.entries:
            return self.entries[path], ""
        key, _, name = path.rpartition(".")
        if key not in self.entries:
            raise KeyError(path)
        return self.entries[key], name


@dataclass(frozen=True, slots=True)
class Figures(Mapping[str, str]):
    """Parameters as a mapping for templates: ``{p[subvention.seuil_convention]}``."""

    parameters: Parameters
    today: date

    def __getitem__(self, path: str) -> str:
        """The figure as shown that day."""
        return self.parameters.shown(path, self.today)

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self.parameters.entries)

    def __len__(self) -> int:
        """How many keys."""
        return len(self.parameters.entries)


def load_parameters(corpus: Path) -> Parameters:
    """Read ``parametres.yaml`` of a content directory.

    Raises ``CallerError`` when it is missing, ``InvalidContent`` naming the wrong field.
    """
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CallerError("fichier_introuvable", fichier=str(path)) from error
    read = validate(_File, load_yaml(text, name=FILE), name=FILE)
    return Parameters(entries=read.parametres, mentions=read.mentions)
