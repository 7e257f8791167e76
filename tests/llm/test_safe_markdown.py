"""Whatever a model writes, a page gets paragraphs, lists, bold and markers."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt

from assistant.llm.safe_markdown import reduced
from tests.builders import ROOT
from web.prose import parse

ATTACKS = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.test/x.js></SCRIPT>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src='https://evil.test'></iframe>",
    "<a href='javascript:alert(1)'>x</a>", "<body onload=alert(1)>", "<link rel=stylesheet href=//evil.test>",
    "<meta http-equiv=refresh content='0;url=//evil.test'>", "<style>@import '//evil.test'</style>",
    "<object data=//evil.test></object>", "<embed src=//evil.test>", "<video src=//evil.test autoplay>",
    "<audio src=//evil.test autoplay>", "<form action=//evil.test><input name=a></form>", "<base href=//evil.test>",
    "<math><mtext><script>1</script></mtext></math>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>script>alert(1)<</script>/script>", "<img/src=`x`onerror=alert(1)>", "<!--<img src=x>--><img src=y>",
    "<!-- > <img src=x onerror=1> -->", "<![CDATA[<img src=x>]]>", "<?php echo 1 ?>", "<!DOCTYPE html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;img src=x&amp;gt;", "&#60;img src=x&#62;", "&#x3c;img src=x&#x3e;",
    "\\<img src=x\\>", "\\\\<img src=x>", "<img\nsrc=x\nonerror=alert(1)>", "<\u200bscript>alert(1)</script>",
    "<scr\u200dipt>alert(1)</script>", "<\x00img src=x>", "<img\x0csrc=x>", "![x](https://evil.test/p.png)",
    "![x](https://evil.test/?q=secret)", "![x][y]\n\n[y]: https://evil.test/p.png", "![[x]](https://evil.test)",
    "!\\[x](https://evil.test)", "![](data:image/png;base64,AAAA)", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](data:text/html,<b>)",
    "[x](vbscript:msgbox(1))", "[x](file:///etc/passwd)", "[x](//evil.test)", "[x](https://evil.test 'titre')",
    "[x](<https://evil.test>)", "[S1](https://evil.test)", "[S1]: https://evil.test", "[S1]:https://evil.test\n\n[S1]",
    "[S1][x]\n\n[x]: https://evil.test", "[S1]\\: https://evil.test", "> [S1]: https://evil.test", "- [S1]: https://evil.test",
    "[^1]: note <img src=x>", "[x]\n\n[x]: https://evil.test", "[x][]\n\n[x]: https://evil.test",
    "<https://evil.test>", "<a@evil.test>", "https://evil.test/a", "http://evil.test", "www.evil.test", "ftp://evil.test",
    "contact@evil.test", "hhttps://ttps://evil.test", "javajavascript:script:alert(1)", "```html\n<img src=x>\n```",
    "`<img src=x>`", "~~~\n<script>1</script>\n~~~", "    <img src=x>", "# Titre <img src=x>", "Titre\n=====", "Titre\n---",
    "| a | b |\n|---|---|\n| <img src=x> | [x](https://evil.test) |", "$$\\href{javascript:alert(1)}{x}$$",
    "\u202egnp.x\u202c", "\u2066x\u2069", "a\U000e0041\U000e0042b", "* * *", "***gras***", "- [x] <b>fait</b>",
    "[[x]](https://evil.test)", "[a [b](https://evil.test) c](https://evil.test)", "**[x](https://evil.test)**",
    "<details open ontoggle=alert(1)>", "<x onclick=alert(1)>y</x>", "<p style=background:url(//evil.test)>",
    "[x]: <https://evil.test>\n[x]", "a<b>c</b>", "<S1>", "!\n[x](https://evil.test)", "*[x]*(https://evil.test)",
    "{{ 7*7 }} {% include 'x' %}", ":::{.raw}\n<img>\n:::", "<img src=x" , "<" * 3000, "[" * 3000, "**" * 2000, "\\" * 999,
]  # fmt: skip
ALLOWED = {"p", "ul", "ol", "li", "strong", "em"}  # em: « 15059*02 et 15059*03 »


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser


ENVIRONMENT = Environment(loader=FileSystemLoader(ROOT / "web" / "templates"), autoescape=True)
PAGE = ENVIRONMENT.from_string(
    '{% from "_parts.html" import prose %}{{ prose(nodes, "a", sources) }}'
)
GENEROUS = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def assert_harmless(text: str) -> None:
    safe = reduced(text)
    made = tags(GENEROUS.render(safe))
    assert made.tags <= ALLOWED, (safe, made.tags)
    assert {name for name, _ in made.attributes} <= {"start"}, safe
    # as the page renders it, where a marker links to our own sources
    marks = {int(n) for n in re.findall(r"\[S(\d+)\]", safe)}
    sources = [{"document": "guide", "page": 1}] * max(marks, default=0)
    if 0 in marks:
        return
    shown = tags(PAGE.render(nodes=parse(safe), sources=sources))
    assert shown.tags <= ALLOWED | {"span", "a"}, safe
    for name, value in shown.attributes:
        assert name in {"class", "href", "data-source", "data-phrase", "aria-label", "start"}
        assert name != "href" or re.fullmatch(r"#a-s\d+", value or ""), value


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_leaves_markup(attack: str) -> None:
    for text in (attack, f"Un don {attack} suit. [S1]", f"- {attack}\n- {attack}", f"**{attack}**"):
        assert_harmless(text)
        assert not re.search(
            r"(?i)<[a-z/!?]|://|www\.|javascript:|data:|vbscript:|\]\(|\]:", reduced(text)
        )


PIECES = [
    "<", ">", "[", "]", "(", ")", "!", "*", "**", "_", "`", "#", "-", " ", "\n", "\n\n", "S1", "[S1]", ":", "//", "http", "a",
    "script", "img src=x", "&lt;", "&#91;", "\\", "|", "---", "=", "1.", "~~~", "javascript:", "@", ".", "fr", "\u202e", "\x01",
    "\t", "\u2028", "+", "www.", "data:", "$", "^", "\0",
]  # fmt: skip


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=80)))
def test_whatever_is_written_is_harmless_and_reduces_once(text: str) -> None:
    assert_harmless(text)
    assert reduced(reduced(text)) == reduced(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un **don** de 15 000 €. [S1][S2]", "Un **don** de 15 000 €. [S1][S2]"),
        ("- un don [S1]\n- un prix [S2]", "- un don [S1]\n- un prix [S2]"),
        ("* un don\n+ un prix\n• un bail", "- un don\n- un prix\n- un bail"),
        ("1) signer\n2. évaluer", "1. signer\n2. évaluer"),
        ("  - sous-point", "- sous-point"),
        ("## Un titre ##\nUn don.", "**Un titre**\nUn don."),
        ("Un *don* et __prix__ et _bail_.", "Un don et **prix** et bail."),
        ("Voir [le guide](https://x.test/a_(b)).", "Voir le guide."),
        ("Voir [S1](https://x.test).", "Voir [S1]."),
        ("Un don [2023] [sic].", "Un don (2023) (sic)."),
        ("5 < 6 et 7 > 6, a<5", "5 < 6 et 7 > 6, a<5"),
        ("Un don\n\n\n\nUn prix", "Un don\n\nUn prix"),
        ("| a | b |\n|---|---|\n| c | d |", "- a ; b\n\n- c ; d"),
        ("prénom_nom et M&M", "prénom_nom et M&M"),
        ("Un « don » : 60 % ; l’État…", "Un « don » : 60 % ; l’État…"),
        ("Écrire à a@b.fr", "Écrire à a @ b.fr"),
        ("", ""),
    ],
)
def test_what_is_allowed_stays_and_the_rest_is_plain(text: str, expected: str) -> None:
    assert reduced(text) == expected


def test_every_card_of_the_project_is_left_as_it_is() -> None:
    from assistant.knowledge.corpus import load_corpus

    for unit in load_corpus(ROOT / "corpus").units:
        for block in unit.blocks:
            text = block.text.replace("\n", " ")
            assert reduced(text) == text.replace("https://", "").replace("www.", "").strip()
