"""Small files in the published layouts, and the importer run on them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from risk_model.domain.paths import DataDir
from risk_model.scoring.staging import stage
from risk_model.sources.importing import FileReport, ImportOptions, import_paths
from risk_model.warehouse.engine import rows, scratch
from risk_model.warehouse.lake import Release, read_releases

LAYOUTS = Path(__file__).resolve().parents[2] / "risk_model" / "demo" / "layouts"
ABSENCE_HEADER = ("LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10")
GIAS_HEADER = (
    "URN",
    "LA (code)",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "LastChangedDate",
)
Row = Sequence[str]


def urns(count: int, first: int = 100_001) -> list[str]:
    """So many six-digit URNs."""
    return [str(first + i) for i in range(count)]


def csv_text(header: Row, body: Iterable[Row], delimiter: str = ",") -> str:
    """A table as CSV, with the line ends of Windows, as published."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([header, *body])
    return out.getvalue()


def absence_rows(count: int = 3, first: int = 100_001, shift: float = 0.0) -> list[list[str]]:
    """Schools' absence rows, each school with its own figures."""
    return [
        ["999", str(2000 + i), urn, f"{4 + i / 10 + shift:.1f}", f"{10 + i / 10 + shift:.1f}"]
        for i, urn in enumerate(urns(count, first))
    ]


def absence_text(count: int = 3, shift: float = 0.0) -> str:
    """A small absence file."""
    return csv_text(ABSENCE_HEADER, absence_rows(count, shift=shift))


def gias_text(school_urns: Iterable[str], changed: str = "01-09-2025") -> str:
    """A small register, most columns left out."""
    body = [[u, "999", f"Invented School {u[-2:]}", "Community school", "Open", changed] for u in school_urns]
    return csv_text(GIAS_HEADER, body)


def layout(name: str) -> list[str]:
    """The whole header of a published file, as the demo's layouts hold it."""
    with (LAYOUTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def laid_out(header: Sequence[str], *cells: Mapping[str, str], otherwise: str = "") -> str:
    """Rows that fill only the columns named, in a published file's whole header."""
    unknown = {name for row in cells for name in row} - set(header)
    assert not unknown, f"not in the layout: {unknown}"
    return csv_text(header, [[row.get(column, otherwise) for column in header] for row in cells])


@dataclass(frozen=True)
class Desk:
    """An empty data directory and a folder for files."""

    data: DataDir
    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file into the folder; text becomes UTF-8."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def take(self, name: str, content: str | bytes, options: ImportOptions | None = None) -> FileReport:
        """Write a file and import it by name."""
        reports = import_paths(self.data, [self.write(name, content)], options)
        assert len(reports) == 1, reports
        return reports[0]

    def take_folder(self, options: ImportOptions | None = None) -> dict[str, FileReport]:
        """Import the whole folder: {name below it: report}."""
        reports = import_paths(self.data, [self.folder], options)
        return {report.name.removeprefix(f"{self.folder.name}/"): report for report in reports}

    def releases(self) -> list[Release]:
        """What is loaded."""
        return read_releases(self.data)

    def lake_files(self) -> set[str]:
        """Every file of the lake but the lock."""
        return {path.name for path in self.data.lake.glob("*")} - {"import.lock"}

    def staged(self, table: str) -> list[dict[str, Any]]:
        """The rows of a `stg_` table made of all that is loaded, in the order of the file."""
        with scratch() as con:
            releases = self.releases()
            stage(con, self.data, releases, max(release.published_on for release in releases))
            return rows(con, f"select * from {table} order by row_number")

    def refused(self, name: str, content: str | bytes, options: ImportOptions | None = None) -> str:
        """Import a file that must be refused; what the user reads."""
        before = self.lake_files()
        report = self.take(name, content, options)
        assert report.status == "refused", report
        assert self.lake_files() == before, "a refused file changes nothing"
        return self.fit_to_read(report)

    def asked(self, name: str, content: str | bytes, options: ImportOptions | None = None) -> FileReport:
        """Import a file of which the user must say the year or the day."""
        before = self.lake_files()
        report = self.take(name, content, options)
        assert report.status in ("needs a year", "needs a day"), report
        assert self.lake_files() == before, "a file that is not dated changes nothing"
        self.fit_to_read(report)
        return report

    def fit_to_read(self, report: FileReport) -> str:
        """A refusal in one text, checked for what no user should see."""
        said = "\n".join(report.refusal)
        assert "was not imported" in report.refusal[0]
        assert report.refusal[1:], "says only what, not why or what to do"
        for unfit in ("Traceback", "Error(", str(self.folder), str(self.data.root), "\x00"):
            assert unfit not in said, said
        return said
