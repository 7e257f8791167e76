"""Complete clean cases of every document (``clean_cases.yaml``), and copies with slots changed."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _cases() -> dict[str, Any]:
    text = (Path(__file__).parent / "clean_cases.yaml").read_text(encoding="utf-8")
    return {name: case for name, case in yaml.safe_load(text).items() if name != "communs"}


def names() -> list[str]:
    return list(_cases())


def a_case(name: str) -> tuple[str, dict[str, Any]]:
    """The contract and the facts of a clean case, free to be changed."""
    case = _cases()[name]
    return case["contrat"], copy.deepcopy(case["faits"])


def changed(facts: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy where each dotted slot holds its new value; None takes the slot away."""
    result = copy.deepcopy(facts)
    for path, value in changes.items():
        branch: Any = result
        *parents, last = path.split(".")
        for part in parents:
            if isinstance(branch, list):
                branch = branch[int(part)]
            else:
                if branch.get(part) is None:
                    branch[part] = {}
                branch = branch[part]
        if isinstance(branch, list):
            branch[int(last)] = value
        elif value is None:
            branch.pop(last, None)
        else:
            branch[last] = value
    return result
