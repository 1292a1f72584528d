"""Whether anything is known against what we pin: asked of the public services, and said loudly where none answers.

`pip-audit` ends well when it could ask nobody at all. That is no clean result, so here it is not told as one.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk_model.domain.paths import PROJECT

REQUIREMENTS = PROJECT / "requirements.txt"
# PyPI's own record of weaknesses, and the one of all languages, for what the first does not answer
SERVICES = ("pypi", "osv")
MOST_SECONDS = 300


@dataclass(frozen=True)
class Answers:
    """What a service said.

    Attributes:
        weak: "name version: the weaknesses' ids, and the versions without them".
        clear: the packages of which it knows nothing bad.
        unasked: the packages of which it could not be asked.
        trouble: why nothing could be asked at all; else "".
    """

    weak: tuple[str, ...] = ()
    clear: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()
    trouble: str = ""


def answers_in(report: Mapping[str, Any]) -> Answers:
    """What stands in a report of pip-audit, as its option `-f json` writes it."""
    weak, clear, unasked = [], [], []
    for one in report["dependencies"]:
        if "skip_reason" in one:
            unasked.append(one["name"])
        elif one["vulns"]:
            told = "; ".join(
                f"{vuln['id']}, mended in {' or '.join(vuln['fix_versions']) or 'no version'}" for vuln in one["vulns"]
            )
            weak.append(f"{one['name']} {one['version']}: {told}")
        else:
            clear.append(one["name"])
    return Answers(tuple(weak), frozenset(clear), frozenset(unasked))


def ask(service: str, extra: Sequence[str] = ()) -> Answers:
    """Ask one service of everything that is pinned."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(REQUIREMENTS), "--no-deps", "--disable-pip"]
    command += ["--progress-spinner", "off", "-f", "json", "-s", service, *extra]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Answers(trouble=f"no answer in {MOST_SECONDS} seconds")
    if not ended.stdout.strip():
        return Answers(trouble=(ended.stderr.decode(errors="replace").strip().splitlines() or ["no answer"])[-1])
    return answers_in(json.loads(ended.stdout))


def verdict(answers: Mapping[str, Answers], pinned: int) -> tuple[int, list[str]]:
    """What came of it: 0 and "clean", 1 and what is weak, or 3 and a warning that nobody can say.

    Args:
        answers: by service.
        pinned: how many packages there are.
    """
    weak = sorted({line for each in answers.values() for line in each.weak})
    if weak:
        return 1, ["Known weaknesses in what is pinned:", *(f"  {line}" for line in weak)]
    clear = frozenset().union(*(each.clear for each in answers.values()))
    if len(clear) == pinned:
        return 0, [f"Nothing is known against any of the {pinned} packages that are pinned."]
    why = [f"  {name}: {each.trouble or f'no answer for {len(each.unasked)}'}" for name, each in answers.items()]
    return 3, [
        "************************************************************************",
        f"NOT CHECKED for known weaknesses: {pinned - len(clear)} of the {pinned} packages that are pinned.",
        *why,
        "This is no clean result. Run it where the services can be reached:",
        "  .venv/bin/python -m tests.safety.advisories --must-answer",
        "************************************************************************",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask until everything is answered, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.safety.advisories", description=__doc__)
    parser.add_argument("--must-answer", action="store_true", help="fail where not all could be asked")
    parser.add_argument("--service", action="append", choices=SERVICES, help="ask this one alone")
    parser.add_argument("--osv-url", help="another address of the second service")
    given = parser.parse_args(arguments)
    pinned = sum("==" in line for line in REQUIREMENTS.read_text("utf-8").splitlines())
    answers: dict[str, Answers] = {}
    for service in given.service or SERVICES:
        extra = ["--osv-url", given.osv_url] if given.osv_url and service == "osv" else []
        answers[service] = ask(service, extra)
        if len(answers[service].clear) == pinned:
            break
    code, told = verdict(answers, pinned)
    print("\n".join(told), file=sys.stderr if code else sys.stdout)
    return 0 if code == 3 and not given.must_answer else code


if __name__ == "__main__":
    sys.exit(main())
