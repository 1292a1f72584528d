"""`python -m tests.robustness [kill N] [mutate N] [real FOLDER]`: the whole numbers, with a table.

Without arguments: an import and a build killed at sixty moments together, and a thousand changed files.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import build_now, import_files, make_demo_copy
from risk_model.sources.options import ImportOptions
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.registers import write_registers
from tests.robustness.killing import SEED, jobs, kill_at, moments
from tests.robustness.mutations import desk_with_a_release, mutated, outcome, published_in


def killed(count: int, scratch: Path) -> int:
    """Kill an import and a build at so many moments together; how many went wrong."""
    base = scratch / "base"
    import_files(local_viewer(), DataDir(base), write_registers(scratch / "registers", SMALL_SCHOOLS), ImportOptions())
    build_now(local_viewer(), DataDir(base), SMALL_AS_AT)
    print(f"seed {SEED}")
    print(f"{'job':<8}{'killed at':>12}  found; wrong")
    bad = 0
    for job in jobs(base, scratch):
        print(f"{job.name:<8}{job.to_seconds:>10.2f} s  undisturbed; works from {job.from_seconds:.2f} s on")
        for number, at in enumerate(moments(job, max(count // 2, 1))):
            one = kill_at(job, at, scratch / f"{job.name}_{number}")
            bad += bool(one.wrong)
            print(
                f"{one.job:<8}{one.at_seconds:>10.2f} s  {one.found}; {'; '.join(one.wrong) or 'nothing'}", flush=True
            )
    return bad


def changed(count: int, folder: Path, scratch: Path) -> int:
    """Import so many changed files; how many went wrong."""
    files = published_in(folder)
    desk = desk_with_a_release(scratch / "desk")
    bad, compared, ended = 0, 0, Counter[str]()
    start = time.perf_counter()
    for seed in range(count):
        file = mutated(files, seed)
        try:
            found = outcome(file, desk)
        except Exception as error:
            bad += 1
            print(f"seed {seed} {file.name} {file.done}: {type(error).__name__}: {error}", flush=True)
            continue
        compared += found.compared
        ended.update(found.statuses)
        if found.wrong:
            bad += 1
            print(f"seed {seed} {file.name} {file.done}: {'; '.join(found.wrong)}", flush=True)
    said = ", ".join(f"{n} {status}" for status, n in ended.most_common())
    seconds = time.perf_counter() - start
    print(f"{count} changed files in {seconds:.0f} s: {said}; {compared:,} values compared; {bad} wrong")
    return bad


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 where anything went wrong."""
    os.environ.pop("RECORDS_URL", None)
    asked = dict(zip(arguments[::2], arguments[1::2], strict=True)) or {"kill": "60", "mutate": "1000"}
    bad = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        if "kill" in asked:
            bad += killed(int(asked["kill"]), scratch / "kill")
        if "mutate" in asked:
            published = Path(asked["real"]) if "real" in asked else scratch / "demo" / "demo"
            if "real" not in asked:
                make_demo_copy(local_viewer(), DataDir(scratch / "demo"))
            bad += changed(int(asked["mutate"]), published, scratch / "mutate")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
