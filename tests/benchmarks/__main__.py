"""`python -m tests.benchmarks [FOLDER]`: import, build, a new monthly file, evaluation and a rerun, each beside its
floor; and the peak memory of an import.

FOLDER holds published files (default: the real data beside the project, else the demo's own files). Ratios of
one run can be compared; seconds of different machines cannot.
"""

import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from streamlit.testing.v1 import AppTest

from risk_model.demo import DEMO_AS_AT, make_demo
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import read_rules
from risk_model.scoring.building import make_build
from risk_model.scoring.evaluating import judge
from risk_model.services.at_risk import school_list, screen_table
from risk_model.services.copy import opened
from risk_model.services.sandbox import read_changes, try_changes
from risk_model.services.scope import Scope
from risk_model.sources.importing import FileReport, import_paths
from risk_model.warehouse.builds import current_build
from risk_model.warehouse.lake import read_releases
from tests.engines import in_pandas, in_polars
from tests.engines.reading import polars_world_of, world_of

PROJECT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("RISK_REAL_DATA", PROJECT.parent / "shared" / "data"))
AS_AT = DEMO_AS_AT
RUNS = 5


@dataclass(frozen=True)
class Line:
    """One measurement: the work and its floor, in seconds."""

    name: str
    seconds: float
    floor: float
    floor_is: str

    def __str__(self) -> str:
        return (
            f"{self.name:<44} {self.seconds:8.3f} s   floor {self.floor:8.3f} s   "
            f"ratio {self.seconds / self.floor:6.1f}   ({self.floor_is})"
        )


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of some runs, in seconds."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def import_line(folder: Path, scratch: Path) -> Line:
    """The import of all files that are of a known kind; floor: DuckDB reading the same bytes to Parquet.

    The floor has every CSV that was imported, those in ZIPs too; what came as a workbook or as Parquet it is spared.
    Both are the median of three runs; the last import is what the other measurements go on with.
    """
    given = [path for path in (folder / "derived", folder / "raw") if path.exists()] or [folder]
    homes = [scratch / "first", scratch / "second", scratch]
    runs = iter(homes)
    reports: list[FileReport] = []

    def import_all() -> None:
        reports[:] = import_paths(DataDir(next(runs)), given)

    before = time.process_time()
    seconds = timed(import_all, runs=len(homes))
    processor = (time.process_time() - before) / len(homes)
    taken = [report.name for report in reports if report.status == "imported"]
    copies = [_as_utf8(name, content, scratch) for name, content in _tables(folder) if _was_taken(name, taken)]

    def read_all() -> None:
        for path in copies:
            _read_as_text(path, scratch)

    before = time.process_time()
    floor = timed(read_all, runs=3)
    of_floor = (time.process_time() - before) / 3
    return Line(
        f"import of {len(taken)} files ({processor:.1f} s of processors: {processor / of_floor:.1f})",
        seconds,
        floor,
        "DuckDB reads the same bytes as text, writes Parquet",
    )


def _tables(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every CSV of a folder and of the ZIPs in it, by its path."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".csv":
            yield path.as_posix(), path.read_bytes()
        elif path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.as_posix()}/{name}", archive.read(name)


def _was_taken(path: str, taken: list[str]) -> bool:
    return any(path.endswith(name) for name in taken)


def _as_utf8(name: str, content: bytes, scratch: Path) -> Path:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    target = scratch / "floor" / f"{abs(hash(name))}.csv"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="")
    return target


def _read_as_text(path: Path, scratch: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"copy (select * from read_csv('{path.as_posix()}', all_varchar = true, header = true, "
            f"null_padding = true, strict_mode = false)) to '{(scratch / 'floor.parquet').as_posix()}' (format parquet)"
        )


def build_line(data: DataDir) -> Line:
    """A build from nothing; floor: a plain scan of every Parquet file of the lake."""

    def build() -> None:
        shutil.rmtree(data.builds)  # else it would start from the one before, of which nothing has changed
        make_build(data, AS_AT)

    make_build(data, AS_AT)
    seconds = timed(build, runs=3)
    files = [str(path) for path in data.lake.glob("*.parquet")]

    def scan() -> None:
        with duckdb.connect() as con:
            for file in files:
                con.execute(f"select {'count(columns(*))'} from read_parquet('{Path(file).as_posix()}')").fetchall()

    return Line("a build from nothing", seconds, timed(scan, runs=3), "a scan of every column of every release")


def monthly_line(files: Path, data: DataDir, scratch: Path) -> Line:
    """One changed monthly inspection file, imported and built; floor: DuckDB reading that file, and nothing else."""
    month = scratch / "State-funded schools as at 30 September 2025.csv"
    month.write_text(_a_month_later(_newest_inspections(files)), encoding="utf-8", newline="")

    def import_and_build() -> None:
        reports = import_paths(data, [month])
        assert [report.status for report in reports] == ["imported"], reports
        make_build(data, AS_AT)

    start = time.perf_counter()
    import_and_build()
    seconds = time.perf_counter() - start
    return Line(
        "a new monthly inspection file, imported and built",
        seconds,
        timed(lambda: _read_into_memory(month)),
        "DuckDB reads that file as text",
    )


def _newest_inspections(files: Path) -> Path:
    found = [path for path in files.rglob("*.csv") if "inspections_and_outcomes" in path.name or "ofsted" in path.name]
    return max(found, key=lambda path: path.stat().st_size)


