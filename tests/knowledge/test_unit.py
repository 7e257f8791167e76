"""Units and their passages."""

from assistant.knowledge.unit import Block, BlockKind, unit_from_json
from tests.builders import a_reference, a_unit, an_off_topic


def test_a_unit_written_as_json_is_read_back_equal() -> None:
    unit = a_unit(
        "une-fiche",
        Block(BlockKind.PARAGRAPH, "Un."),
        Block(BlockKind.STEP, "Deux.", (0, 1)),
        references=(a_reference(), a_reference(None, "Ailleurs", "etat")),
        actors=("association",),
        step=3,
        see_also=("autre",),
    )

    assert unit_from_json(unit.to_json()) == unit


def test_a_passage_holds_the_blocks_that_its_reference_supports() -> None:
    unit = a_unit(
        "une-fiche",
        Block(BlockKind.PARAGRAPH, "Un."),
        Block(BlockKind.BULLET, "Deux.", (1,)),
        Block(BlockKind.BULLET, "Trois.", (0, 1)),
        references=(a_reference(3), a_reference(9)),
    )

    assert [(p.id, p.text, p.reference.page) for p in unit.passages()] == [
        ("une-fiche#1", "Un.\nTrois.", 3),
        ("une-fiche#2", "Deux.\nTrois.", 9),
    ]


def test_a_reference_that_supports_nothing_has_no_passage() -> None:
    unit = a_unit("x", "Un.", references=(a_reference(3), a_reference(9)))

    assert [p.id for p in unit.passages()] == ["x#1"]


def test_an_off_topic_subject_has_no_passage_to_cite() -> None:
    assert an_off_topic().passages() == ()
