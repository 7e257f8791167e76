"""The index is disposable: missing, stale, broken or cut short, it is made again; nobody waits."""

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import build_engine
from assistant.errors import IndexUnavailable, StorageUnavailable
from assistant.knowledge import index_store
from assistant.knowledge.embedding import WordHashEmbedder
from assistant.knowledge.generation import LOCK_NAME, Index, Material, is_whole
from assistant.knowledge.index_store import IndexStore
from assistant.knowledge.stems import stem
from assistant.knowledge.unit import Unit, UnitKind
from tests.builders import ROOT, a_small_corpus, a_unit, some_settings

UNITS = (
    a_unit("arrosage", "On arrose un jardin le soir."),
    a_unit(
        "taille",
        "On taille un rosier en mars.",
        title="Tailler un rosier",
        questions=("Quand tailler un rosier ?",),
    ),
    a_unit("importe", "Le compost chauffe.", kind=UnitKind.IMPORTED, title="Compost", questions=()),
)
GROUPS = (("rosier", "rose"),)


class Content:
    """Counts how many times the content had to be read, that is, the index built."""

    def __init__(self, units: Sequence[Unit] = UNITS) -> None:
        self.units = units
        self.reads = 0

    def __call__(self) -> Material:
        self.reads += 1
        return Material(self.units, GROUPS)


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index", embedder=WordHashEmbedder())


def generation(store: IndexStore, digest: str = "contenu") -> Path:
    return store._directory / store.key(digest)


def answers(index: Index) -> bool:
    """Whether both shelves and both arms of an open index work."""
    rosier, compost = index.embedder.embed_queries(
        ["On taille un rosier en mars.", "Le compost chauffe."]
    )
    lexical = index.ours.whole.scores([(stem("rosier"), 1.0)])
    return bool(
        index.ours.by_passage.of(rosier[None]).argmax() == 1
        and index.ours.by_question.of(rosier[None]).argmax() == 1
        and index.imported.by_passage.of(compost[None])[0] > 0.5
        and lexical[1] > 0 == lexical[0]
        and (index.ours.records(), index.imported.records()) == (4, 1)
    )


def test_an_index_is_built_then_opened_without_reading_the_content_again(store: IndexStore) -> None:
    content = Content()

    first = store.open("contenu", content)
    second = store.open("contenu", content)

    assert content.reads == 1
    assert answers(first)
    assert answers(second)
    assert first.ours.units == second.ours.units == UNITS[:2]
    assert first.imported.units == UNITS[2:]
    assert first.unit("importe") == UNITS[2]
    assert first.unit("inconnu") is None
    assert "rosier" in first.spellings
    assert "§0" in first.analyzer.terms("une rose")


def test_an_index_without_any_unit_opens(store: IndexStore) -> None:
    index = store.open("vide", Content(()))

    assert index.ours.units == ()
    assert index.ours.records() == 0


def test_progress_goes_up_to_the_total(store: IndexStore) -> None:
    seen: list[tuple[int, int]] = []

    store.open("contenu", Content(), lambda done, total: seen.append((done, total)))

    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


def test_changed_content_replaces_the_generation(store: IndexStore) -> None:
    store.open("ancien", Content())
    index = store.open("nouveau", Content((a_unit("neuve", "Une fiche neuve."),)))

    assert [unit.id for unit in index.ours.units] == ["neuve"]
    assert not generation(store, "ancien").exists()
    assert generation(store, "nouveau").is_dir()


def test_another_model_means_another_generation(tmp_path: Path) -> None:
    keys = {
        IndexStore(tmp_path, embedder=WordHashEmbedder(size)).key("contenu") for size in (32, 64)
    }

    assert len(keys) == 2


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scribble(path: Path) -> None:
    path.write_bytes(b"\x99" * path.stat().st_size)


def _half(path: Path) -> None:
    """The size and the first half stay: what a page that never reached the disk leaves."""
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 2] + b"\x00" * (size - size // 2))


@pytest.mark.parametrize("spoil", [Path.unlink, _truncate, _scribble, _half])
@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "units.jsonl",
        "fiches-questions.f32",
        "fiches-passages.ids",
        "whole.npz",
        "questions.npz",
        "owners.npy",
        "groups.json",
        "chroma.sqlite3",
    ],
)
def test_a_spoilt_file_is_built_again(
    store: IndexStore, name: str, spoil: Callable[[Path], None]
) -> None:
    content = Content()
    store.open("contenu", content)
    for path in generation(store).rglob(name):
        spoil(path)

    index = store.open("contenu", content)

    assert content.reads == 2
    assert answers(index)
    store.open("contenu", content)
    assert content.reads == 2


