"""Markdown: the tree with every word escaped here.

Pandoc's writer leaves entities (« &nbsp; ») and list marks after a line break as they are, so that
they would be read as markup; and it turns a table whose cells hold a line break into HTML.
"""

import re
from typing import Any

from assistant.drafting.rendering.pandoc import convert
from assistant.drafting.rendering.tree import Node

_MARKUP = re.compile(r"([\\`*_\[\]<>&|~^$#])")
_START = re.compile(r"^(?:([+=-])|(\d{1,9})([.)]))")
_BLANK = re.compile(r"^[ \t]+|[ \t]+$|\t")


def _entity(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in found[0])


def escaped(line: str) -> str:
    """One line of text that Markdown reads as that text, wherever it stands."""
    safe = _MARKUP.sub(r"\\\1", line)
    return _START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", safe)


def _raw(words: str, *, after_break: bool) -> Node:
    safe = escaped(words)
    # indentation and tabs would be swallowed, or make a block of code
    safe = _BLANK.sub(_entity, safe) if after_break else safe.replace("\t", "&#9;")
    return {"t": "RawInline", "c": ["markdown", safe]}


def _walk(value: Any, *, in_table: bool) -> Any:
    if isinstance(value, list):
        found = []
        broken = False
        for item in value:
            kind = item.get("t") if isinstance(item, dict) else None
            if kind == "Str":
                found.append(_raw(item["c"], after_break=broken))
            elif kind == "LineBreak" and in_table:
                found.append({"t": "RawInline", "c": ["html", "<br />"]})
            elif kind == "Span" or (kind == "Div" and in_table):
                # styles are not Markdown, and would make a table HTML, where raw words are lost
                found += _walk(item["c"][1], in_table=in_table)
            elif kind == "Para" and in_table:
                found.append({"t": "Plain", "c": _walk(item["c"], in_table=True)})
            else:
                found.append(_walk(item, in_table=in_table))
            broken = kind == "LineBreak"
        return found
    if isinstance(value, dict):
        table = in_table or value.get("t") == "Table"
        return {key: _walk(item, in_table=table) for key, item in value.items()}
    return value


def _captions(blocks: list[Any]) -> list[Any]:
    """A caption as a paragraph before its table: Markdown has none."""
    found: list[Any] = []
    for block in blocks:
        if block["t"] == "Table" and block["c"][1][1]:
            caption = block["c"][1][1][0]["c"]
            found.append({"t": "Para", "c": [{"t": "Emph", "c": caption}]})
            block["c"][1] = [None, []]
        elif block["t"] == "Div":
            block["c"][1] = _captions(block["c"][1])
            found += block["c"][1]
            continue
        found.append(block)
    return found


def render(tree: Node) -> bytes:
    """The tree as GitHub's Markdown."""
    blocks = _walk(_captions(tree["blocks"]), in_table=False)
    return convert({**tree, "blocks": blocks, "meta": {}}, "gfm", ["--wrap=none"])
