"""Passages under their heading, on their page; nothing lost, nothing twice."""

from hypothesis import example, given
from hypothesis import strategies as st

from assistant.knowledge.chunking import TARGET, chunk
from assistant.knowledge.cleaning import Paragraph
from assistant.knowledge.library import Chunk

_WORDS = st.text("abcdéœ.!;,-", min_size=1, max_size=20) | st.text("x", min_size=1, max_size=1_500)
TEXTS = st.lists(_WORDS, min_size=1, max_size=80).map(" ".join)
PARAGRAPHS = st.lists(
    st.builds(Paragraph, TEXTS, st.sampled_from([None, 1, 2]), st.sampled_from([0, 0, 0, 2])),
    max_size=12,
)


def joined(text: str) -> str:
    """Without spaces: a word longer than a passage is cut."""
    return "".join(text.split())


@given(PARAGRAPHS, st.integers(300, 1_200))
def test_nothing_is_lost_or_repeated(paragraphs: list[Paragraph], target: int) -> None:
    chunks = chunk(paragraphs, title="Titre", target=target)

    said = " ".join(p.text for p in paragraphs if not p.level)
    assert joined(" ".join(c.text for c in chunks)) == joined(said)
    assert all(c.text.strip() for c in chunks)


@given(PARAGRAPHS, st.sampled_from([300, TARGET]))
@example([Paragraph("mot " * 130, 1)], 300)
def test_no_passage_is_much_longer_than_the_target(
    paragraphs: list[Paragraph], target: int
) -> None:
    for passage in chunk(paragraphs, title="Titre", target=target):
        assert len(passage.text) <= 1.6 * target


@given(PARAGRAPHS)
def test_a_passage_stays_under_its_heading_and_on_its_page(paragraphs: list[Paragraph]) -> None:
    heading, places = "Titre", []
    for paragraph in paragraphs:
        if paragraph.level:
            heading = paragraph.text
        elif (heading, paragraph.page) not in places[-1:]:
            places.append((heading, paragraph.page))

    made = [(c.heading.split(" — ")[-1], c.page) for c in chunk(paragraphs, title="Titre")]

    assert [p for n, p in enumerate(made) if n == 0 or made[n - 1] != p] == [
        (h.split(" — ")[-1], p)
        for n, (h, p) in enumerate(places)
        if n == 0 or places[n - 1] != (h, p)
    ]


def test_short_paragraphs_are_gathered() -> None:
    paragraphs = [Paragraph("Un.", 3), Paragraph("Deux.", 3)]

    assert chunk(paragraphs, title="Guide") == [Chunk("Guide", 3, "Un.\nDeux.")]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "Le compost nourrit la terre et la garde fraîche. "

    chunks = chunk([Paragraph((sentence * 60).strip(), None)], title="Guide")

    assert len(chunks) > 2
    assert all(c.text.endswith(".") and c.text.startswith("Le") for c in chunks)


def test_a_heading_with_nothing_under_it_is_kept_with_the_next() -> None:
    chunks = chunk(
        [Paragraph("Le compost", 1, 1), Paragraph("Les doses", 1, 2), Paragraph("Un kilo.", 1)],
        title="Guide",
    )

    assert len(chunks) == 1
    assert "Le compost" in chunks[0].heading
    assert "Les doses" in chunks[0].heading


def test_nothing_gives_no_passage() -> None:
    assert chunk([], title="Guide") == []
    assert chunk([Paragraph("Un titre seul", 1, 1)], title="Guide") == []
