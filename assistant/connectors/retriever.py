"""Our search as a LangChain retriever, for other people's chains.

Nothing of the product imports this module: ``assistant ask`` starts without LangChain.
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.answering.answerer import cleaned
from assistant.bootstrap import build_engine
from assistant.errors import TooLarge
from assistant.settings import load_settings
from assistant.texts import Texts


@runtime_checkable
class Searching(Protocol):
    """What finds passages: an ``Answerer``."""

    @property
    def max_question(self) -> int:
        """Characters in one question."""
        ...

    def passages(
        self, question: str, *, actor: str | None = None, k: int = 5
    ) -> list[dict[str, Any]]:
        """Ranked passages, best first."""
        ...


class CoteACoteRetriever(BaseRetriever):
    """Ranked passages as documents.

    ``page_content`` is the exact passage that the index holds; ``metadata`` says where it comes
    from: ``document``, ``title``, ``page`` (None when the document is not paged), ``section``,
    ``url`` (path of the card's page), ``source`` (document and page, to be shown), ``id`` and
    ``score`` (higher is nearer; comparable within one question only).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    answerer: Searching = Field(repr=False, exclude=True)
    texts: Texts = Field(repr=False, exclude=True)
    k: Annotated[int, Field(ge=1, le=50)] = 5
    actor: Literal["association", "entreprise", "collectivite"] | None = None

    @classmethod
    def open(cls, *, data: Path | str | None = None, **options: Any) -> "CoteACoteRetriever":
        """A retriever over the installed content and the documents imported into ``data``.

        ``options`` are the fields of the class. Raises what ``build_engine`` raises. What the
        index holds is given back when the process ends.
        """
        engine = build_engine(load_settings(data=data))
        return cls(answerer=engine.answerer, texts=engine.texts, **options)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun | None = None,  # noqa: ARG002 - LangChain's
    ) -> list[Document]:
        """Nothing for an empty query; raises ``TooLarge`` for one longer than a question may be."""
        question = cleaned(query)
        if not question:
            return []
        if len(question) > self.answerer.max_question:
            raise TooLarge(limite=self.answerer.max_question)
        found = self.answerer.passages(question, actor=self.actor, k=self.k)
        return [self._document(passage) for passage in found]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun | None = None,  # noqa: ARG002 - LangChain's
    ) -> list[Document]:
        """The same, without holding the event loop."""
        return await asyncio.to_thread(partial(self._get_relevant_documents, query))

    def _document(self, found: dict[str, Any]) -> Document:
        page = f", {self.texts.say('cli', 'page', page=found['page'])}" if found["page"] else ""
        kept = ("document", "title", "page", "section", "url", "id", "score")
        return Document(
            id=found["id"],
            page_content=found["passage"],
            metadata={
                **{key: found[key] for key in kept},
                "source": f"{found['document']}{page}",
            },
        )
