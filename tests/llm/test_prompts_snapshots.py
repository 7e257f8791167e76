"""Every prompt as it is sent, word for word: ``python -m tests.llm.test_prompts_snapshots`` writes.

``snapshots/NAME.yaml`` holds the values of one case each, ``snapshots/NAME.CASE.txt`` what they give.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.llm.prompts import Prompts
from assistant.settings import INSTALLED_PROMPTS

SNAPSHOTS = Path(__file__).parent / "snapshots"
PROMPTS = Prompts(INSTALLED_PROMPTS)


def cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted(SNAPSHOTS.glob("*.yaml")):
        for case, values in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            yield path.stem, case, values


def rendered(name: str, values: dict[str, Any]) -> str:
    prompt = PROMPTS.render(name, **values)
    return f"=== system\n{prompt.system}\n=== user\n{prompt.user}\n"


def kept(name: str, case: str) -> Path:
    return SNAPSHOTS / f"{name}.{case}.txt"


@pytest.mark.parametrize("name", PROMPTS.names())
def test_every_prompt_has_a_snapshot(name: str) -> None:
    assert name in {known for known, _, _ in cases()}


@pytest.mark.parametrize(("name", "case", "values"), list(cases()))
def test_what_is_sent_is_what_was_read_and_agreed(
    name: str, case: str, values: dict[str, Any]
) -> None:
    assert rendered(name, values) == kept(name, case).read_text(encoding="utf-8")


def test_there_is_no_snapshot_of_nothing() -> None:
    written = {path.name for path in SNAPSHOTS.glob("*.txt")}

    assert written == {kept(name, case).name for name, case, _ in cases()}


def write() -> None:
    """Write what the prompts give now; read the difference before it is committed."""
    for name, case, values in cases():
        kept(name, case).write_text(rendered(name, values), encoding="utf-8")


if __name__ == "__main__":
    write()