def test_a_generation_of_another_key_is_not_taken(store: IndexStore) -> None:
    store.open("contenu", Content())
    generation(store).rename(generation(store, "autre"))

    assert not is_whole(generation(store, "autre"), key=store.key("autre"))
    content = Content()
    assert answers(store.open("autre", content))
    assert content.reads == 1


def test_a_manifest_that_is_not_an_object_is_not_a_generation(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps([1]))

    assert not is_whole(tmp_path, key="x")


def test_a_build_that_cannot_be_opened_is_an_error_of_ours(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: Any, **options: Any) -> Index:
        raise IndexUnavailable(raison="count")

    monkeypatch.setattr(index_store, "open_generation", never)
    content = Content()

    with pytest.raises(IndexUnavailable):
        store.open("contenu", content)
    assert content.reads == 2


def test_a_vector_file_with_one_changed_byte_is_built_again(store: IndexStore) -> None:
    """Chroma reads such a file without a check: it crashed the process, or ranked at random."""
    many = [
        replace(
            a_unit(f"import-{n}", f"Le potager numéro {n}.", questions=()), kind=UnitKind.IMPORTED
        )
        for n in range(1_100)
    ]
    content = Content([*UNITS, *many])
    store.open("contenu", content)
    graph, *_ = generation(store).rglob("data_level0.bin")
    for file in (graph, generation(store) / "fiches-passages.f32"):
        before = content.reads
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        file.write_bytes(raw)

        store.open("contenu", content)

        assert content.reads == before + 1


# Copies: one a process, locked for its life, removed after it.


def copies(store: IndexStore) -> set[str]:
    return {path.name for path in (store._directory / "copies").iterdir()}


def test_closing_gives_the_copy_back(store: IndexStore) -> None:
    store.open("contenu", Content())
    assert len(copies(store)) == 1

    store.close()

    assert copies(store) == set()
    assert generation(store).is_dir()


def test_an_abandoned_copy_is_removed_and_a_live_one_is_not(store: IndexStore) -> None:
    store.open("contenu", Content())
    store.close()
    abandoned, live, being_made = (store._directory / "copies" / f"copie-{n}" for n in "abc")
    for directory in (abandoned, live, being_made):
        directory.mkdir()
    (abandoned / LOCK_NAME).touch()
    (abandoned / "gros").write_bytes(b"x")

    with (live / LOCK_NAME).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        store.open("contenu", Content())

        assert not abandoned.exists()
        assert live.exists()
        assert being_made.exists()


def test_an_abandoned_build_is_removed_by_the_next(store: IndexStore) -> None:
    abandoned = store._directory / "build-abc"
    abandoned.mkdir(parents=True)
    (abandoned / LOCK_NAME).touch()

    store.open("contenu", Content())

    assert sorted(path.name for path in store._directory.iterdir()) == sorted(
        [generation(store).name, "copies"]
    )


