"""The tree through pandoc (the binary inside the ``pypandoc_binary`` wheel)."""

import json
import subprocess
import threading
from collections.abc import Sequence
from functools import cache

from assistant.drafting.rendering.tree import Node
from assistant.errors import AssistantError

# two at a time: more only makes each slower, and thirty exports at once must all succeed
_SLOTS = threading.BoundedSemaphore(2)
SECONDS = 60


class RenderingFailed(AssistantError):
    """The file could not be made; the document itself is intact."""

    code = "export_impossible"


@cache
def _path() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def convert(tree: Node, to: str, options: Sequence[str] = ()) -> bytes:
    """Write the tree in a format; raises ``RenderingFailed``."""
    command = [_path(), "-f", "json", "-t", to, "-o", "-", *options]
    with _SLOTS:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program; the text goes by stdin
                command,
                input=json.dumps(tree).encode("utf-8"),
                capture_output=True,
                timeout=SECONDS,
                check=True,
                env={"SOURCE_DATE_EPOCH": "315532800", "LC_ALL": "C.UTF-8"},
            )
        except (OSError, subprocess.SubprocessError) as error:
            detail = getattr(error, "stderr", b"") or b""
            raise RenderingFailed(raison=detail.decode("utf-8", "replace")[:200]) from error
    return done.stdout
