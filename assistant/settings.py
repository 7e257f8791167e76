"""The only reader of the environment: typed, frozen, defaulted for one's own machine."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import CallerError

INSTALLED_CORPUS = Path(__file__).parent.parent / "corpus"
INSTALLED_PROMPTS = Path(__file__).parent.parent / "prompts"
TRACING = ("TRACING", "TRACING_V2", "HANDLER", "GATEWAY")


def _unless_empty(value: object) -> object:
    return None if value == "" else value


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
    database_url: SecretStr | None = Field(
        default=None,
        description="a PostgreSQL address, for several workers; SQLite in the data directory else",
    )
    public_url: str | None = Field(
        default=None, description="the address that phones reach, when it is not the host's"
    )
    max_question: int = Field(default=2_000, ge=1, description="characters in one question")
    max_message: int = Field(
        default=40_000,
        ge=1,
        description="characters in one message to the coach, pasted texts included",
    )
    max_file: int = Field(default=50_000_000, ge=1, description="bytes in one imported file")
    llm: str | None = Field(
        default=None, description="language model, provider:model; none unless given"
    )
    llm_url: Annotated[str | None, BeforeValidator(_unless_empty)] = Field(
        default=None, description="address of its server, over the provider's own"
    )
    llm_key: Annotated[SecretStr | None, BeforeValidator(_unless_empty)] = Field(
        default=None, description="its key, over the provider's usual variable"
    )
    llm_temperature: Annotated[float | None, BeforeValidator(_unless_empty)] = Field(
        default=0.0, ge=0, le=2, description="empty for the provider's own"
    )
    llm_method: Annotated[
        Literal["json_schema", "function_calling", "json_mode"] | None,
        BeforeValidator(_unless_empty),
    ] = Field(default=None, description="how objects are asked for, over the provider's own way")
    llm_max_tokens: int = Field(default=2_000, ge=16, description="tokens in one reply")
    llm_first_token: float = Field(default=20.0, gt=0, description="seconds before a reply begins")
    llm_idle: float = Field(default=15.0, gt=0, description="seconds between two pieces of a reply")
    llm_total: float = Field(default=120.0, gt=0, description="seconds for a whole reply")
    llm_tokens_per_day: int = Field(
        default=2_000_000, ge=0, description="tokens spent in a day by one process; 0: no limit"
    )
    llm_mask: Annotated[bool | None, BeforeValidator(_unless_empty)] = Field(
        default=None,
        description="names, identifiers and amounts replaced before sending; off only on this "
        "machine unless told",
    )
    llm_reading: float = Field(
        default=4.0,
        ge=0,
        le=60,
        description="seconds that the coach waits for a model's reading of a message; 0: it does "
        "not read them",
    )
    llm_tokens_per_conversation: int = Field(
        default=300_000, ge=0, description="tokens spent by one conversation; 0: no limit"
    )


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


def provider_key(variable: str) -> SecretStr | None:
    """A provider's key in its usual variable, None when it is not there."""
    value = os.environ.get(variable, "").strip()
    return SecretStr(value) if value else None


def forbid_tracing() -> None:
    """Let no variable make LangChain send what it does to LangSmith, or go through it."""
    for name in TRACING:
        for prefix in ("LANGSMITH_", "LANGCHAIN_"):
            os.environ.pop(prefix + name, None)
    os.environ["LANGSMITH_TRACING"] = "false"
