"""Whether the way a question is asked fits the slot it fills."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from assistant.casefile.paths import model_of
from assistant.casefile.shape import degrees, kind, literals

# What a slot of each kind may be asked as.
_ASKED_AS: Mapping[str, frozenset[str]] = MappingProxyType({
    "choix": frozenset({"choix"}),
    "multi": frozenset({"multi"}),
    "oui_non": frozenset({"oui_non"}),
    "date": frozenset({"date"}),
    "montant": frozenset({"montant"}),
    "pourcentage": frozenset({"nombre"}),
    "nombre": frozenset({"nombre", "echelle", "choix"}),
    "texte": frozenset({"texte", "choix"}),
    "liste": frozenset({"liste", "multi"}),
    "tableau": frozenset({"tableau", "formulaire"}),
    "par_partie": frozenset({"texte", "liste", "oui_non"}),
    "bloc": frozenset({"repartition", "echelle"}),
})  # fmt: skip


def unfit(
    slot: str, asked_as: str, values: Sequence[bool | int | str], *, opened: bool
) -> Iterator[str]:
    """What does not fit, as short ASCII words for developers; nothing when all does.

    Choices must be exactly the allowed values of an enumerated slot, the marks of a short scale,
    the names in a block; a closed choice on free text is refused.
    """
    held = kind(slot)
    if asked_as not in _ASKED_AS[held]:
        yield f"type {asked_as} ({held})"
    expected = _expected(slot, held)
    if len(set(values)) != len(values):
        yield "choix (double)"
    if expected and values and set(values) != set(expected):
        yield f"choix {sorted(map(str, set(values) ^ set(expected)))}"
    if asked_as in ("choix", "multi", "repartition") and not values:
        yield "choix"
    if asked_as in ("choix", "multi") and not expected and not opened and slot not in _CLOSED:
        yield "ouvert"


# Lists of text whose values the code knows, without their being enumerated in the type.
_CLOSED = frozenset({"fragilites", "docs_demandes", "sujets_sensibles"})


def _expected(slot: str, held: str) -> tuple[bool | int | str, ...]:
    if held == "bloc":
        model = model_of(slot)
        return tuple(model.model_fields) if model else ()
    return literals(slot) or degrees(slot)
