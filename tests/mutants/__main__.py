"""`python -m tests.mutants [HOW_MANY [SEED]]`: put faults into the rules and the evaluation, one at a time, into a copy
of the project, and print those that no test notices.

A fault that no test notices is either a missing test or a change that changes nothing; somebody has to read it.
"""

import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from tests.mutants.faults import PROJECT, Fault, all_faults

WORKERS = 2
LONGEST_S = 600


def is_noticed(fault: Fault, copy: Path) -> bool:
    """Whether a test fails once the fault is in the copy."""
    path = copy / fault.path
    text = path.read_text("utf-8")
    lines = text.split("\n")
    lines[fault.line - 1] = fault.after
    path.write_text("\n".join(lines), "utf-8", newline="\n")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *fault.tests]
    try:
        ended = subprocess.run(command, cwd=copy, capture_output=True, timeout=LONGEST_S, check=False)
        return ended.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(text, "utf-8", newline="\n")


def main() -> int:
    """Try the faults; 0 where at least 85% were noticed."""
    faults = list(all_faults())
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else len(faults)
    tried = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0).sample(faults, min(asked, len(faults)))
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Path] = Queue()
        for number in range(WORKERS):
            copy = Path(folder) / str(number)
            shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", "lake", "builds"))
            copies.put(copy)

        def try_one(fault: Fault) -> bool:
            copy = copies.get()
            try:
                noticed = is_noticed(fault, copy)
            finally:
                copies.put(copy)
            sys.stdout.write("." if noticed else f"\nnot noticed: {fault}\n")
            sys.stdout.flush()
            return noticed

        with ThreadPoolExecutor(WORKERS) as pool:
            noticed = sum(pool.map(try_one, tried))
    sys.stdout.write(f"\n{noticed} of {len(tried)} faults noticed ({noticed / len(tried):.0%}); {len(faults)} in all\n")
    return 0 if noticed >= 0.85 * len(tried) else 1


if __name__ == "__main__":
    sys.exit(main())
