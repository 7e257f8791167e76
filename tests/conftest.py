"""The two things that cost seconds are made once a session: the index of the real content, and its engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.bootstrap import Engine, build_engine
from assistant.settings import Settings

# The files that take long, longest first: two workers that begin with them end together, and
# those of tests/journeys, one after another, open one browser and one application.
LONG = (
    "journeys/test_workshop.py",
    "journeys/test_document_looks.py",
    "journeys/test_projection.py",
    "journeys/test_looks.py",
    "journeys/test_asking.py",
    "journeys/test_trainer.py",
    "journeys/test_dossier_looks.py",
    "journeys/test_streaming.py",
    "journeys/test_injection_browser.py",
    "connectors/test_mcp.py",
    "web/test_answer_stream.py",
    "web/test_privacy.py",
    "test_cli.py",
    "coaching/test_engine_machine.py",
    "drafting/rendering/test_libreoffice.py",
    "knowledge/test_index_store.py",
    "knowledge/test_embedding.py",
    "llm/test_injection.py",
    "eval/test_quality.py",
    "web/test_killed.py",
    "web/test_live.py",
    "web/test_lan.py",
    "web/test_refresh.py",
    "web/test_imports.py",
)

settings.register_profile("suite", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    # with pytest-xdist: files go to workers in our order, not by how many tests they hold
    config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)  # after the modules have been shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    ranks = {here / name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that holds the index of the real content; do not import into it."""
    directory = tmp_path_factory.mktemp("data")
    build_engine(Settings(data=directory)).close()
    return directory


@pytest.fixture(scope="session")
def engine(data_directory: Path) -> Iterator[Engine]:
    """The real content, ready to answer."""
    opened = build_engine(Settings(data=data_directory))
    yield opened
    opened.close()
