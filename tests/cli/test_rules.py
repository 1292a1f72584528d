"""Rules and the sandbox from the terminal."""

from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import FOLDER, read_rules
from risk_model.rules.writer import write_rules
from risk_model.services.copy import opened, require_build
from risk_model.services.inspection_score import score_in_plain_text, score_of
from tests.cli.conftest import Run


def test_rules_lists_what_each_rule_finds(demo_data: DataDir, run: Run) -> None:
    ran = run("rules", "--la", "999")
    assert ran.code == 0
    for rule in read_rules().rules:
        assert f"{rule.id} " in ran.out
    assert "Not yet approved by this local authority." in ran.out


def test_rules_prints_the_list_that_orders_the_schools(demo_data: DataDir, run: Run) -> None:
    out = run("rules", "--la", "999").out
    assert "The order of the schools" in out
    for part in read_rules().score:
        assert f"{part.id} [" in out
        assert f"] {part.title}\n" in out
        for said in (part.sentence, part.step[0].why, part.step[0].reference, part.checked_by):
            assert said in out
    assert "The order decides no level" in out


def test_rules_that_order_otherwise_are_told_and_move_nobody(demo_data: DataDir, run: Run, tmp_path: Path) -> None:
    own = read_rules()
    fewer = tmp_path / "fewer.toml"
    fewer.write_text(write_rules(own.model_copy(update={"score": own.score[:-1]})), "utf-8")
    ran = run("rules", fewer, "--la", "999")
    assert ran.code == 0, ran.err
    assert "No school of 259 moves" in ran.out
    assert "They also order the schools by other points" in ran.out
    assert "S11" in ran.out
    assert "by other points" not in run("rules", "shown", "--la", "999").out


def test_explain_says_how_the_place_in_the_order_is_counted(demo_data: DataDir, run: Run) -> None:
    with opened(demo_data) as copy:
        found = score_of(local_viewer(), copy, "900001")
    out = run("explain", "900001").out
    assert found.lines
    for line in score_in_plain_text(found):
        assert line in out


def test_rules_compares_with_a_folder_a_file_and_another_build(demo_data: DataDir, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "trial.toml"
    assert run("sandbox", "O10.off", "--la", "999", "--out", out).code == 0
    for same in (FOLDER, "files", "build-1", "shown"):
        ran = run("rules", same, "--la", "999")
        assert ran.code == 0
        assert "No school of 259 moves" in ran.out
    ran = run("rules", out, "--la", "999")
    assert "schools are a priority" in ran.out
    assert "in force" in ran.out
    back = run("rules", "shown", "--from", out, "--la", "999")
    assert back.code == 0
    assert "schools are a priority" in back.out


def test_rules_refuses_what_is_no_rule_set(demo_data: DataDir, run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[rule", "utf-8")
    for name in (bad, tmp_path, "build-99", "nowhere.toml"):
        ran = run("rules", name)
        assert ran.code == 1
        assert ran.err.strip()
        assert "Traceback" not in ran.err


def test_sandbox_says_who_moves_and_saves_rules_that_build_takes(own_data: DataDir, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "rules" / "trial.toml"
    ran = run("sandbox", "outcomes.uncertain_points:1", "--la", "999", "--out", out)
    assert ran.code == 0
    assert "enter" in ran.out
    assert "adviser days" in ran.out
    assert "in every case" in ran.out
    assert require_build(own_data).number == 2
    built = run("build", "--as-at", "2026-11-20", "--rules", out)
    assert built.code == 0, built.err
    assert f"rules {read_rules().rule_set} trial" in built.out
    assert "No school of 259 moves" in run("rules", out, "--la", "999").out
    assert "schools are a priority" in run("rules", "files", "--la", "999").out


def test_sandbox_refuses_every_change_that_cannot_be_tried_at_once(demo_data: DataDir, run: Run) -> None:
    ran = run("sandbox", "nonsense", "O99.off", "O10.off")
    assert ran.code == 1
    assert "2 changes cannot be tried" in ran.err
    assert "nonsense" in ran.err
    assert "O99" in ran.err


def test_sandbox_without_a_change_is_wrong_usage(demo_data: DataDir, run: Run) -> None:
    assert run("sandbox").code == 2


def test_build_says_that_a_rule_set_is_not_there(own_data: DataDir, run: Run, tmp_path: Path) -> None:
    ran = run("build", "--rules", tmp_path / "nowhere.toml")
    assert ran.code == 1
    assert "missing" in ran.err
    assert require_build(own_data).number == 2
