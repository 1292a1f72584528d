"""An import or a build, killed at a moment of its run; what stands afterwards, and whether the next run goes well."""

import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.robustness import child
from tests.robustness.child import State
from tests.sources.kit import ABSENCE_HEADER, csv_text, urns

YEARS = range(2016, 2026)
SCHOOLS = 600
SEED = 20261122


@dataclass(frozen=True)
class Job:
    """Something that is killed.

    Attributes:
        arguments: of the command line.
        base: a data directory as it is before; it is copied each time.
        before, after: its state before, and when the job has been done undisturbed.
        from_seconds, to_seconds: between which moments it works, measured; before that Python loads the product.
    """

    name: str
    arguments: tuple[str, ...]
    base: Path
    before: State
    after: State
    from_seconds: float
    to_seconds: float


@dataclass(frozen=True)
class Killed:
    """What came of one killing.

    Attributes:
        wrong: what should not be so, in words; empty where all is well.
    """

    job: str
    at_seconds: float
    found: str
    wrong: tuple[str, ...]


def write_absence(folder: Path, years: Sequence[int] = YEARS, schools: int = SCHOOLS) -> Path:
    """Some years of absence, each school with its own figures: a file that takes a moment to import."""
    for year in years:
        path = folder / f"{year}-{year + 1}" / "england_abs.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = [
            ["850", str(2000 + i % 1000), urn, f"{4 + (i + year) % 60 / 10:.1f}", f"{9 + (i * year) % 90 / 10:.1f}"]
            for i, urn in enumerate(urns(schools))
        ]
        path.write_text(csv_text(ABSENCE_HEADER, body), "utf-8", newline="")
    return folder


def jobs(base: Path, scratch: Path) -> list[Job]:
    """The import and the build, run once undisturbed and measured.

    Args:
        base: a data directory with a build and records; it is only read.
        scratch: a folder for the jobs' files and directories.
    """
    files = write_absence(scratch / "files")
    start = time.perf_counter()
    child.run(base, "--help")
    begins = 0.8 * (time.perf_counter() - start)
    imported, built = scratch / "imported", scratch / "built"
    shutil.copytree(base, imported)
    importing = _measured("import", ("import", str(files)), base, imported, begins)
    shutil.copytree(imported, built)
    return [importing, _measured("build", ("build", "--as-at", "2026-03-01"), imported, built, begins)]


def _measured(name: str, arguments: tuple[str, ...], base: Path, target: Path, begins: float) -> Job:
    """Run a job to its end in `target`, a copy of `base`."""
    before = child.state(base)
    start = time.perf_counter()
    ended = child.run(target, *arguments)
    seconds = time.perf_counter() - start
    assert ended.code == 0, ended.err
    return Job(name, arguments, base, before, child.state(target), min(begins, seconds / 2), seconds)


def moments(job: Job, count: int, seed: int = SEED) -> list[float]:
    """Moments of a job's run, one in each of as many equal parts, by chance within it."""
    chance = random.Random(f"{seed} {job.name}")
    part = (job.to_seconds - job.from_seconds) / count
    return [job.from_seconds + (number + chance.random()) * part for number in range(count)]


def kill_at(job: Job, seconds: float, target: Path) -> Killed:
    """Kill a job some seconds after its start, look at what stands, and run it again."""
    shutil.copytree(job.base, target)
    process = child.start(target, *job.arguments)
    time.sleep(seconds)
    had_ended = process.poll() is not None
    child.kill(process)
    left = child.left_over(target)
    stands = child.state(target)
    wrong = list(_after_death(job, stands))
    ended = child.run(target, *job.arguments)
    if ended.code != 0:
        wrong.append(f"the next run ended with {ended.code}: {ended.err[-300:]}")
    else:
        wrong.extend(_after_next_run(job, target))
    done = f"{len(stands.releases) - len(job.before.releases)} new releases, "
    done += "the new build" if stands.build_id != job.before.build_id else "the earlier build"
    found = f"{done}; {'it had ended' if had_ended else f'half-written: {len(left)} files'}"
    shutil.rmtree(target)
    return Killed(job.name, seconds, found, tuple(wrong))


def _after_death(job: Job, found: State) -> Iterator[str]:
    if not set(job.before.releases) <= set(found.releases):
        yield "a release that was loaded is gone or changed"
    if not set(found.releases) <= set(job.after.releases):
        yield "a release is there that is not whole"
    if found.records != job.before.records:
        yield "the records changed"
    is_earlier = found.build_id == job.before.build_id and found.schools == job.before.schools
    is_later = found.build_id != job.before.build_id and found.schools == job.after.schools
    if not (is_earlier or is_later):
        yield "the list of schools is neither the one before nor the one after"


def _after_next_run(job: Job, target: Path) -> Iterator[str]:
    found = child.state(target)
    for name in found.differs_from(job.after):
        if name != "build_id":
            yield f"after the next run, {name} are not as after an undisturbed run"
    left = child.left_over(target)
    if left:
        yield f"after the next run there is still {', '.join(left)}"
