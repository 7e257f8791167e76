"""The only reader of the environment: typed, frozen, defaulted for one's own machine."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import CallerError

INSTALLED_CORPUS = Path(__file__).parent.parent / "corpus"


def default_data() -> Path:
    """Where conversations, imports and the index live unless told otherwise."""
    return Path.home() / ".local" / "share" / "cote-a-cote"


class Settings(BaseSettings):
    """Every setting, each also a variable named ``ASSISTANT_`` plus the upper-case name."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    data: Path = Field(default_factory=default_data, description="data directory")
    corpus: Path = Field(default=INSTALLED_CORPUS, description="content directory")
    models: Path | None = Field(
        default=None, description="an organisation's own clauses and templates, over ours"
    )
    embedding_model: str | None = Field(
        default=None, description="another SentenceTransformer, by path or name"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8765, ge=0, le=65535, description="port to listen on; 0 takes a free one"
    )
    max_question: int = Field(default=2_000, ge=1, description="characters in one question")
    max_message: int = Field(
        default=40_000,
        ge=1,
        description="characters in one message to the coach, pasted texts included",
    )
    max_file: int = Field(default=50_000_000, ge=1, description="bytes in one imported file")


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, then ``overrides`` that are not None.

    Raises ``CallerError`` naming the first setting that is not valid.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise CallerError("reglage_invalide", reglage=name, raison=first["msg"]) from error
