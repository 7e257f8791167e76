"""Each format gives its text, its headings and its pages; what cannot be read says why."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.knowledge.analysis import words
from assistant.knowledge.readers import RawDocument, Unreadable, all_lines, read_file
from tests.builders import a_docx, a_pdf

LIMIT = 1_000_000


def read(path: Path, content: bytes | str | None = None) -> RawDocument:
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, max_bytes=LIMIT)


def shown(document: RawDocument) -> list[tuple[str, int]]:
    return [(line.text, line.level) for line in all_lines(document) if line.text.strip()]


def reason(path: Path, content: bytes | str | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        read(path, content)
    return raised.value.reason


def refusal(path: Path) -> str | None:
    """Why a file is refused; None when it is read. Any other exception is an accident."""
    try:
        read(path)
    except Unreadable as error:
        return error.reason
    return None


def test_form_feeds_separate_the_pages_of_a_text(tmp_path: Path) -> None:
    document = read(tmp_path / "mon-guide_2023.txt", "Un.\nDeux.\fTrois.")

    assert document.title == "Mon guide 2023"
    assert [(p.number, [line.text for line in p.lines]) for p in document.pages] == [
        (1, ["Un.", "Deux."]), (2, ["Trois."]),
    ]  # fmt: skip


def test_a_text_without_form_feeds_has_no_pages(tmp_path: Path) -> None:
    assert read(tmp_path / "a.txt", "Un.").pages[0].number is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_texts_of_any_usual_encoding_are_read(tmp_path: Path, encoding: str) -> None:
    assert shown(read(tmp_path / "a.txt", "L’été à Évry, 3 €".encode(encoding))) == [
        ("L’été à Évry, 3 €", 0)
    ]


def test_markdown_keeps_headings_and_drops_markup(tmp_path: Path) -> None:
    text = (
        "# Le *compost*\n\nIl **nourrit** la [terre](https://exemple.fr).\nEt le sol.\n\n## Doses\n\n"
        "- un kilo\n- deux kilos\n\n| Légume | Dose |\n|---|---|\n| Tomate | 3 kg |\n| Chou | 1 kg |\n\n"
        "```\nbrut\n```\n"
    )

    document = read(tmp_path / "a.md", text)

    assert document.title == "Le compost"
    assert shown(document) == [
        ("Le compost", 1), ("Il nourrit la terre. Et le sol.", 0), ("Doses", 2), ("un kilo", 0),
        ("deux kilos", 0), ("Légume | Dose", 0), ("Tomate | 3 kg", 0), ("Chou | 1 kg", 0), ("brut", 0),
    ]  # fmt: skip


def test_a_nested_markdown_list_is_not_a_table(tmp_path: Path) -> None:
    document = read(tmp_path / "a.md", "- un\n  - deux\n    - trois\n\n> cité\n")

    assert [text for text, _ in shown(document)] == ["un", "deux", "trois", "cité"]


def test_html_keeps_what_a_reader_sees(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Compost</title><style>p{}</style></head><body><nav><p>Menu</p></nav>"
        "<header>Bandeau</header><h1>Le compost</h1><p>Il <b>nourrit</b> la terre.</p><script>alert(1)</script>"
        "<ul><li>un</li><li>deux</li></ul><table><tr><td>Tomate</td><td>3 kg</td></tr></table>"
        "<footer>Mentions</footer></body></html>"
    )

    document = read(tmp_path / "a.html", page)

    assert document.title == "Compost"
    assert shown(document) == [
        ("Le compost", 1), ("Il nourrit la terre.", 0), ("un", 0), ("deux", 0), ("Tomate | 3 kg", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "<p>un deux</p><p>trois</p>",
        "<div>un deux</div><p>trois</p>",
        "<h1>un</h1><div>deux <div>trois</div></div>",
        "un deux<p>trois</p>",
        "<ul><li>un <b>deux</b><ul><li>trois</li></ul></li></ul>",
        "<table><tr><td><p>un</p></td><td><ul><li>deux</li></ul></td></tr><tr><th>trois</th></tr></table>",
        "<blockquote><p>un deux</p></blockquote><section>trois</section>",
        "<dl><dt>un</dt><dd>deux <em>trois</em><p></p></dd></dl>",
        "<p>un<br>deux</p><pre>trois</pre>",
        "<article><h2>un</h2><span>deux</span> trois</article>",
    ],
)
def test_html_says_each_word_once(tmp_path: Path, body: str) -> None:
    said = " ".join(
        text for text, _ in shown(read(tmp_path / "a.html", f"<html><body>{body}</body></html>"))
    )

    assert words(said) == ["un", "deux", "trois"]


def test_two_equal_html_items_stay_two(tmp_path: Path) -> None:
    assert len(shown(read(tmp_path / "a.html", "<ul><li>un</li><li>un</li></ul>"))) == 2


def test_html_does_not_cut_words_at_emphasis(tmp_path: Path) -> None:
    page = "<p>l'<em>alliance</em>, <b>vraiment</b>.<br>Oui</p>"

    assert shown(read(tmp_path / "a.html", page)) == [("l'alliance, vraiment. Oui", 0)]


def test_html_declares_its_own_encoding(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>été</p></body></html>'

    assert shown(read(tmp_path / "a.htm", page.encode("latin-1"))) == [("été", 0)]


def test_word_keeps_headings_and_tables_in_their_order(tmp_path: Path) -> None:
    document = read(a_docx(tmp_path / "a.docx"))

    assert document.title == "Le compost"
    assert shown(document) == [
        ("Le compost", 1), ("Le compost nourrit la terre.", 0), ("Les doses", 2),
        ("Légume | Dose", 0), ("Tomate | 3 kg", 0), ("Fin du mode d’emploi.", 0),
    ]  # fmt: skip


def test_a_pdf_keeps_its_pages(tmp_path: Path) -> None:
    path = a_pdf(
        tmp_path / "a.pdf",
        ["Le compost (chaud)", "nourrit l'été."],
        ["Page deux."],
        title="Compost",
    )

    document = read(path)

    assert document.title == "Compost"
    assert [p.number for p in document.pages] == [1, 2]
    assert [text for text, _ in shown(document)] == [
        "Le compost (chaud)",
        "nourrit l'été.",
        "Page deux.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.xyz", "du texte", "format_inconnu"),
        ("sans-extension", "du texte", "format_inconnu"),
        ("a.txt", "", "vide"),
        ("a.txt", " \n\f\n ", "vide"),
        ("a.md", "", "vide"),
        ("a.html", "<script>1</script>", "vide"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "encodage"),
        ("a.md", b"PK\x03\x04\x00\x00", "encodage"),
        ("a.txt", b"x" * (LIMIT + 1), "trop_gros"),
        ("a.docx", b"pas un zip", "endommage"),
        ("a.docx", b"", "endommage"),
        ("a.pdf", b"pas un pdf", "endommage"),
        ("a.pdf", b"", "endommage"),
        ("a.pdf", b"%PDF-1.4\n%%EOF", "endommage"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes | str, expected: str
) -> None:
    assert reason(tmp_path / name, content) == expected


def test_a_scanned_pdf_is_empty(tmp_path: Path) -> None:
    assert reason(a_pdf(tmp_path / "a.pdf", [], [])) == "vide"


def test_a_folder_named_like_a_file_is_not_readable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()

    assert reason(tmp_path / "a.txt") == "acces"


def _zip_with(**members: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name.replace("__", "/"), content)
        return path

    return write


def _broken_xml(path: Path) -> Path:
    whole = a_docx(path.with_name("entier.docx"))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(
                name, content[: len(content) // 2] if name == "word/document.xml" else content
            )
    return path


@pytest.mark.parametrize("make", [_zip_with(), _zip_with(a=b"x"), _broken_xml])
def test_an_archive_that_is_not_word_is_damaged(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    assert reason(make(tmp_path / "a.docx")) == "endommage"


@pytest.mark.parametrize(
    "make", [a_docx, lambda path: a_pdf(path, ["Le compost", "chauffe"], ["Deux"])]
)
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused_but_never_an_accident(
    tmp_path: Path, make: Callable[[Path], Path], seed: int
) -> None:
    path = make(tmp_path / ("a.docx" if make is a_docx else "a.pdf"))
    chance = random.Random(seed)
    raw = bytearray(path.read_bytes())
    if seed % 2:
        raw = raw[: chance.randrange(len(raw))]
    for _ in range(chance.randrange(1, 30)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)

    assert refusal(path) in {None, "endommage", "vide"}


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<li>",
            "<!",
            "<![",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?x",
            "&#x0;",
            "été",
            "\x00",
            "|",
            "#",
            "```",
        ]
    )
    | st.text(max_size=8),
    max_size=12,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MARKUP, st.sampled_from([".html", ".md", ".txt"]))
def test_any_markup_is_read_or_refused(tmp_path: Path, text: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))

    assert refusal(path) in {None, "vide", "encodage", "endommage"}
