"""The rules that a linter does not know, and what the documents promise about the code."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.builders import ROOT

MODULES = sorted(
    path for package in ("assistant", "web", "eval") for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts  # migrations are a list of columns
)  # fmt: skip
SPEAKING = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "eval"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def test_modules_are_short() -> None:
    long = {
        named(p): n for p in MODULES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }

    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{named(path)}:{f.name}": lines
        for path in MODULES
        for f in functions(path)
        if (lines := (f.end_lineno or 0) - f.lineno + 1) > 45
    }

    assert long == {}


def test_functions_take_few_unnamed_parameters() -> None:
    many = {
        f"{named(path)}:{f.name}": count
        for path in MODULES
        for f in functions(path)
        if (count := len(f.args.posonlyargs + f.args.args)) > 6
    }

    assert many == {}


def docstrings(tree: ast.AST) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def french_sentences(source: str) -> list[str]:
    """String literals that read as French: three words, an accent, and not a pattern."""
    tree = ast.parse(source)
    skipped = docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and re.search("[àâçéèêëîïôûùüœÀÉÈÊÇ]", node.value)
        and len(re.findall(r"[^\W\d_]{2,}", node.value)) >= 3
        and not re.search(r"\\[bswd]|\(\?", node.value)
    ]


def test_a_french_sentence_is_recognised() -> None:
    assert french_sentences("x = 'La question est écrite.'") == ["La question est écrite."]
    assert french_sentences('def f():\n    """La question est écrite."""') == []
    assert french_sentences(r"x = r'\bétape une deux\b'") == []


@pytest.mark.parametrize("path", SPEAKING, ids=named)
def test_no_sentence_that_people_read_stands_in_python(path: Path) -> None:
    assert french_sentences(path.read_text(encoding="utf-8")) == []


# The documents


def fenced(text: str) -> list[str]:
    return [block.strip() for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)]


def test_the_two_commands_of_the_readme_work_and_the_tests_are_those_of_ci() -> None:
    serve, test = fenced((ROOT / "README.md").read_text(encoding="utf-8"))[:2]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "scripts"
    ]

    assert len(serve.splitlines()) == len(test.splitlines()) == 1
    assert test in ci.splitlines()
    assert serve.endswith(".venv/bin/assistant serve")
    assert "assistant" in scripts
    assert test.split()[-5:] == [".venv/bin/pytest", "-n", "2", "--dist", "loadfile"]
    for command in (serve, test):
        locks = re.findall(r"[\w-]+\.lock", command)
        assert locks
        assert all((ROOT / lock).is_file() for lock in locks)


def test_ci_can_be_run() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def packages() -> list[str]:
    found = [p.parent for p in ROOT.glob("*/__init__.py")] + [
        p.parent for p in ROOT.glob("*/*/__init__.py")
    ]
    kept = [p.relative_to(ROOT).parts for p in found if p.relative_to(ROOT).parts[0] != "tests"]
    return sorted({parts[-1] for parts in kept} | {"corpus", "prompts"})


@pytest.mark.parametrize("package", packages())
def test_the_tour_names_every_package(package: str) -> None:
    assert f"{package}/" in (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")


def test_the_tour_names_only_files_that_exist() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`([\w/]+\.(?:py|md|yaml))`", text))
    existing = [p.as_posix() for p in ROOT.rglob("*") if ".venv" not in p.parts]

    assert {name for name in names if not any(p.endswith(f"/{name}") for p in existing)} == set()


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_documented(setting: str) -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]

    assert any(f"`ASSISTANT_{setting.upper()}`" in p.read_text(encoding="utf-8") for p in documents)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {n.lower() for n in re.findall(r"`ASSISTANT_(\w+)`", text)} <= set(Settings.model_fields)


def test_every_command_is_in_the_readme() -> None:
    from assistant.cli import _parser
    from assistant.texts import load_texts

    text = " ".join(fenced((ROOT / "README.md").read_text(encoding="utf-8")))
    actions = _parser(load_texts(ROOT / "corpus"), [])._subparsers
    assert actions is not None
    for name in actions._group_actions[0].choices or ():
        assert re.search(rf"\b{name}\b", text), name


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{named(path)} → {target}"


def test_only_settings_and_the_command_read_the_environment() -> None:
    readers = {
        named(p)
        for p in SPEAKING
        if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))
    }

    assert readers <= {"assistant/settings.py", "assistant/cli.py"}
