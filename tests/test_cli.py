"""The command: what it prints, and one French sentence for every mistake."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from tests.builders import CORPUS, ROOT, a_docx, a_pdf, a_small_corpus

QUESTION = "Quelles sont les sept étapes d'un partenariat ?"
PUBLISHED = ["id", "status", "answer", "citations", "suggestions", "step", "mode", "reason"]


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs a command in this process, over the session's index unless ``data`` says otherwise."""

    def command(*words: str | Path, data: Path = data_directory) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, words)])
        capsys.readouterr()
        code = main([*map(str, words), "--data", str(data)])
        return Ran(code, *capsys.readouterr())

    return command


def assert_one_french_line(ran: Ran, code: int = 2) -> None:
    assert (ran.code, ran.out) == (code, "")
    assert re.fullmatch(r"[A-ZÉÀ«].+\.\n", ran.err), ran.err
    assert "Traceback" not in ran.err
    assert "Error" not in ran.err


# ask


def test_an_answer_is_printed_with_its_sources(run: Run) -> None:
    ran = run("ask", QUESTION)

    assert (ran.code, ran.err) == (0, "")
    assert "[S1]" in ran.out.splitlines()[0]
    assert re.search(
        r"^\[S1\] Coopérer efficacement.*, p\. 39, « Les sept étapes »$", ran.out, re.MULTILINE
    )
    assert "Pour continuer" in ran.out


def test_a_refusal_is_an_answer_too(run: Run) -> None:
    ran = run("ask", "Comment créer une association ?")

    assert (ran.code, ran.err) == (0, "")
    assert "mes sources n’en traitent pas" in ran.out


def test_json_has_the_published_keys(run: Run) -> None:
    (data,) = run("ask", QUESTION, "--json").lines

    assert set(data) == {*PUBLISHED, "related", "elapsed_ms"}
    assert data["status"] == "answered"
    assert data["elapsed_ms"] > 0


def test_who_asks_can_be_said(run: Run) -> None:
    question = "Quels sont les risques d'un partenariat ?"
    association, entreprise = (
        run("ask", question, "--json", "--actor", a).lines[0] for a in ("association", "entreprise")
    )

    assert association["citations"] != entreprise["citations"]


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", ""],
        ["ask", "   "],
        ["ask", "\x00\x1b\x07"],
        ["ask", QUESTION, "--actor", "mairie"],
        ["ask", "mot " * 25_000],
        ["ask", "x" * 100_000, "--json"],
        ["ask", "--batch", "/nulle/part.jsonl"],
        ["ask", "--batch", "/tmp"],
        ["ask", QUESTION, "--inconnue"],
        ["ask", "un", "deux"],
        ["search"],
        ["search", ""],
        ["search", QUESTION, "--actor", "mairie"],
        ["search", QUESTION, "-k", "beaucoup"],
        ["ingest"],
        ["ingest", "/nulle/part"],
        ["serve", "--port", "99999"],
        ["serve", "--port", "abc"],
        ["inconnue"],
        [],
    ],
)
def test_a_mistake_is_one_french_line_and_code_2(run: Run, words: list[str]) -> None:
    assert_one_french_line(run(*words))


def test_control_characters_do_not_reach_the_terminal(run: Run) -> None:
    ran = run("ask", "Quels sont\x1b[2J les\x00 freins à lever ?")

    assert ran.code == 0
    assert "frein" in ran.out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", ran.out + ran.err)


def test_an_error_does_not_repeat_control_characters(run: Run) -> None:
    ran = run("ask", QUESTION, "--actor", "\x1b[31mrouge")

    assert ran.code == 2
    assert "\x1b" not in ran.err


# ask --batch


def batch(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "questions.jsonl"
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return path


def test_a_batch_keeps_ids_and_order(run: Run, tmp_path: Path) -> None:
    path = batch(
        tmp_path,
        {"id": "b", "question": QUESTION, "actor": "association"},
        {"id": "a", "question": "Comment créer une association ?"},
        b"",
        {"id": 7, "question": "bonjour"},
        {"id": {"n": [1]}, "question": "merci", "actor": None},
        {"question": "Que sont les ODD ?"},
    )

    ran = run("ask", "--batch", path)

    assert (ran.code, ran.err) == (0, "")
    assert [line["id"] for line in ran.lines] == ["b", "a", 7, {"n": [1]}, "6"]
    assert [line["status"] for line in ran.lines] == [
        "answered",
        "refused",
        "answered",
        "answered",
        "answered",
    ]
    assert all({*PUBLISHED, "elapsed_ms", "related"} == set(line) for line in ran.lines)


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        (b"{cass", "1"),
        (b"[]", "1"),
        (b"3", "1"),
        (b"null", "1"),
        (b'"texte"', "1"),
        (b'{"id": "x"}', "x"),
        (b'{"id": "x", "question": 5}', "x"),
        (b'{"id": "x", "question": null}', "x"),
        (b'{"id": "x", "question": ["a"]}', "x"),
        (b'{"id": "x", "question": ""}', "x"),
        (b'{"id": "x", "question": "a", "actor": 3}', "x"),
        (b'{"id": "x", "question": "a", "actor": "mairie"}', "x"),
        (b'{"id": "x", "question": "%s"}' % (b"a" * 100_000), "x"),
        (b'{"id": "x", "question": "\xe9t\xe9"}', "x"),
        (b"\xff\xfe\x00", "1"),
        (b"[" * 100_000, "1"),
        (b'{"id": "x", "question": "\\ud800 ?"}', "x"),
    ],
)
def test_a_broken_line_is_told_in_its_place_and_the_rest_goes_on(
    run: Run, tmp_path: Path, line: bytes, identifier: str
) -> None:
    ran = run("ask", "--batch", batch(tmp_path, line, {"id": "suite", "question": QUESTION}))

    assert (ran.code, ran.err) == (0, "")
    first, second = ran.lines
    assert first["id"] == identifier
    assert first.get("error", "").endswith(".") or first.get("status") == "refused"
    assert (second["id"], second["status"]) == ("suite", "answered")


