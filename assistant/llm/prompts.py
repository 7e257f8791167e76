"""What is sent to a language model: the templates of ``prompts/``, and the fence around material.

A template has two blocks, ``system`` and ``user``; what a block needs it includes or imports
inside itself. Everything that a person or a document wrote goes through the filter ``material``.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import InvalidContent
from assistant.llm.port import Prompt

SUFFIX = ".j2"
BLOCKS = ("system", "user")
# The fence is made of two characters that material cannot hold, nor anything that looks like them.
OPEN, CLOSE = "⟦", "⟧"
LOOK_ALIKE = str.maketrans(dict.fromkeys("⟦〚⟬❲⦗", "[") | dict.fromkeys("⟧〛⟭❳⦘", "]"))
# What chat templates of local models read as a change of speaker, wherever it stands.
CONTROL = re.compile(
    r"<\s*\|[^<>|\n]{0,40}\|\s*>|<\s*/?\s*(?:s|bos|eos|think|start_of_turn|end_of_turn|unk|pad)\s*>"
    r"|<<\s*/?\s*SYS\s*>>|\[\s*/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)"
    r"\s*\]|<\uff5c[^<>\n]{0,40}\uff5c>",
    re.IGNORECASE,
)
LABEL = re.compile(r"[^\w -]")


def material(text: object, label: str = "texte") -> str:
    """``text`` between fences that it cannot close, as data to read.

    Invisible characters (control, direction, tags: « ASCII smuggling ») are dropped, brackets like
    ours are made plain, and the marks by which servers tell speakers apart are broken open.
    """
    shown = "".join(c for c in str(text) if c in "\n\t" or not _invisible(c))
    shown = CONTROL.sub(lambda found: _broken(found.group()), shown.translate(LOOK_ALIKE))
    name = LABEL.sub("", label)[:40] or "texte"
    return f"{OPEN}{name}{CLOSE}\n{shown}\n{OPEN}fin {name}{CLOSE}"


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}


def _broken(mark: str) -> str:
    return " ".join(re.findall(r"[\w/]+|[^\w/\s]", mark))


class Prompts:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["material"] = material
        self._digest = lru_cache(maxsize=None)(self._read_digest)

    def names(self) -> list[str]:
        """Every template that can be rendered; those that start with « _ » are included only."""
        found = self._environment.list_templates(extensions=[SUFFIX.removeprefix(".")])
        return [n.removesuffix(SUFFIX) for n in found if not n.rpartition("/")[2].startswith("_")]

    def digest(self, name: str) -> str:
        """What the prompts of template ``name`` record; raises what loading it raises."""
        return self._digest(name + SUFFIX)

    def render(self, name: str, /, **values: Any) -> Prompt:
        """The prompt ``name``.

        Raises ``InvalidContent`` for a template that is missing, lacks a block, or uses a value
        that is not given.
        """
        file = name + SUFFIX
        try:
            template = self._environment.get_template(file)
            context = template.new_context(values)
            parts = ["".join(template.blocks[block](context)).strip() for block in BLOCKS]
            digest = self._digest(file)
        except KeyError as error:
            raise InvalidContent("invite_invalide", fichier=file, raison=str(error)) from error
        except TemplateError as error:
            raise InvalidContent(
                "invite_invalide", fichier=file, raison=f"{type(error).__name__} : {error}"
            ) from error
        return Prompt(name=name, system=parts[0], user=parts[1], digest=digest)

    def _read_digest(self, file: str) -> str:
        """sha256 of a template and of all that it names, in a fixed order."""
        sources: dict[str, str] = {}
        waiting = [file]
        while waiting:
            current = waiting.pop()
            if current in sources:
                continue
            loader = self._environment.loader
            assert loader is not None
            sources[current] = loader.get_source(self._environment, current)[0]
            named = meta.find_referenced_templates(self._environment.parse(sources[current]))
            waiting += [other for other in named if other]
        digest = hashlib.sha256()
        for current in sorted(sources):
            digest.update(f"{current}\0{sources[current]}\0".encode())
        return digest.hexdigest()
