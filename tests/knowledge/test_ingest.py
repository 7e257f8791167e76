"""Files and folders become the library; what cannot be read is named and the rest goes on."""

from pathlib import Path

import pytest

from assistant.bootstrap import build_engine, build_library, import_noise
from assistant.errors import CallerError
from assistant.knowledge.ingest import Imported, Outcome, Refused, import_paths
from assistant.knowledge.library import Library
from eval.scorers import invalid_citations
from tests.builders import ROOT, a_docx, a_pdf, a_small_corpus, some_settings

SOURCES = ROOT.parent / "shared" / "sources"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "documents")


def ingest(library: Library, *paths: Path, **options: object) -> Outcome:
    return import_paths(paths, library=library, noise=["Télécharger"], max_bytes=100_000, **options)  # type: ignore[arg-type]


def test_every_format_is_imported(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.txt").write_text("Le compost chauffe.\fIl refroidit.", encoding="utf-8")
    (tmp_path / "b.md").write_text("# Compost\n\nLe compost chauffe.", encoding="utf-8")
    (tmp_path / "c.html").write_text("<h1>Compost</h1><p>Le compost chauffe.</p>", encoding="utf-8")
    a_docx(tmp_path / "d.docx")
    a_pdf(tmp_path / "e.pdf", ["Le compost chauffe."], ["Il refroidit."])

    outcome = ingest(library, tmp_path)

    assert outcome.refused == ()
    assert [i.document for i in outcome.imported] == [f"import-{c}" for c in "abcde"]
    pages = {d.id: d.pages for d in library.all()}
    assert pages == {
        "import-a": 2,
        "import-b": None,
        "import-c": None,
        "import-d": None,
        "import-e": 2,
    }
    assert [c.page for c in library.all()[4].chunks] == [1, 2]
    assert library.all()[1].chunks[0].heading == "Compost"


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, library: Library
) -> None:
    (tmp_path / "a.docx").write_bytes(b"abime")
    (tmp_path / "b.txt").write_text("")
    (tmp_path / "c.txt").write_bytes(b"x" * 100_001)
    (tmp_path / "d.txt").write_text("Le compost chauffe.")

    outcome = ingest(library, *(tmp_path / name for name in ("a.docx", "b.txt", "c.txt", "d.txt")))

    assert [(Path(r.file).name, r.reason) for r in outcome.refused] == [
        ("a.docx", "endommage"), ("b.txt", "vide"), ("c.txt", "trop_gros"),
    ]  # fmt: skip
    assert [i.document for i in outcome.imported] == ["import-d"]


def test_in_a_folder_unknown_formats_are_passed_over_and_named_when_asked_for(
    tmp_path: Path, library: Library
) -> None:
    folder = tmp_path / "dossier" / "profond"
    folder.mkdir(parents=True)
    (folder / "image.png").write_bytes(b"x")
    (folder / "note.TXT").write_text("Le compost chauffe.")

    assert [i.document for i in ingest(library, tmp_path / "dossier").imported] == ["import-note"]
    assert ingest(library, folder / "image.png").refused == (
        Refused(str(folder / "image.png"), "format_inconnu"),
    )


def test_a_path_that_does_not_exist_is_an_error_before_anything_is_read(
    tmp_path: Path, library: Library
) -> None:
    (tmp_path / "a.txt").write_text("Le compost chauffe.")

    with pytest.raises(CallerError) as raised:
        ingest(library, tmp_path / "a.txt", tmp_path / "absent.txt")

    assert (raised.value.name, raised.value.details["fichier"]) == (
        "fichier_introuvable",
        str(tmp_path / "absent.txt"),
    )
    assert library.all() == ()