def test_an_empty_batch_prints_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("ask", "--batch", batch(tmp_path, b"", b"  "))

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_batch_saved_on_windows_is_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": "a", "question": "bonjour"}\r\n{"id": "b", "question": "merci"}\r\n'
    )

    assert [line.get("status") for line in run("ask", "--batch", path).lines] == [
        "answered",
        "answered",
    ]


# search, sources, doctor


def test_search_shows_ranked_passages(run: Run) -> None:
    ran = run("search", "les freins à lever", "-k", "3", "--json")
    (data,) = ran.lines

    assert ran.code == 0
    assert set(data) == {"results", "elapsed_ms"}
    assert len(data["results"]) == 3
    assert set(data["results"][0]) == {
        "id",
        "title",
        "document",
        "page",
        "section",
        "passage",
        "url",
        "score",
    }
    assert "frein" in data["results"][0]["passage"]


def test_search_is_readable(run: Run) -> None:
    ran = run("search", "les freins à lever", "-k", "2")

    assert ran.code == 0
    assert re.search(r"^1\. .+ \(.+\)$", ran.out, re.MULTILINE)
    assert re.search(r"^2\. ", ran.out, re.MULTILINE)


@pytest.mark.parametrize(("k", "count"), [("0", 1), ("-3", 1), ("1000", 50)])
def test_search_bounds_how_much_is_asked(run: Run, k: str, count: int) -> None:
    assert len(run("search", "partenariat", "-k", k, "--json").lines[0]["results"]) == count


def test_sources_lists_what_was_read(run: Run) -> None:
    ran = run("sources", "--json")
    listed = ran.lines[0]["sources"]

    assert ran.code == 0
    assert listed[0]["id"] == "guide"
    assert listed[0]["pages"] == 60
    assert all(
        set(d) == {"id", "title", "author", "date", "pages", "sections", "imported"} for d in listed
    )
    assert not any(document["imported"] for document in listed)
    assert "Coopérer efficacement" in run("sources").out


def test_doctor_tries_everything(run: Run) -> None:
    ran = run("doctor")

    assert ran.code == 0
    assert len(ran.out.splitlines()) >= 6
    assert all(line.startswith("OK  ") for line in ran.out.splitlines())


def test_doctor_says_what_fails_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")

    ran = run("doctor", data=tmp_path / "fichier")

    assert ran.code == 1
    failed = [line for line in ran.out.splitlines() if line.startswith("KO  ")]
    assert str(tmp_path / "fichier") in failed[0]
    assert len(failed) >= 2
    assert "Traceback" not in ran.out + ran.err


