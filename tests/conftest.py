"""The two things that cost seconds are made once a session: the index of the real content, and its engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.bootstrap import Engine, build_engine
from assistant.settings import Settings

settings.register_profile("suite", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("suite")


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
