"""Conditions of content: named functions over facts, joined by et, ou, non.

Two readings. ``truth`` is three-valued (Kleene): what is unknown stays unknown, so that more
information never turns a certain answer round. ``shown`` takes the unknown for false: it decides
what is printed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.casefile import paths
from assistant.casefile.base import Block
from assistant.casefile.facts import Facts

Truth = bool | None


@dataclass(frozen=True, slots=True)
class View:
    """The facts, and the row a condition looks at (one party, one line), if any."""

    facts: Facts
    row: Block | None = None

    def get(self, slot: str) -> Any:
        """What a slot holds, None when unknown; a leading dot reads the row."""
        value = self._read(slot)
        return value if paths.given(value) else None

    def _read(self, slot: str) -> Any:
        if not slot.startswith("."):
            return paths.read(self.facts, slot)
        return None if self.row is None else paths.read(self.row, slot[1:])


Named = Callable[[View], Truth]
REGISTRY: dict[str, Named] = {}


def condition(function: Named) -> Named:
    """Register a condition under its function's name."""
    if REGISTRY.setdefault(function.__name__, function) is not function:
        raise ValueError(function.__name__)
    return function


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition as content writes it: ``kind`` is nom, connu, vide, vaut, et, ou or non."""

    kind: str
    name: str = ""
    values: tuple[Any, ...] = ()
    parts: tuple["Rule", ...] = ()


def parse_rule(value: Any) -> Rule:
    """Read a ``si:`` of content; raises ``ValueError`` when it is not one."""
    if isinstance(value, Rule):
        return value
    if isinstance(value, str):
        return Rule("nom", value)
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(str(value))
    ((kind, inner),) = value.items()
    if kind in ("connu", "vide"):
        return Rule(kind, str(inner))
    if kind == "vaut" and isinstance(inner, dict) and inner:
        parts = tuple(
            Rule("vaut", str(slot), tuple(v) if isinstance(v, list) else (v,))
            for slot, v in inner.items()
        )
        return parts[0] if len(parts) == 1 else Rule("et", parts=parts)
    if kind in ("et", "ou") and isinstance(inner, list) and inner:
        return Rule(kind, parts=tuple(parse_rule(part) for part in inner))
    if kind == "non":
        return Rule("non", parts=(parse_rule(inner),))
    raise ValueError(str(value))


def leaves(rule: Rule | None) -> tuple[Rule, ...]:
    """The simple conditions that a rule is made of."""
    if rule is None:
        return ()
    return (rule,) if not rule.parts else tuple(x for part in rule.parts for x in leaves(part))


def _leaf(rule: Rule, view: View) -> Truth:
    if rule.kind == "nom":
        return REGISTRY[rule.name](view)
    value = view.get(rule.name)
    if value is None:
        return None
    if rule.kind == "vide":
        return bool(value == ())
    if rule.kind == "connu":
        return bool(value != ())
    return value in rule.values


def truth(rule: Rule | None, view: View) -> Truth:
    """Three-valued; no rule is true."""
    if rule is None:
        return True
    if not rule.parts:
        return _leaf(rule, view)
    values = [truth(part, view) for part in rule.parts]
    if rule.kind == "non":
        return None if values[0] is None else not values[0]
    decisive = rule.kind == "ou"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def shown(rule: Rule | None, view: View) -> bool:
    """Two-valued: what is unknown is false before ``non`` is applied."""
    if rule is None:
        return True
    if not rule.parts:
        return bool(_leaf(rule, view))
    values = [shown(part, view) for part in rule.parts]
    if rule.kind == "non":
        return not values[0]
    return any(values) if rule.kind == "ou" else all(values)
