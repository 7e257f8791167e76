"""The answer's Markdown subset becomes nodes, and nothing else becomes markup."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.knowledge.unit import Block, BlockKind
from web.prose import (
    Extract,
    Inline,
    Listing,
    Paragraph,
    Phrase,
    extracts,
    fragments,
    from_blocks,
    parse,
    phrases,
)

ANSWER = """Une **alliance** engage. [S1] Elle dure. [S1][S2]

- **Un** : ceci. [S1]
- Deux : cela. [S2]

1. D'abord. [S3]
2. Ensuite. [S3]

Pour finir."""


def test_paragraphs_bullets_and_steps() -> None:
    first, bullets, steps, last = parse(ANSWER)
    assert first == Paragraph(
        (
            Phrase(1, (Inline("Une "), Inline("alliance", bold=True), Inline(" engage.")), (1,)),
            Phrase(2, (Inline("Elle dure."),), (1, 2)),
        )
    )
    assert isinstance(bullets, Listing)
    assert bullets.start is None
    assert len(bullets.items) == 2
    assert isinstance(steps, Listing)
    assert steps.start == 1
    assert last == Paragraph((Phrase(7, (Inline("Pour finir."),)),))


def test_markup_is_text() -> None:
    hostile = "<script>alert(1)</script> ![x](http://e.x/i.png) [l](javascript:1) {{7*7}}"
    (node,) = parse(hostile)
    assert isinstance(node, Paragraph)
    assert node.phrases[0].text == hostile


def test_a_list_right_after_a_line_is_still_a_list() -> None:
    intro, listing = parse("Voici :\n- un\n- deux")
    assert isinstance(intro, Paragraph)
    assert isinstance(listing, Listing)


def test_steps_keep_their_number() -> None:
    blocks = (
        Block(BlockKind.STEP, "Un."),
        Block(BlockKind.STEP, "Deux."),
        Block(BlockKind.PARAGRAPH, "Puis."),
        Block(BlockKind.STEP, "Encore un.", (1,)),
    )
    first, _, second = from_blocks(blocks, marked=True)
    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert (first.start, len(first.items), second.start) == (1, 2, 1)
    assert [p.marks for p in phrases((second,))] == [(2,)]


def test_the_cited_sentence_is_told_apart() -> None:
    passage = "Une alliance engage. Elle dure. Elle finit.\n**Un** : ceci."
    cited = [Phrase(4, (Inline("Elle dure."),), (1,)), Phrase(5, (Inline("Un : ceci."),), (1,))]
    first, second = extracts(passage, cited)
    assert [extract.phrase for extract in first] == [None, 4, None]
    assert second == (Extract((Inline("Un", bold=True), Inline(" : ceci.")), 5),)


@given(st.text())
def test_fragments_join_into_the_answer(text: str) -> None:
    assert "".join(fragments(text)) == text


def test_a_fragment_is_a_sentence_or_an_item() -> None:
    assert len(list(fragments(ANSWER))) == 7


@given(st.text(alphabet="ab *[]S1-.\n"))
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(phrase.number, int) for phrase in phrases(parse(text)))
