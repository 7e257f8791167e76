"""Citations in the wild, whoever writes them."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.llm.citations import read
from assistant.llm.sentences import SentenceCutter, sentences

KNOWN = ("S1", "S2", "S3", "S12")

WILD = [
    ("Un don [1].", "Un don. [S1]", 0),
    ("Un don. [1]", "Un don. [S1]", 0),
    ("Un don.[1]", "Un don. [S1]", 0),
    ("Un don.[1] Suite.", "Un don. [S1] Suite.", 0),
    ("Un don.[1]Suite.", "Un don. [S1] Suite.", 0),
    ("Un don [1,2].", "Un don. [S1][S2]", 0),
    ("Un don [1, 2].", "Un don. [S1][S2]", 0),
    ("Un don [1; 2].", "Un don. [S1][S2]", 0),
    ("Un don [1 et 2].", "Un don. [S1][S2]", 0),
    ("Un don [1][2].", "Un don. [S1][S2]", 0),
    ("Un don [1] [2].", "Un don. [S1][S2]", 0),
    ("Un don [1-3].", "Un don. [S1][S2][S3]", 0),
    ("Un don [1–3].", "Un don. [S1][S2][S3]", 0),
    ("Un don [S1-S3].", "Un don. [S1][S2][S3]", 0),
    ("Un don [[1]].", "Un don. [S1]", 0),
    ("Un don [[1]](https://x.test/a).", "Un don. [S1]", 0),
    ("Un don 【1】.", "Un don. [S1]", 0),
    ("Un don 【1†source】.", "Un don. [S1]", 0),
    ("Un don 【2:0†guide.pdf】.", "Un don. [S2]", 0),
    ("Un don [1†source].", "Un don. [S1]", 0),
    ("Un don ［2］.", "Un don. [S2]", 0),
    ("Un don [S1].", "Un don. [S1]", 0),
    ("Un don [s1].", "Un don. [S1]", 0),
    ("Un don [S 1].", "Un don. [S1]", 0),
    ("Un don [ S1 ].", "Un don. [S1]", 0),
    ("Un don [S1, S2].", "Un don. [S1][S2]", 0),
    ("Un don (S1).", "Un don. [S1]", 0),
    ("Un don (S1, S2).", "Un don. [S1][S2]", 0),
    ("Un don (source 1).", "Un don. [S1]", 0),
    ("Un don [^1].", "Un don. [S1]", 0),
    ("Un don [^1][^2].", "Un don. [S1][S2]", 0),
    ("Un don [#1].", "Un don. [S1]", 0),
    ("Un don [source 1].", "Un don. [S1]", 0),
    ("Un don [Source : S1].", "Un don. [S1]", 0),
    ("Un don [Source: S1, S2].", "Un don. [S1][S2]", 0),
    ("Un don [Sources S1 et S2].", "Un don. [S1][S2]", 0),
    ("Un don [Réf. 2].", "Un don. [S2]", 0),
    ("Un don [cf. S1].", "Un don. [S1]", 0),
    ("Un don [doc 1].", "Un don. [S1]", 0),
    ("Un don [S1, p. 46].", "Un don. [S1]", 0),
    ("Un don [1](https://x.test/a?b=c#d).", "Un don. [S1]", 0),
    ("Un don [S1](javascript:alert).", "Un don. [S1]", 0),
    (r"Un don \[1\].", "Un don. [S1]", 0),
    ("Un don¹.", "Un don. [S1]", 0),
    ("Un don.¹", "Un don. [S1]", 0),
    ("Un don.¹ ² Suite.", "Un don. [S1][S2] Suite.", 0),
    ("Un don¹².", "Un don. [S12]", 0),
    ("Un don²³.", "Un don. [S2][S3]", 0),
    ("Un don¹,².", "Un don. [S1][S2]", 0),
    ("Un don<sup>1</sup>.", "Un don. [S1]", 0),
    ("Un don<sup>[1]</sup>.", "Un don. [S1]", 0),
    ("Est-ce un don [1] ?", "Est-ce un don ? [S1]", 0),
    ("Un « don [1]. »", "Un « don. » [S1]", 0),
    ("**Un don [1]**.", "**Un don**. [S1]", 0),
    ("**Un don. [1]**", "**Un don.** [S1]", 0),
    ("- un don [1] ;\n- un prix [2].", "- un don ; [S1]\n- un prix. [S2]", 0),
    ("Selon [1], un don [2].", "Selon [S1], un don. [S2]", 0),
    ("Un don [1][1].", "Un don. [S1]", 0),
    # unknown
    ("Un don [9].", "Un don.", 1),
    ("Un don [S99].", "Un don.", 1),
    ("Un don [1, 9].", "Un don. [S1]", 1),
    ("Un don [9] et [8] encore.", "Un don et encore.", 2),
    ("Un don⁹.", "Un don.", 1),
    ("Un don [0].", "Un don.", 1),
    ("Un don [1-90].", "Un don. [S1]", 1),
    # no citations
    ("Un don [2023].", "Un don [2023].", 0),
    ("Un don [15 000].", "Un don [15 000].", 0),
    ("Un don [15 000 €].", "Un don [15 000 €].", 0),
    ("Un don (1).", "Un don (1).", 0),
    ("Un don (2023).", "Un don (2023).", 0),
    ("Un don [sic].", "Un don [sic].", 0),
    ("Un don [...].", "Un don [...].", 0),
    ("Un local de 20 m² et 3 m³.", "Un local de 20 m² et 3 m³.", 0),
    ("Un don de [1 000].", "Un don de [1 000].", 0),
    ("Un don [A1].", "Un don [A1].", 0),
    ("Un don S1.", "Un don S1.", 0),
    ("", "", 0),
]


@pytest.mark.parametrize(("text", "expected", "unknown"), WILD)
def test_a_citation_is_read_however_it_is_written(text: str, expected: str, unknown: int) -> None:
    cited = read(text, KNOWN)

    assert (cited.text, cited.unknown) == (expected, unknown)


@pytest.mark.parametrize(("text", "expected", "unknown"), WILD)
def test_a_normalised_text_is_read_back_the_same(text: str, expected: str, unknown: int) -> None:
    assert read(expected, KNOWN).text == expected


@pytest.mark.parametrize(
    ("text", "bare", "ids"),
    [
        ("Un don [2][1]. ", "Un don. ", ("S2", "S1")),
        ("Selon [1], un don. [2]\n", "Selon, un don.\n", ("S1", "S2")),
        ("[S1] Un don.", "Un don.", ("S1",)),
        ("Un [1] don.", "Un don.", ("S1",)),
        ("Un[1] don.", "Un don.", ("S1",)),
    ],
)
def test_the_bare_text_has_no_marker_and_markers_settle_at_its_end(
    text: str, bare: str, ids: tuple[str, ...]
) -> None:
    cited = read(text, KNOWN)
    marks = "".join(f"[{name}]" for name in ids)

    assert (cited.bare, cited.ids) == (bare, ids)
    assert cited.settled == f"{bare.rstrip()} {marks}{bare[len(bare.rstrip()) :]}"


PIECES = [
    "[1]", "[1,2]", "[[1]]", "[[2]](http://x.y/z)", "【1†source】", "[S1, S2]", "(S1)", "[^1]", "¹", "²",
    "<sup>1</sup>", "[2023]", "[1](", "[", "]", "(", ")", ".", " ", "\n", "\n\n", "!", "…", "»", "« ", "M. ",
    "art. ", "3,5", "1.2", "a", "Un don", "- ", "1. ", "**", "Suite", "p. 46", "<", "\\[S1\\]",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


def cut_at(text: str, places: list[int]) -> list[str]:
    edges = sorted({0, len(text), *(p % (len(text) + 1) for p in places)})
    return [text[a:b] for a, b in pairwise(edges)]


@given(texts, st.lists(st.integers(0, 300), max_size=12))
@example("Un don.[1](http://x.y/z) Suite.", list(range(40)))
@example("Un don.<sup>1</sup> Suite.", list(range(40)))
def test_any_cut_of_a_stream_gives_the_same_sentences_and_citations(
    text: str, places: list[int]
) -> None:
    cutter = SentenceCutter()
    streamed = [s for piece in cut_at(text, places) for s in cutter.feed(piece)] + cutter.end()

    assert streamed == sentences(text)
    assert [read(s, KNOWN) for s in streamed] == [read(s, KNOWN) for s in sentences(text)]


@given(texts)
def test_what_is_read_holds_known_markers_only_and_is_stable(text: str) -> None:
    cited = read(text, KNOWN)

    assert set(cited.ids) <= set(KNOWN)
    assert read(cited.text, KNOWN).ids == tuple(dict.fromkeys(cited.ids))
    assert "\0" not in cited.text