def test_a_file_of_noise_alone_is_empty(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.txt").write_text("Télécharger\n\n12\n")

    assert ingest(library, tmp_path / "a.txt").refused[0].reason == "vide"


def test_importing_again_replaces(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Le compost chauffe.")
    ingest(library, path)
    path.write_text("Le compost refroidit.")

    outcome = ingest(library, path)

    assert outcome.imported == (Imported(str(path), "import-a", 1, replaced=True),)
    assert [c.text for d in library.all() for c in d.chunks] == ["Le compost refroidit."]


def test_progress_counts_every_file(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.txt").write_text("Un.")
    (tmp_path / "b.txt").write_text("")
    seen: list[tuple[int, int]] = []

    ingest(library, tmp_path, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]


def test_what_only_an_import_says_is_answered_and_cited_with_its_page(tmp_path: Path) -> None:
    settings = some_settings(tmp_path)
    path = a_pdf(
        tmp_path / "reglement.pdf",
        ["Le jardin partage ouvre en avril."],
        ["Le composteur collectif se vide chaque troisieme vendredi du trimestre."],
        title="Reglement du jardin",
    )
    question = "Quand le composteur collectif se vide-t-il ?"
    before = build_engine(settings)
    assert before.answerer.answer(question).status == "refused"
    before.close()

    import_paths(
        [path], library=build_library(settings), noise=import_noise(settings), max_bytes=10**6
    )
    after = build_engine(settings)
    reply = after.answerer.answer(question)

    assert reply.status == "answered"
    (citation,) = reply.citations
    assert (citation.document, citation.page) == ("Reglement du jardin", 2)
    assert (
        citation.passage
        == "Le composteur collectif se vide chaque troisieme vendredi du trimestre."
    )
    assert citation.passage in {p.text for p in after.index.imported.passages().values()}
    assert citation.url.startswith("/documents/import-reglement#passage-")
    first = after.answerer.passages(question, k=3)[0]
    assert (first["document"], first["page"]) == ("Reglement du jardin", 2)
    after.close()


@pytest.mark.parametrize(
    "text",
    [
        "Pour le composteur collectif il faut :\n- de la paille\n- du marc de café\n- une fourche",
        "Le composteur collectif reçoit la paille et le marc. " * 23,
        "Le composteur collectif reçoit "
        + "la paille et le marc de café, " * 38
        + "puis la fourche.",
    ],
    ids=["list", "long paragraph", "long sentence"],
)
def test_an_imported_passage_of_any_shape_is_answered_with_every_line_marked(
    tmp_path: Path, text: str
) -> None:
    settings = some_settings(tmp_path)
    (tmp_path / "compost.txt").write_text(text, encoding="utf-8")
    import_paths(
        [tmp_path / "compost.txt"], library=build_library(settings), noise=[], max_bytes=10**6
    )
    engine = build_engine(settings)

    reply = engine.answerer.answer("Le composteur collectif et la paille ?")

    assert reply.status == "answered"
    assert "composteur collectif" in reply.answer
    assert invalid_citations(reply, engine.index.imported.passages()) == []
    engine.close()


def test_an_import_does_not_change_what_the_cards_answer(tmp_path: Path) -> None:
    settings = some_settings(tmp_path)
    question = "Quelles sont les sept étapes d'un partenariat ?"
    before = build_engine(settings)
    expected = before.answerer.answer(question)
    before.close()
    (tmp_path / "a.txt").write_text(
        "Les sept étapes d'un partenariat sont un sujet de roman. " * 40, encoding="utf-8"
    )
    import_paths([tmp_path / "a.txt"], library=build_library(settings), noise=[], max_bytes=10**6)

    after = build_engine(settings)

    assert after.answerer.answer(question) == expected
    after.close()


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source texts are not on this machine")
def test_the_source_documents_can_be_imported_and_answer_what_the_small_corpus_cannot(
    tmp_path: Path,
) -> None:
    settings = some_settings(tmp_path, corpus=a_small_corpus(tmp_path))
    library = build_library(settings)
    outcome = import_paths(
        [SOURCES], library=library, noise=import_noise(settings), max_bytes=10**7
    )
    assert outcome.refused == ()
    assert len(outcome.imported) >= 5

    engine = build_engine(settings)
    reply = engine.answerer.answer("Qui a développé la Charte du faire alliance en 2021 ?")
    passages = {p.text for p in engine.index.imported.passages().values()}

    assert reply.status == "answered"
    assert all(c.passage in passages for c in reply.citations)
    assert any("Fondation des Territoires" in c.passage for c in reply.citations)
    engine.close()
