"""What holds the house up: walls, and habits that a machine can check."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.paths import PROJECT

PRODUCT = [
    path
    for path in (PROJECT / "app.py", *(PROJECT / "pages").rglob("*.py"), *(PROJECT / "risk_model").rglob("*.py"))
    if "__pycache__" not in path.parts
]
MODEL = [path for path in PRODUCT if path.is_relative_to(PROJECT / "risk_model")]
ON_SCREEN = [path for path in PRODUCT if not path.is_relative_to(PROJECT / "risk_model")]
TOP_LEVEL = {"app.py", "pages", "data", "risk_model", "tests", "requirements.txt", "README.md", "LICENSE"}
# a page of about sixty lines
MOST_LINES = 80


def _named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {one.name.split(".")[0] for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_walls_hold(tmp_path: Path) -> None:
    # the command that import-linter installs, by its module: found wherever the tests' Python is
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    arguments = ["--config", str(PROJECT / ".importlinter"), "--cache-dir", str(tmp_path)]
    ran = subprocess.run([*command, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


@pytest.mark.parametrize("path", MODEL, ids=_named)
def test_the_model_never_imports_streamlit(path: Path) -> None:
    assert not _imported(path) & {"streamlit", "pages"}


@pytest.mark.parametrize("path", ON_SCREEN, ids=_named)
def test_the_screen_never_imports_a_database(path: Path) -> None:
    assert not _imported(path) & {"duckdb", "sqlalchemy", "sqlite3", "pyarrow"}


@pytest.mark.parametrize("path", PRODUCT, ids=_named)
def test_product_code_never_prints(path: Path) -> None:
    assert not [call.lineno for call in _calls(path) if isinstance(call.func, ast.Name) and call.func.id == "print"]


_BROAD = ("Exception", "BaseException")


@pytest.mark.parametrize("path", PRODUCT, ids=_named)
def test_product_code_never_catches_everything_in_silence(path: Path) -> None:
    handlers = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.ExceptHandler)]
    assert not [one.lineno for one in handlers if one.type is None]
    broad = [one for one in handlers if isinstance(one.type, ast.Name) and one.type.id in _BROAD]
    assert not [one.lineno for one in broad if not any(isinstance(node, ast.Raise) for node in ast.walk(one))]


# how many pieces of support a school has is a count, and nothing missing: the one fill that there may be
COUNTS = {("risk_model/services/at_risk.py", "support_active")}


@pytest.mark.parametrize("path", PRODUCT, ids=_named)
def test_missing_is_never_filled_with_zero(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    filled = [
        lines[call.lineno - 1].strip()
        for call in _calls(path)
        if _called(call) in ("fillna", "fill_null") and any(_is_zero(one) for one in call.args)
    ]
    allowed = [name for where, name in COUNTS if where == _named(path)]
    assert not [line for line in filled if not any(name in line for name in allowed)]


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, bool) and node.value in (0, "0")


OWN_HTML = {"_STYLE": "page.css", "_REMEMBER": "remember_going.html", "_FORGET": "forget_going.html"}


@pytest.mark.parametrize("path", ON_SCREEN, ids=_named)
def test_no_text_becomes_html(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "unsafe_allow_html" not in text
    # but for files of the project, in which nothing is filled in: the page's own style, and where somebody was going
    for name, file in OWN_HTML.items():
        if f"st.html({name}" in text:
            assert f'{name} = Path(__file__).parent / "{file}"' in text
            text = text.replace(f"st.html({name}", "")
    assert "st.html" not in text
    assert "components.v1" not in text


@pytest.mark.parametrize("path", sorted((PROJECT / "pages").glob("*.py")), ids=_named)
def test_a_page_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", [path for path in ON_SCREEN if path.name != "app.py"], ids=_named)
def test_widgets_have_keys(path: Path) -> None:
    # those in a form are told apart by the form
    widgets = {"dataframe", "show_table", "plotly_chart", "draw_file", "multiselect", "toggle", "file_uploader"}
    nameless = [
        call.lineno
        for call in _calls(path)
        if _called(call) in widgets and not any(keyword.arg == "key" for keyword in call.keywords)
    ]
    assert not nameless


@pytest.mark.parametrize("path", [path for path in ON_SCREEN if path.stem != "downloads"], ids=_named)
def test_a_file_is_made_only_while_the_role_counts_that_it_was_offered_to(path: Path) -> None:
    # it is made after the run, where Streamlit no longer knows who is at the browser
    assert "download_button" not in {_called(call) for call in _calls(path)}, "draw_file asks again"


@pytest.mark.parametrize("path", [path for path in ON_SCREEN if path.stem not in ("links", "sign_in")], ids=_named)
def test_a_link_is_drawn_only_for_who_may_follow_it(path: Path) -> None:
    # Streamlit ends the page with an error where a link leads to a page that somebody's navigation has not
    assert "page_link" not in {_called(call) for call in _calls(path)}, "pages.components.links.draw_link knows who may"


@pytest.mark.parametrize("path", ON_SCREEN, ids=_named)
def test_every_chart_has_words_for_who_cannot_see_it(path: Path) -> None:
    drawn = [call for call in _calls(path) if _called(call) == "plotly_chart"]
    assert not [call.lineno for call in drawn if not any(keyword.arg == "alt" for keyword in call.keywords)]


def test_the_settings_are_the_ones_that_keep_it_quiet_and_at_home() -> None:
    settings: dict[str, Any] = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["runner"]["postScriptGC"] is False
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["server"]["enableXsrfProtection"] is True


def _in_git(*patterns: str) -> list[str]:
    try:
        ran = subprocess.run(
            ["git", "ls-files", "-z", *patterns], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("git is not installed")
    if ran.returncode != 0:
        pytest.skip("this is not a git checkout")
    return [name for name in ran.stdout.split("\0") if name]


def test_the_top_level_holds_what_it_should_and_nothing_else() -> None:
    top = {name.split("/")[0] for name in _in_git()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_python_and_no_data_but_lookups_and_pictures_stand_in_data() -> None:
    assert {name.split("/")[1] for name in _in_git("data")} == {"lookups", "guide"}
    assert not [name for name in _in_git("data/guide") if not name.endswith(".png")]
    assert not [name for name in _in_git("data") if name.endswith(".py")]


def test_what_a_run_leaves_behind_is_ignored() -> None:
    left = ["data/lake/a.parquet", "data/builds/a.duckdb", "data/records.sqlite", "data/demo/a.csv"]
    left += ["data/downloads/a.csv", ".venv/a"]
    try:
        ran = subprocess.run(["git", "check-ignore", *left], cwd=PROJECT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    if ran.returncode > 1:
        pytest.skip("this is not a git checkout")
    assert ran.stdout.splitlines() == left
