"""One tree of errors; the words people read are in ``corpus/messages.yaml``, by ``code``."""

from typing import Any, ClassVar


class AssistantError(Exception):
    """Something went wrong on our side.

    ``code`` names the French sentence in ``corpus/messages.yaml`` (section ``erreurs``),
    ``details`` fills its placeholders.
    """

    code: ClassVar[str] = "interne"
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500

    def __init__(self, code: str | None = None, **details: Any) -> None:
        self.name = code or self.code
        self.details = details
        super().__init__(f"{self.name} {details}" if details else self.name)


class CallerError(AssistantError):
    """The caller can repair it: a wrong option, an empty question, an unreadable file."""

    code = "demande_invalide"
    exit_code = 2
    status = 422


class NotFound(CallerError):
    """What was asked for does not exist."""

    code = "introuvable"
    status = 404


class TooLarge(CallerError):
    """More text than one question or one file may hold."""

    code = "trop_long"
    status = 413


class InvalidContent(CallerError):
    """A content file (card, sheet, glossary) does not follow its schema."""

    code = "contenu_invalide"


class UnreadableDocument(CallerError):
    """A document to import cannot be read."""

    code = "document_illisible"


class StorageUnavailable(AssistantError):
    """The data directory cannot be written: read-only, full, or not a directory."""

    code = "donnees_indisponibles"
    status = 507


class IndexUnavailable(AssistantError):
    """The index could neither be opened nor rebuilt."""

    code = "index_indisponible"
    status = 503
