"""Makes the whole demo: the one door of this package."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.absence import write_absence
from risk_model.demo.census import write_census
from risk_model.demo.files import PLAIN, write_rows
from risk_model.demo.finance import write_finance
from risk_model.demo.gias_file import write_gias
from risk_model.demo.held import write_held
from risk_model.demo.inspections import make_history
from risk_model.demo.ks2_file import schools_in as schools_with_ks2
from risk_model.demo.ks2_file import write_ks2
from risk_model.demo.ks2_results import KS2_YEARS, Ks2Result, ks2_result
from risk_model.demo.ks4_file import schools_in as schools_with_ks4
from risk_model.demo.ks4_file import write_ks4
from risk_model.demo.ks4_results import KS4_YEARS, Ks4Result, ks4_result
from risk_model.demo.ofsted_file import write_ofsted
from risk_model.demo.records import write_records
from risk_model.demo.schools import School, make_schools

DEMO_AS_AT = date(2026, 11, 20)


def make_demo(folder: Path, seed: int = 999, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write every file of the invented LA under a folder.

    Args:
        folder: made when it is not there; files of the same names are overwritten.
        seed: the same seed writes the same bytes.
        progress: told in words what is being written.
    Returns:
        the paths written, in the order of writing.
    """
    tell = progress or _say_nothing
    tell("Inventing the schools")
    schools = make_schools(seed)
    history = make_history(seed, schools)
    ks2 = _ks2_results(seed, schools)
    ks4 = _ks4_results(seed, schools)
    paths: list[Path] = []
    tell("Writing the register")
    paths += write_gias(folder, seed, schools)
    tell("Writing inspections")
    paths += write_ofsted(folder, schools, history)
    tell("Writing key stage 2")
    paths += write_ks2(folder, seed, schools, ks2)
    tell("Writing key stage 4")
    paths += write_ks4(folder, seed, schools, ks4)
    tell("Writing absence, census and finance")
    paths += write_absence(folder, seed, schools)
    paths += write_census(folder, seed, schools)
    paths += write_finance(folder, seed, schools)
    tell("Writing localities and records")
    paths.append(_write_localities(folder, schools))
    paths += write_held(folder, seed, schools, DEMO_AS_AT)
    paths += write_records(folder, seed, schools, ks2, ks4, DEMO_AS_AT)
    return paths


def _say_nothing(_: str) -> None:
    """For a caller who does not want to hear of progress."""


def _ks2_results(seed: int, schools: Sequence[School]) -> dict[tuple[int, int], Ks2Result]:
    return {
        (school.urn, year): ks2_result(seed, school, year)
        for year in KS2_YEARS
        for school in schools_with_ks2(schools, year)
    }


def _ks4_results(seed: int, schools: Sequence[School]) -> dict[tuple[int, int], Ks4Result]:
    return {
        (school.urn, year): ks4_result(seed, school, year)
        for year in KS4_YEARS
        for school in schools_with_ks4(schools, year)
    }


def _write_localities(folder: Path, schools: Sequence[School]) -> Path:
    rows = [[school.urn, school.locality] for school in schools if school.closed is None]
    return write_rows(folder / "localities.csv", ["urn", "locality"], rows, PLAIN)
