"""Which model ``ASSISTANT_LLM`` names, where it is, and what its server is known to accept."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import CallerError
from assistant.settings import Settings, provider_key

Method = Literal["json_schema", "function_calling", "json_mode"]
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of a provider.

    ``provider`` is LangChain's name; ``dialect`` is true for servers of others that speak
    OpenAI's protocol (they know ``max_tokens``, not ``max_completion_tokens``); ``usage`` for
    those that accept ``stream_options``; ``says_end`` for those whose last piece always gives a
    reason, so that its absence means that the text was cut.
    """

    provider: str
    url: str | None = None
    key: str | None = None
    extra: str | None = None
    method: Method = "function_calling"
    dialect: bool = False
    usage: bool = False
    says_end: bool = False


PRESETS = {
    "openai": Preset(
        "openai", OPENAI, "OPENAI_API_KEY", method="json_schema", usage=True, says_end=True
    ),
    "ollama": Preset(
        "openai", "http://127.0.0.1:11434/v1",
        method="json_schema", dialect=True, usage=True, says_end=True,
    ),
    "vllm": Preset(
        "openai", "http://127.0.0.1:8000/v1",
        method="json_schema", dialect=True, usage=True, says_end=True,
    ),
    "albert": Preset(
        "openai", "https://albert.api.etalab.gouv.fr/v1", "ALBERT_API_KEY",
        method="json_schema", dialect=True, usage=True, says_end=True,
    ),
    "mistral": Preset(
        "mistralai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", "mistral",
        method="json_schema", says_end=True,
    ),
    "anthropic": Preset(
        "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", "anthropic",
        says_end=True,
    ),
}  # fmt: skip
ALIASES = {"mistralai": "mistral"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One model of one provider, at one address (None: the provider's own, which we do not know).

    ``key`` is None when there is none to send, or when LangChain reads the provider's variable.
    """

    name: str
    preset: Preset
    model: str
    url: str | None
    key: SecretStr | None
    method: Method
    known: bool

    @property
    def host(self) -> str | None:
        """The machine that is sent prompts, None when only LangChain knows."""
        return urlsplit(self.url).hostname if self.url else None

    @property
    def local(self) -> bool:
        """Whether prompts stay on this machine."""
        return self.host is not None and is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def chosen(
    settings: Settings, read_key: Callable[[str], SecretStr | None] = provider_key
) -> Choice | None:
    """What the settings name; None when no model is wanted.

    Raises ``CallerError`` for a setting without a model, an address that is none, a missing key.
    """
    wanted = (settings.llm or "").strip()
    if not wanted:
        return None
    name, _, model = wanted.partition(":")
    name = ALIASES.get(name.strip().lower(), name.strip().lower())
    if not (name and model.strip()):
        raise CallerError("llm_forme", valeur=wanted[:60])
    preset = PRESETS.get(name) or Preset(name)
    url = settings.llm_url or preset.url
    if url is not None and not _is_address(url):
        raise CallerError("llm_adresse", adresse=url.split("@")[-1][:80])
    key = settings.llm_key or (read_key(preset.key) if preset.key else None)
    elsewhere = settings.llm_url is not None
    if preset.key and key is None and not elsewhere:
        raise CallerError("llm_cle", fournisseur=name, variable=preset.key)
    return Choice(
        name=name,
        preset=preset,
        model=model.strip(),
        url=url,
        key=key,
        method=settings.llm_method or preset.method,
        known=name in PRESETS and not elsewhere,
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