# ingest


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory over a small corpus, which imports may change."""
    monkeypatch.setenv("ASSISTANT_CORPUS", str(a_small_corpus(tmp_path)))
    return tmp_path / "data"


def test_documents_are_imported_answered_and_listed(run: Run, small: Path, tmp_path: Path) -> None:
    path = a_pdf(
        tmp_path / "reglement.pdf",
        ["Le composteur se vide chaque vendredi soir."],
        title="Reglement",
    )

    first = run("ingest", path, data=small)
    again = run("ingest", path, data=small)

    assert (first.code, first.err) == (0, "")
    assert "1 passages ajoutés" in first.out
    assert "version précédente remplacée" in again.out
    answer = run("ask", "Quand se vide le composteur ?", "--json", data=small).lines[0]
    assert answer["citations"][0]["passage"] == "Le composteur se vide chaque vendredi soir."
    assert run("sources", "--json", data=small).lines[0]["sources"][-1]["imported"] is True


def test_what_is_refused_is_named_and_the_rest_is_imported(
    run: Run, small: Path, tmp_path: Path
) -> None:
    a_docx(tmp_path / "bon.docx")
    (tmp_path / "casse.pdf").write_bytes(b"%PDF-1.4 cass")

    ran = run("ingest", tmp_path / "bon.docx", tmp_path / "casse.pdf", data=small)

    assert ran.code == 0
    assert "bon.docx" in ran.out
    assert "casse.pdf" not in ran.out
    assert re.fullmatch(r".*casse\.pdf.*: non importé, il est endommagé ou protégé\.\n", ran.err)


def test_nothing_readable_is_a_mistake(run: Run, small: Path, tmp_path: Path) -> None:
    (tmp_path / "vide.txt").write_text("")
    (tmp_path / "dossier").mkdir()

    refused = run("ingest", tmp_path / "vide.txt", data=small)
    nothing = run("ingest", tmp_path / "dossier", data=small)

    assert refused.code == nothing.code == 2
    assert "vide.txt" in refused.err
    assert "Aucun document lisible" in refused.err
    assert_one_french_line(nothing)


def test_a_path_that_does_not_exist_is_named(run: Run, small: Path) -> None:
    ran = run("ingest", "/nulle/part.txt", data=small)

    assert_one_french_line(ran)
    assert "/nulle/part.txt" in ran.err


# What is not the caller's question: data, settings, content, output.


@pytest.mark.parametrize(
    "words", [["ask", QUESTION], ["search", QUESTION], ["ask", QUESTION, "--json"]]
)
def test_data_that_cannot_be_written_is_our_error_with_what_to_do(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "fichier").write_text("")

    ran = run(*words, data=tmp_path / "fichier")

    assert_one_french_line(ran, code=1)
    assert "--data" in ran.err
    assert str(tmp_path / "fichier") in ran.err


def test_imports_that_cannot_be_written_are_our_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    (tmp_path / "a.txt").write_text("Le compost chauffe.")

    assert_one_french_line(run("ingest", tmp_path / "a.txt", data=tmp_path / "fichier"), code=1)


def in_a_process(*words: str, **environment: str) -> Ran:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", *words], cwd=ROOT, capture_output=True, timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def _card_that_is_not_yaml(corpus: Path) -> None:
    (corpus / "fiches" / "cassee.md").write_text(
        "---\nid: [x\ntitre: ?\n---\nCorps.", encoding="utf-8"
    )


def _card_in_latin_1(corpus: Path) -> None:
    (corpus / "fiches" / "latin.md").write_bytes("---\nid: été\n---\nCorps.".encode("latin-1"))


def _card_without_sources(corpus: Path) -> None:
    path = next((corpus / "fiches").glob("*.md"))
    path.write_text(
        re.sub(
            r"(?s)sources:.*?questions:",
            "sources: []\nquestions:",
            path.read_text(encoding="utf-8"),
        ),
        encoding="utf-8",
    )


@pytest.mark.parametrize("spoil", [_card_that_is_not_yaml, _card_in_latin_1, _card_without_sources])
def test_faulty_content_names_its_file(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    corpus = a_small_corpus(tmp_path)
    spoil(corpus)

    ran = in_a_process(
        "ask", QUESTION, "--data", str(tmp_path / "data"), ASSISTANT_CORPUS=str(corpus)
    )

    assert_one_french_line(ran)
    assert ".md" in ran.err


@pytest.mark.parametrize(
    "environment",
    [
        {"ASSISTANT_PORT": "abc"},
        {"ASSISTANT_MAX_QUESTION": "0"},
        {"ASSISTANT_CORPUS": "/nulle/part"},
    ],
)
def test_a_wrong_setting_is_one_french_line(tmp_path: Path, environment: dict[str, str]) -> None:
    assert_one_french_line(in_a_process("ask", QUESTION, "--data", str(tmp_path), **environment))


def test_a_model_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    ran = in_a_process(
        "ask",
        QUESTION,
        "--data",
        str(tmp_path),
        ASSISTANT_EMBEDDING_MODEL="/nulle/part/modele",
        CUDA_VISIBLE_DEVICES="",
    )

    assert_one_french_line(ran, code=1)
    assert "/nulle/part/modele" in ran.err


def test_a_question_in_another_encoding_is_still_a_question(data_directory: Path) -> None:
    ran = subprocess.run(
        [sys.executable.encode(), b"-m", b"assistant", b"ask", "Quelles sont les sept étapes ?".encode("latin-1"),
         b"--data", os.fsencode(data_directory)],
        cwd=ROOT, capture_output=True, timeout=60, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip

    assert b"Traceback" not in ran.stderr
    assert "sept étapes" in ran.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_not_an_error(data_directory: Path) -> None:
    made = subprocess.Popen(
        [sys.executable, "-m", "assistant", "search", "partenariat", "-k", "50", "--data", str(data_directory)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert made.stdout
    assert made.stderr
    made.stdout.close()

    said = made.stderr.read()
    made.wait(timeout=60)

    assert b"Traceback" not in said
    assert b"Exception" not in said


def test_help_speaks_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("serve", "ask", "search", "ingest", "sources", "doctor"))
    assert "répond à une question" in said


def test_output_is_utf_8_whatever_the_terminal_says(
    data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    code = main(["ask", QUESTION, "--data", str(data_directory)])
    sys.stdout.flush()

    assert code == 0
    assert "étapes" in raw.getvalue().decode("utf-8")


def test_the_corpus_of_the_checkout_is_the_default() -> None:
    from assistant.settings import Settings

    assert Settings.model_fields["corpus"].default == CORPUS