def test_a_generation_built_meanwhile_by_another_is_left_where_it_lies(
    store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process may be copying it: removing it under its hands made it fail."""
    other = IndexStore(tmp_path / "index", embedder=WordHashEmbedder())
    build = index_store.build_generation
    inodes: list[int] = []

    def slower(directory: Path, **options: Any) -> None:
        build(directory, **options)
        monkeypatch.setattr(index_store, "build_generation", build)
        other.open("contenu", Content())
        inodes.append(generation(other).stat().st_ino)

    monkeypatch.setattr(index_store, "build_generation", slower)
    index = store.open("contenu", Content())

    assert generation(store).stat().st_ino == inodes[0]
    assert answers(index)


# Places where nothing can be written.


def test_data_under_a_file_is_storage_unavailable(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")

    with pytest.raises(StorageUnavailable):
        IndexStore(tmp_path / "fichier" / "index", embedder=WordHashEmbedder()).open(
            "contenu", Content()
        )


def test_data_that_is_a_file_is_storage_unavailable(tmp_path: Path) -> None:
    settings = some_settings(tmp_path)
    settings.data.write_text("")

    with pytest.raises(StorageUnavailable):
        build_engine(settings)


def refuse_writing_below(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a read-only disk does; we may be root, to whom permissions say nothing."""
    make = os.mkdir

    def guarded(path: Any, *rest: Any, **options: Any) -> None:
        if str(path).startswith(str(directory)):
            raise OSError(30, "Read-only file system", str(path))
        make(path, *rest, **options)

    monkeypatch.setattr(os, "mkdir", guarded)


def test_a_read_only_index_still_answers(
    store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.open("contenu", Content())
    store.close()
    (tmp_path / "temporaire").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporaire"))
    refuse_writing_below(tmp_path / "index", monkeypatch)
    content = Content()

    index = store.open("contenu", content)

    assert answers(index)
    assert content.reads == 0
    assert len(list((tmp_path / "temporaire").iterdir())) == 1
    store.close()
    assert not list((tmp_path / "temporaire").iterdir())


def test_a_file_in_place_of_the_copies_does_not_prevent_answering(
    store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.open("contenu", Content())
    store.close()
    shutil.rmtree(tmp_path / "index" / "copies")
    (tmp_path / "index" / "copies").write_text("")
    (tmp_path / "temporaire").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporaire"))

    assert answers(store.open("contenu", Content()))


def test_an_index_that_cannot_be_built_is_storage_unavailable(
    store: IndexStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writing_below(tmp_path / "index", monkeypatch)

    with pytest.raises(StorageUnavailable):
        store.open("contenu", Content())


def test_a_full_disk_is_storage_unavailable_and_leaves_no_generation(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_store, "build_generation", full)
    with pytest.raises(StorageUnavailable):
        store.open("contenu", Content())
    monkeypatch.undo()

    assert not generation(store).exists()
    assert answers(store.open("contenu", Content()))


# Other processes.

BUILD = """
import sys
from pathlib import Path
from assistant.bootstrap import build_engine
from assistant.settings import Settings
settings = Settings(data=Path(sys.argv[1]), corpus=Path(sys.argv[2]))
import chromadb
print("prêt", flush=True)
sys.stdin.readline()
engine = build_engine(settings)
print(engine.answerer.answer("Quelles sont les sept étapes d'un partenariat ?").units[0], flush=True)
"""


def a_process(data: Path, corpus: Path) -> subprocess.Popen[str]:
    """A process about to open the index: it waits for a line on its input."""
    made = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(data), str(corpus)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert made.stdout
    assert made.stdout.readline() == "prêt\n"
    return made


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_builder_killed_at_any_moment_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    corpus = a_small_corpus(tmp_path)
    timed = a_process(tmp_path / "essai", corpus)
    started = time.monotonic()
    go(timed)
    timed.communicate(timeout=60)
    duration = time.monotonic() - started
    delays = random.Random(11)
    for number in range(5):
        process = a_process(tmp_path / "data", corpus)
        go(process)
        time.sleep(delays.uniform(0, duration) * (number + 1) / 5)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

    engine = build_engine(some_settings(tmp_path))

    assert engine.answerer.answer("C'est quoi le carré magique ?").units[0] == "carre-magique"
    assert len(copies(engine.store)) == 1
    assert not list((tmp_path / "data" / "index").glob("build-*/manifest.json"))
    engine.close()


def test_two_processes_at_once_both_answer(tmp_path: Path) -> None:
    corpus = a_small_corpus(tmp_path)
    processes = [a_process(tmp_path / "data", corpus) for _ in range(2)]
    for process in processes:
        go(process)

    said = [process.communicate(timeout=60)[0] for process in processes]

    assert said == ["sept-etapes-vue\n"] * 2
    assert [process.returncode for process in processes] == [0, 0]


def test_a_process_opens_while_another_holds_the_index(tmp_path: Path) -> None:
    engine = build_engine(some_settings(tmp_path))
    process = a_process(tmp_path / "data", tmp_path / "corpus")
    go(process)

    said, _ = process.communicate(timeout=60)

    assert said == "sept-etapes-vue\n"
    assert engine.answerer.answer("C'est quoi le carré magique ?").citations
    engine.close()
