"""The sentences of the scripts, which are content: eval/datasets/scripted."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DIRECTORY = Path(__file__).parents[1] / "datasets" / "scripted"


@cache
def phrases(name: str) -> dict[str, Any]:
    """The content of one file of sentences, by key."""
    loaded = yaml.safe_load((DIRECTORY / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded
