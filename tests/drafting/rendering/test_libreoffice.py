"""Every example opens in LibreOffice as pages that hold its text; skipped, and said, without it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.builders import ROOT

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.docx"))
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if SOFFICE is None:
        pytest.skip("LibreOffice is not on this machine: the Word files were not opened")
    out = tmp_path_factory.mktemp("pages")
    profile = f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
    subprocess.run([*command, *map(str, EXAMPLES)], check=True, timeout=180, capture_output=True)
    return out


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_word_file_opens_as_pages_with_its_text(converted: Path, example: Path) -> None:
    pages = [page.extract_text() for page in PdfReader(converted / f"{example.stem}.pdf").pages]
    markdown = example.with_suffix(".md").read_text(encoding="utf-8")
    title = re.sub(r"[#*\\]", "", markdown.splitlines()[0]).strip()

    def bare(text: str) -> str:
        return re.sub(r"[\W_]+", "", text).casefold()

    assert pages
    assert all(page.strip() for page in pages), "an empty page"
    assert bare(title) in bare("".join(pages))
