"""`.venv/bin/python -m tests.benchmarks.spark DATA`: the rules on DuckDB and on Spark, over more and more schools.

DATA is a data directory with a build. Needs what `--engine spark` needs.
"""

import argparse
import tempfile
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.services.copy import require_build
from risk_model.warehouse.engines import Engine
from tests.engines.judged_twice import judged_on, schools_of


def main() -> None:
    """Judge, time and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a data directory with a build")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10], help="how many times over")
    parser.add_argument("--engine", action="append", choices=[str(one) for one in Engine], help="this one alone")
    given = parser.parse_args()
    build = require_build(DataDir(given.data))
    for times in given.times:
        with tempfile.TemporaryDirectory(prefix="spark-benchmark-") as place:
            folder = Path(place)
            told = {}
            with schools_of(build, folder, times) as con:
                for name in given.engine or list(Engine):
                    found = judged_on(Engine(name), build, con, folder)
                    told[name] = found.told
                    print(
                        f"x{times} {name}: {found.told['outcomes'][0]:,} outcomes in {found.seconds:.1f} s"
                        f" (started in {found.started:.1f} s)",
                        flush=True,
                    )
            if len(told) < 2:
                continue
            same = len(set(map(repr, told.values()))) == 1
            print(f"x{times}: {'the same rows' if same else 'DIFFERENT ROWS'} on {', '.join(told)}", flush=True)


if __name__ == "__main__":
    main()
