"""The tree as Typst source: every word is a string literal, so nothing can be markup.

Typst (the compiler inside the ``typst`` wheel) sets it as tagged PDF/UA-1 with embedded fonts.
"""

import json
from collections.abc import Sequence
from typing import Any

from assistant.drafting.rendering.tree import Node

_ALIGN = {"AlignRight": "right", "AlignLeft": "left"}


def literal(words: str) -> str:
    """A Typst string: JSON's escapes, with Typst's form for code points."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\t", "\\t").replace("\n", "\\n") + '"'


def _attributes(node: list[Any]) -> tuple[str, list[str]]:
    return node[0], node[1]


def inlines(nodes: Sequence[Node]) -> str:
    """A run of text as content."""
    return "".join(_inline(node) for node in nodes)


def _inline(node: Node) -> str:
    content: Any = node.get("c")
    match node["t"]:
        case "Str":
            return f"#{literal(content)};"
        case "LineBreak":
            return "#linebreak();"
        case "Strong":
            return f"#strong[{inlines(content)}];"
        case "Span":
            _, classes = _attributes(content[0])
            inner = inlines(content[1])
            return f"#manquant[{inner}];" if "manquant" in classes else inner
        case _:
            return ""


def blocks(nodes: Sequence[Node]) -> str:
    """Blocks, one after the other."""
    return "\n\n".join(_block(node) for node in nodes)


def _items(function: str, rows: Sequence[Sequence[Node]]) -> str:
    return f"#{function}({','.join(f'[{blocks(row)}]' for row in rows)})"


def _block(node: Node) -> str:  # noqa: PLR0911 - one line for each kind of block
    content = node["c"]
    match node["t"]:
        case "Para" | "Plain":
            return inlines(content)
        case "Header":
            return f"#heading(level: {content[0]})[{inlines(content[2])}]"
        case "BulletList":
            return _items("list", content)
        case "OrderedList":
            return _items("enum", content[1])
        case "Table":
            return _table(content)
        case "Div":
            _, classes = _attributes(content[0])
            return f"#bloc({json.dumps(classes[0])})[{blocks(content[1])}]"
        case _:
            return ""


def _cells(row: list[Any]) -> str:
    return ",".join(f"[{blocks(cell[4])}]" for cell in row[1])


def _table(content: list[Any]) -> str:
    _, caption, specs, head, bodies, _ = content
    widths = ",".join(f"{max(spec[1]['c'], 0.01):.4f}fr" for spec in specs)
    aligns = ",".join(_ALIGN[spec[0]["t"]] for spec in specs)
    rows = ",".join(_cells(row) for row in bodies[0][3])
    heads = ",".join(_cells(row) for row in head[1])
    table = f"table(columns: ({widths},), align: ({aligns},), table.header({heads}), {rows})"
    if not caption[1]:
        return f"#{table}"
    return f"#figure(kind: table, caption: [{blocks(caption[1])}], {table})"
