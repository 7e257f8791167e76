"""Which slots a clause names, read off its syntax without rendering it."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from assistant.drafting.documents.language import ROW, tree

_SLOT_HELPERS = frozenset(
    "v montant lettres date jours mois pourcent liste premier libelle choix connu vaut lignes "
    "par_partie".split()
)
PRINTING = frozenset(
    "v montant lettres date jours mois pourcent liste premier lignes par_partie vaut".split()
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One call: the helper, and the slot pattern or name it was given."""

    helper: str
    name: str
    is_slot: bool


def references(text: str, rows_of: str | None = None) -> list[Reference]:
    """Every call of a clause; ``rows_of`` is the list whose row a cell of a table reads."""
    parsed = tree(text)
    prefixes = {ROW: f"{rows_of}[]." if rows_of else ""}
    for loop in parsed.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name):
            prefixes[loop.target.name] = _prefix(loop.iter)
    return [ref for call in parsed.find_all(nodes.Call) for ref in _calls(call, prefixes)]


def _prefix(iterated: nodes.Node) -> str:
    if isinstance(iterated, nodes.Name):
        return f"{iterated.name}[]."
    if isinstance(iterated, nodes.Call) and isinstance(iterated.node, nodes.Name):
        first = iterated.args[0] if iterated.args else None
        if iterated.node.name == "lignes" and isinstance(first, nodes.Const):
            return f"{first.value}[]."
    return ""


def _calls(call: nodes.Call, prefixes: dict[str, str]) -> Iterator[Reference]:
    names = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
    if isinstance(call.node, nodes.Name):
        helper, prefix = call.node.name, ""
    elif isinstance(call.node, nodes.Getattr) and isinstance(call.node.node, nodes.Name):
        helper, prefix = call.node.attr, prefixes.get(call.node.node.name, "")
    else:
        return
    is_slot = helper in _SLOT_HELPERS
    kept = names if helper == "premier" else names[:1]
    if not kept:
        yield Reference(helper, "", is_slot=False)
    for name in kept:
        yield Reference(helper, f"{prefix}{name}" if is_slot else str(name), is_slot)
