"""The README tells the truth: its commands, its paths, its lists."""

import re

import pytest
import typer

from risk_model.cli import app
from risk_model.domain.paths import PROJECT
from risk_model.domain.viewer import local_viewer
from risk_model.measures.reader import read_measures
from risk_model.rules.reader import read_rules
from risk_model.services.guide import own_data_steps
from risk_model.sources.catalogue import SOURCES

README = PROJECT / "README.md"

START = {
    "sh": "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && ",
    "powershell": "py -m venv .venv; .venv\\Scripts\\pip install -r requirements.txt; ",
}
# made by a start or a run, so not there in a fresh checkout
MADE_LATER = (
    ".venv",
    "data/lake",
    "data/builds",
    "data/typed",
    "data/demo",
    "data/records",
    "data/downloads",
    "data/backtests",
)


def _text() -> str:
    return README.read_text("utf-8")


def _section(heading: str) -> str:
    return _text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _blocks(language: str) -> list[str]:
    """The fenced blocks of a language; "" are those that name none."""
    parts = re.split(r"^```", _text(), flags=re.MULTILINE)
    return [body for name, _, body in (part.partition("\n") for part in parts[1::2]) if name.strip() == language]


@pytest.mark.parametrize(
    ("language", "ending"),
    [
        ("sh", ".venv/bin/streamlit run app.py"),
        ("sh", ".venv/bin/python -m pytest"),
        ("powershell", ".venv\\Scripts\\streamlit run app.py"),
        ("powershell", ".venv\\Scripts\\python -m pytest"),
    ],
)
def test_one_line_starts_it_and_one_line_tests_it_on_each_system(language: str, ending: str) -> None:
    assert START[language] + ending in [block.strip() for block in _blocks(language)]


def test_every_path_in_the_readme_exists() -> None:
    in_words = re.sub(r"^```.*?^```", "", _text(), flags=re.MULTILINE | re.DOTALL)
    named = [one for one in re.findall(r"`([^`\n]+)`", in_words) if _is_path(one)]
    assert named
    assert not [one for one in named if not (PROJECT / one).exists()]


def test_every_path_in_the_plan_of_the_house_exists() -> None:
    plan = next(block for block in _blocks("") if "the front door" in block)
    named = re.findall(r"(?<![\w/*.])((?:app\.py|pages/|risk_model/|data/|tests/)[\w./]*)", plan)
    assert len(named) > 10
    assert not [one for one in named if not (PROJECT / one).exists()]


def test_every_picture_of_the_guide_is_named_once_and_no_other_is_kept() -> None:
    named = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", _text())
    assert all(len(words.split()) > 2 for words, _ in named), "what a picture shows is said in words"
    kept = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "data" / "guide").iterdir())
    assert kept == sorted(address for _, address in named)
    assert all((PROJECT / one).stat().st_size < 150_000 for one in kept)


def _is_path(text: str) -> bool:
    if text.startswith(MADE_LATER) or not re.fullmatch(r"[\w./-]+", text):
        return False
    return "/" in text or text.endswith((".py", ".md", ".toml", ".txt", ".csv")) or text == "LICENSE"


def _commands(of: typer.Typer, before: str = "") -> set[str]:
    """Each command as it is called; what a group does by itself is listed with what it is given."""
    found = {before + (one.name or (one.callback.__name__ if one.callback else "")) for one in of.registered_commands}
    for group in of.registered_groups:
        if group.typer_instance is not None:
            found |= _commands(group.typer_instance, f"{before}{group.name} ")
    return found - {"records add"}


def test_every_command_is_listed() -> None:
    commands = _commands(app)
    table = "\n".join(line for line in _text().splitlines() if line.startswith("| `"))
    assert {"demo", "import", "releases", "quality", "build", "list", "explain", "records verify"} <= commands
    assert not [name for name in commands if not re.search(rf"`{name}\b", table)]


def test_every_option_that_the_readme_names_is_one() -> None:
    table = "\n".join(line for line in _text().splitlines() if line.startswith("| `"))
    known = "\n".join(path.read_text("utf-8") for path in (PROJECT / "risk_model" / "cli").glob("*.py"))
    for option in set(re.findall(r"--([a-z-]+)", table)):
        assert f'"--{option}"' in known or f"{option.replace('-', '_')}:" in known, option


def _in_one_line() -> str:
    return " ".join(_text().split())


def test_the_pages_are_listed_in_their_order() -> None:
    shown = re.findall(
        r'st\.Page\("pages/\w+\.py", title="([^"]+)"(?!.*hidden)', (PROJECT / "app.py").read_text("utf-8")
    )
    part = _section("Pages")
    assert re.findall(r"^\| ([A-Z][^|]+?) \|", part, flags=re.MULTILINE) == shown


def test_every_kind_of_file_is_listed_and_no_other() -> None:
    lists = re.search(
        r"Published files of (\d+) kinds.*?: (.*?)\. By (\d+) templates .*?: (.*?)\. Early", _in_one_line()
    )
    assert lists is not None
    published, held = lists[2].split("; "), lists[4].split("; ")
    assert (len(published), len(held)) == (int(lists[1]), int(lists[3]))
    assert published + held == [source.title for source in SOURCES]


def test_the_way_to_ones_own_data_is_the_one_that_help_shows() -> None:
    listed = re.findall(r"^\d\. \*\*(.+)\.\*\*", _section("Your own data"), flags=re.MULTILINE)
    assert listed == [step.title for step in own_data_steps(local_viewer())]


def test_the_rules_and_measures_are_counted() -> None:
    rules = read_rules()
    ends = {letter: sum(rule.id.startswith(letter) for rule in rules.rules) for letter in "OLN"}
    said = (
        f"{len(rules.rules)} rules make the levels: O1 to O{ends['O']} on outcomes, L1 to L{ends['L']} on leaders and "
        f"governors, N1 to N{ends['N']} on the next inspection; the {len(rules.score)} parts S1 to S{len(rules.score)} "
        f"make the order of the schools. They read {len(read_measures())} measures."
    )
    assert said in _in_one_line()


def test_every_source_names_its_publisher_and_licence() -> None:
    assert all(source.publisher and source.licence for source in SOURCES)
