"""The shipped model, read without torch, gives the vectors of the library."""

import importlib.util
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexUnavailable
from assistant.knowledge.corpus import load_corpus
from assistant.knowledge.embedding import (
    DEFAULT_MODEL,
    Embedder,
    StaticEmbedder,
    WordHashEmbedder,
    load_embedder,
)
from tests.builders import CORPUS, ROOT, a_small_corpus

ODD_TEXTS = [
    "",
    " ",
    "?!…",
    "\n\t",
    "日本語",
    "🙂",
    "É" * 500,
    "mot " * 2_000,
    "L’été\u202f: «\u00a0œuvre\u00a0»",
    "\x00",
]


@pytest.fixture(scope="module", params=[StaticEmbedder, WordHashEmbedder])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    made: Embedder = request.param()
    return made


def test_vectors_have_norm_one_or_zero(embedder: Embedder) -> None:
    for embed in (embedder.embed_queries, embedder.embed_passages):
        vectors = embed(["un partenariat", *ODD_TEXTS])
        norms = np.linalg.norm(vectors, axis=1)

        assert vectors.dtype == np.float32
        assert np.isfinite(vectors).all()
        assert norms[0] == pytest.approx(1, abs=1e-5)
        assert all(n == pytest.approx(1, abs=1e-5) or n == 0 for n in norms)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed_queries([]).shape[0] == 0


def test_a_text_alone_or_among_others_has_the_same_vector(embedder: Embedder) -> None:
    alone = embedder.embed_passages(["le mécénat"])
    among = embedder.embed_passages(["un texte bien plus long que l'autre", "le mécénat"])

    assert np.array_equal(alone[0], among[1])


def test_shared_words_bring_texts_nearer(embedder: Embedder) -> None:
    asked, near, far = embedder.embed_queries(
        ["mécénat de compétences", "les compétences du mécénat", "durée du calendrier"]
    )

    assert asked @ near > asked @ far


def test_a_digest_names_the_vectors() -> None:
    assert StaticEmbedder().digest == StaticEmbedder().digest
    assert WordHashEmbedder(32).digest != WordHashEmbedder(64).digest


def test_the_shipped_model_is_small() -> None:
    size = sum(path.stat().st_size for path in DEFAULT_MODEL.rglob("*") if path.is_file())

    assert size <= 10 * 1024 * 1024


@pytest.mark.torch
def test_vectors_equal_those_of_sentence_transformers() -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        if os.environ.get("CI"):
            pytest.fail("the models extra must be installed under CI")
        pytest.skip("sentence-transformers is not installed (extra « models »)")
    from sentence_transformers import SentenceTransformer

    texts = [text for unit in load_corpus(CORPUS).units for text in (unit.text, *unit.questions)]
    chosen = [*random.Random(3).sample(texts, 200), *ODD_TEXTS]
    library = SentenceTransformer(str(DEFAULT_MODEL), device="cpu", local_files_only=True)

    expected = library.encode(chosen, show_progress_bar=False)

    assert np.abs(StaticEmbedder().embed_passages(chosen) - expected).max() < 1e-5
    assert np.abs(StaticEmbedder().embed_queries(chosen) - expected).max() < 1e-5


@pytest.mark.torch
def test_another_sentence_transformer_is_loaded_by_path() -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        if os.environ.get("CI"):
            pytest.fail("the models extra must be installed under CI")
        pytest.skip("sentence-transformers is not installed (extra « models »)")
    other = load_embedder(str(DEFAULT_MODEL))

    assert other.digest != StaticEmbedder().digest
    assert (
        np.abs(other.embed_queries(["un don"]) - StaticEmbedder().embed_queries(["un don"])).max()
        < 1e-5
    )


@pytest.mark.torch
def test_a_model_that_is_not_on_this_machine_says_so() -> None:
    with pytest.raises(IndexUnavailable) as raised:
        load_embedder("/nulle/part/modele")

    assert raised.value.name in {"modele_introuvable", "modele_sans_bibliotheque"}
    assert raised.value.details["modele"] == "/nulle/part/modele"


def test_answering_imports_neither_torch_nor_sentence_transformers(tmp_path: Path) -> None:
    corpus = a_small_corpus(tmp_path)
    script = (
        "import sys; from assistant.cli import main\n"
        f"code = main(['ask', 'Quelles sont les sept étapes ?', '--data', {str(tmp_path / 'data')!r}])\n"
        "print(code, sorted({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "ASSISTANT_CORPUS": str(corpus)},
    )  # fmt: skip

    assert ran.stdout.splitlines()[-1] == "0 []"
    assert "sept étapes" in ran.stdout
