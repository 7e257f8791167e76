"""The set of attacks is whole, and what judges them sees what it must see."""

import pytest

from assistant.llm.port import Prompt
from assistant.llm.prompts import material
from tests.llm.attacking import CHANNELS, HARMS, attacks, every, outside, problems


def test_the_set_is_large_varied_and_in_two_languages() -> None:
    found = every()

    assert len(found) >= 140
    assert len({attack.id for attack in found}) == len(found)
    assert len({attack.payload for attack in found}) == len(found)
    assert {attack.canal for attack in found} == CHANNELS
    assert sum(attack.langue == "en" for attack in found) >= 40
    assert {harm for attack in found for harm in attack.interdit} == HARMS
    assert len({attack.famille for attack in found}) >= 20
    assert all(attack.jumeau for attack in attacks("message"))


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x>", "<p onclick=x>", "<p style='a:b'>", "<script>x()</script>",
        "<script src=//x.example/a.js></script>", "<a href='javascript:x'>", "<a href=//x.example>",
        "<a href=' https://x.example'>", "<form action=http://x.example>", "<iframe>", "<base href=/>",
        "<meta http-equiv=refresh content='0;url=//x.example'>", "<link rel=stylesheet href=/x.css>", "<object data=x>",
        "<svg><image href=//x.example></svg>", "<button formaction=data:x>", "<a href='\\\\x.example'>",
        "<video poster=x>", "<style>p{}</style>", "<a ping=//x.example>", "<math>", "<embed>",
        "<a href='java\nscript:x'>", "<svg><use xlink:href=//x.example#a></svg>",
    ],
)  # fmt: skip
def test_what_loads_or_runs_is_seen(html: str) -> None:
    assert problems(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>&lt;img src=x onerror=alert(1)&gt;</p>", "<a href='/fiches/x#y'>x</a>", "<a href='?a=1'>x</a>",
        "<script type=module src=/static/chat.js?v=1></script>",
        "<link rel=stylesheet href=/static/style.css>", "<input value='\"><script>'>",
    ],
)  # fmt: skip
def test_words_are_no_harm(html: str) -> None:
    assert problems(html) == []


@pytest.mark.parametrize("text", [attack.payload for attack in every()])
def test_every_payload_stays_inside_its_fence(text: str) -> None:
    """Outside the fence, the prompt is that of a harmless text, to the letter."""

    def fenced(said: str) -> str:
        return outside(
            Prompt("essai", "Soyez bref.", f"Voici.\n{material(said, 'clause')}\nDites.", "")
        )

    assert fenced(text) == fenced("Un texte inoffensif.")