def _a_month_later(path: Path) -> str:
    """The same file with a hundred schools' overall grade one worse, as a month's inspections change it."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    grade = lines[0].index("Overall effectiveness")
    for line in [line for line in lines[1:] if line[grade] == "2"][:100]:
        line[grade] = "3"
    target = io.StringIO(newline="")
    csv.writer(target).writerows(lines)
    return target.getvalue()


def _read_into_memory(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            f"create table floor as from read_csv('{path.as_posix()}', all_varchar = true, header = true, "
            "null_padding = true, strict_mode = false)"
        )


def peak_memory(files: Path, scratch: Path) -> str:
    """The most memory that an import of all files takes, in a process of its own."""
    try:
        import resource
    except ImportError:
        return "peak memory of the import: not measured on this system"
    environment = {**os.environ, "RISK_DATA_DIR": str(scratch / "memory")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    command = [sys.executable, "-m", "risk_model", "import", str(files)]
    subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak > before
    return f"peak memory of the import: {peak / 1024:,.0f} MB"


def evaluation_lines(data: DataDir) -> list[Line]:
    """All rules for all schools, and their levels; floor: a scan of the columns that they read. The same in polars and
    in pandas, from the same figures in memory."""
    build = current_build(data)
    assert build is not None
    rule_set = read_rules()
    # as a build judges: without a checkpoint on the way
    with duckdb.connect(config={"preserve_insertion_order": False, "checkpoint_threshold": "1TB"}) as con:
        con.execute(f"attach '{build.path.as_posix()}' as made (read_only)")
        for table in ("numbered_schools", "measure_numbers", "current_values", "measure_values"):
            con.execute(f"create table {table} as from made.{table}")

        def scan() -> None:
            con.execute(
                "select count(urn), sum(value), sum(lower), sum(upper), sum(weight), count(missing_reason), "
                "max(measured_on), max(period), count(measure_id) from measure_values"
            ).fetchall()

        judge(con, rule_set, AS_AT)
        seconds, floor = timed(lambda: judge(con, rule_set, AS_AT)), timed(scan)
        pairs = con.execute("select count(*) from outcomes").fetchall()[0][0]
    world, polars_schools, polars_figures = world_of(build), *polars_world_of(build)
    in_polars_s = timed(lambda: in_polars.judge(polars_schools, polars_figures, rule_set, AS_AT))
    in_pandas_s = timed(lambda: in_pandas.judge(world, rule_set, AS_AT), runs=1)
    name = f"{pairs:,} school-rule pairs"
    return [
        Line(f"evaluation, {name}", seconds, floor, "a scan of the same columns"),
        Line("the same logic in polars", in_polars_s, floor, "the same scan"),
        Line("the same logic in pandas", in_pandas_s, floor, "the same scan"),
    ]


def sandbox_line(data: DataDir, la_code: str) -> Line:
    """One changed number in the sandbox, for one LA; floor: the figures of its schools, read from the build."""
    with opened(data) as copy:
        changes = read_changes(local_viewer(), copy, ["outcomes.uncertain_points:1"]).changes

        def read_figures() -> None:
            copy.reader.rows(
                "select count(v.value), count(v.missing_reason) from current_values as v "
                "inner join numbered_schools as n on n.school_no = v.school_no "
                "inner join schools as s on s.urn = n.urn where s.la_code = $la",
                {"la": la_code},
            )

        seconds = timed(lambda: try_changes(local_viewer(), copy, Scope(la_code=la_code), changes))
        return Line(f"the sandbox, LA {la_code}", seconds, timed(read_figures), "its schools' figures, read once")


def rerun_line(data: DataDir, la_code: str, scratch: Path) -> Line:
    """A rerun of Schools at risk for one LA; floor: a bare page with a table of the same size."""
    os.environ["RISK_DATA_DIR"] = str(data.root)
    with opened(data) as copy:
        table = screen_table(school_list(local_viewer(), copy, Scope(la_code=la_code)))
    table.to_parquet(scratch / "table.parquet")
    page = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    page.query_params["la"] = la_code
    page.run()
    page.switch_page("pages/schools_at_risk.py").run()
    assert not page.exception, page.exception
    seconds = timed(page.run)
    bare = scratch / "bare.py"
    bare.write_text(
        "import pandas as pd, streamlit as st\n"
        f"st.dataframe(pd.read_parquet({str(scratch / 'table.parquet')!r}), hide_index=True)\n",
        "utf-8",
    )
    floor_page = AppTest.from_file(str(bare), default_timeout=60).run()
    return Line(
        f"rerun of Schools at risk, {len(table)} schools", seconds, timed(floor_page.run), "a bare page, same table"
    )


def main() -> None:
    """Print the measurements."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        files = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL
        if not files.exists():
            files = scratch / "demo"
            make_demo(files)
        sys.stdout.write(f"Files: {files.name}; as at {AS_AT}; {date.today()}\n")
        data = DataDir(scratch / "data")
        data.root.mkdir()
        sys.stdout.write(f"{import_line(files, data.root)}\n")
        sys.stdout.write(f"{peak_memory(files, scratch)}\n")
        sys.stdout.write("\n".join(map(str, [build_line(data), *evaluation_lines(data), ""])))
        is_demo = all(release.is_demo for release in read_releases(data))
        la_code = "999" if is_demo else "937"
        sys.stdout.write(f"{sandbox_line(data, la_code)}\n")
        sys.stdout.write(f"{rerun_line(data, la_code, scratch)}\n")
        sys.stdout.write(f"{monthly_line(files, data, scratch)}\n")


if __name__ == "__main__":
    main()
