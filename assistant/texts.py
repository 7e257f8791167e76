"""The sentences people read, from ``corpus/messages.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, CallerError
from assistant.knowledge.content import load_yaml
from assistant.typography import french


class Texts:
    """Sentences by section and name, with their placeholders filled."""

    def __init__(self, sections: Mapping[str, Mapping[str, Any]]) -> None:
        self._sections = sections

    def say(self, section: str, name: str, /, **details: Any) -> str:
        """One sentence, typeset. Raises ``KeyError`` for a name that does not exist."""
        return french(self._sections[section][name].format(**details))

    def listing(self, section: str, name: str) -> list[str]:
        """A list of sentences, typeset."""
        return [french(sentence) for sentence in self._sections[section][name]]

    @staticmethod
    def typeset(sentence: str) -> str:
        """A sentence that lives in another content file, typeset."""
        return french(sentence)

    def explain(self, error: AssistantError) -> str:
        """What is wrong and what to do, in one French sentence."""
        sentences = self._sections["erreurs"]
        template = sentences.get(error.name) or sentences.get(
            type(error).code, sentences["interne"]
        )
        try:
            return french(template.format(**error.details))
        except KeyError:
            return french(sentences["interne"])


def load_texts(corpus: Path) -> Texts:
    """Read the sentences of a content directory.

    Raises ``CallerError`` when it is not one.
    """
    path = corpus / "messages.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CallerError("contenu_introuvable", dossier=str(corpus)) from error
    return Texts(load_yaml(text, name=path.name))
