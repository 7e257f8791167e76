"""A QR code as SVG, drawn here: nothing is asked of another host."""

import io

import segno
from markupsafe import Markup


def qr_svg(address: str, *, label: str) -> Markup:
    """The code of ``address``; ``label`` is what a screen reader says of it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        border=2,
        xmldecl=False,
        svgns=False,
        omitsize=True,
        title=label,
        svgclass="qr",
        lineclass="qr-line",
        dark="#000",
        light="#fff",
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno escapes the title; no user text


def qr_text(address: str) -> str:
    """The code of ``address`` for a terminal."""
    out = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()
