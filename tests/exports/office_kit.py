"""Files opened by LibreOffice, as somebody without Excel or Word opens them, and read back."""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

# comma, double quote, UTF-8, from the first line on; cells as they are shown, no formulas, each sheet in its own file
_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
_GIVEN_CSV = "CSV:44,34,76,1"


def office() -> str:
    """The program; where it is not installed the test is skipped, and fails in CI."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        reason = "LibreOffice is not installed: see .ci/run for the two packages."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def converted(content: bytes, ending: str, into: str, folder: Path) -> list[Path]:
    """The files that LibreOffice makes of one: it is opened as a whole, with a profile of its own.

    Args:
        ending: of the file that is given; into: what to convert to, as LibreOffice calls it.
    """
    given, made = folder / f"given.{ending}", folder / "made"
    given.write_bytes(content)
    profile = (folder / "profile").absolute().as_uri()
    command = [
        office(),
        f"-env:UserInstallation={profile}",
        "--headless",
        *([f"--infilter={_GIVEN_CSV}"] if ending == "csv" else []),
        "--convert-to",
        into,
        "--outdir",
        str(made),
        str(given),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return sorted(made.iterdir())


def sheets_of(workbook: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """The cells of every sheet of a workbook as LibreOffice shows them: {sheet: rows}."""
    found = converted(workbook, "xlsx", _EVERY_SHEET, folder)
    return {path.stem.partition("-")[2]: _rows(path.read_text("utf-8")) for path in found}


def pdf_of(content: bytes, ending: str, folder: Path) -> bytes:
    """A file printed by LibreOffice."""
    (made,) = converted(content, ending, "pdf", folder)
    return made.read_bytes()


def text_of_word(content: bytes, folder: Path) -> str:
    """The text of a Word file as LibreOffice reads it."""
    (made,) = converted(content, "docx", "txt:Text (encoded):UTF8", folder)
    return made.read_text("utf-8-sig")


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))
