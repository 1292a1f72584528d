"""`python -m tests.mutants [HOW_MANY [SEED]]`: put faults into the rules and the evaluation, one at a time, into a copy
of the project, and print those that no test notices.

A fault that no test notices is either a missing test or a change that changes nothing; somebody has to read it, and
write the test or a line with the reason in `changes_nothing.toml`.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.context import BaseContext
from pathlib import Path
from time import monotonic

from tests.mutants.faults import Fault, all_faults, faults_that_change_nothing
from tests.mutants.running import can_fork, copy_project, fails, noticed_at_once, processes, put_in, require_sound

ENOUGH = 0.85


def chosen_faults(arguments: Sequence[str]) -> list[Fault]:
    """All faults, or so many of them, chosen by a seed."""
    faults = all_faults()
    asked = int(arguments[0]) if arguments else len(faults)
    if asked >= len(faults):
        return faults
    return random.Random(int(arguments[1]) if len(arguments) > 1 else 0).sample(faults, asked)


def tried(faults: Sequence[Fault], context: BaseContext, copy: Path) -> Iterator[tuple[Fault, bool]]:
    """Each fault with whether a test notices it, those that are quickly seen first.

    Raises:
        RuntimeError: a test fails without any fault.
    """
    at_once = [fault for fault in faults if fault.quick and can_fork()]
    left = [(fault, fault.runs) for fault in faults if fault not in at_once]
    for fault, is_noticed in zip(at_once, noticed_at_once(context, copy, at_once), strict=True):
        if is_noticed:
            yield fault, True
        else:
            left.append((fault, fault.runs[-1:]))
    require_sound(context, copy, [run for _, runs in left for run in runs])
    for fault, runs in left:
        with put_in(fault, copy):
            yield fault, any(fails(context, copy, run) for run in runs)


def main() -> int:
    """Try the faults and say, file by file, how many were noticed; 0 where enough of them were."""
    faults, began = chosen_faults(sys.argv[1:]), monotonic()
    noticed = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for fault, is_noticed in tried(faults, processes(), copy_project(Path(folder) / "project")):
            noticed[fault.path] += is_noticed
            sys.stdout.write("." if is_noticed else f"\nnot noticed: {fault}\n")
            sys.stdout.flush()
    sys.stdout.write("\n")
    for path, of_file in Counter(fault.path for fault in faults).items():
        sys.stdout.write(f"{path}: {noticed[path]} of {of_file}\n")
    share, minutes = noticed.total() / len(faults), (monotonic() - began) / 60
    sys.stdout.write(
        f"{len(faults_that_change_nothing())} more change nothing, and were not tried (changes_nothing.toml)\n"
    )
    sys.stdout.write(f"{noticed.total()} of {len(faults)} faults noticed ({share:.0%}) in {minutes:.0f} minutes\n")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(str(error))
