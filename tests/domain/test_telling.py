"""What of an error may stand on a screen."""

from pathlib import Path, PureWindowsPath

import pytest

from risk_model.domain.telling import NOT_SHOWN, told

ROOT = Path("/srv/risk data")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("The file /srv/risk data/builds/risk_3.duckdb is gone.", "The file risk_3.duckdb is gone."),
        ("/srv/risk data cannot be written.", "the data directory cannot be written."),
        ("No such file: '/opt/a b/c/records.sqlite'", "No such file: 'records.sqlite'"),
        ("No such file: /opt/c/records.sqlite.", "No such file: records.sqlite."),
        (r"C:\Users\a.officer\risk\x.duckdb is gone", "x.duckdb is gone"),
        (r"'C:\Users\a officer\risk\x.duckdb' is gone", "'x.duckdb' is gone"),
        ("C:/Users/officer/x.duckdb is gone", "x.duckdb is gone"),
        (r"\\server\share$\risk\x.sqlite is gone", "x.sqlite is gone"),
        ("Open ~/risk/x.toml", "Open x.toml"),
    ],
)
def test_of_a_path_the_last_name_alone_is_told(words: str, shown: str) -> None:
    assert told(words, ROOT) == shown


def test_a_data_directory_on_windows_is_named_as_such() -> None:
    root = PureWindowsPath(r"C:\ProgramData\risk data")
    assert told(rf"{root}\lake\x.parquet is in {root}.", root) == "x.parquet is in the data directory."


@pytest.mark.parametrize(
    "words",
    [
        "postgresql+psycopg://risk:geheim@db.internal:5432/geheim",  # pragma: allowlist secret
        "sqlite:////geheim/geheim.sqlite",
        "http://10.0.0.5:9000/geheim",
        "https://geheim@host.example/x",
        'connection to server at "geheim" (10.0.0.5), port 5432 failed',
        'connection to server on socket "/geheim/.s.PGSQL.5432" failed',
        'could not translate host name "geheim" to address',
        'password authentication failed for user "geheim"',
        'database "geheim" does not exist',
        "select geheim from audit",
        "SELECT geheim FROM audit",
        "Parser Error: select geheim from audit",
        'near "update audit set who = geheim"',
        "(sqlite3.OperationalError) no such table\n[SQL: select geheim from x\nwhere y]\n[parameters: ('geheim',)]",
        "Binder Error: no such column\n\nLINE 1: what(geheim)\n             ^",
        'Traceback (most recent call last):\n  File "/geheim/x.py", line 3, in geheim\n    raise geheim',
    ],
)
def test_addresses_queries_and_stacks_are_not_told(words: str) -> None:
    shown = told(f"It could not be done:\n{words}")
    assert shown.startswith("It could not be done:\n")
    assert NOT_SHOWN in shown
    assert not any(secret in shown for secret in ("geheim", "10.0.0.5", "audit", "5432", ".py"))


@pytest.mark.parametrize(
    "words",
    [
        "Select a school from the list. Update the template and set its date; give primary and/or special, 1/2 or 3/4.",
        "2023-2024/england_abs.csv was not imported: PERSABS10/PERSABS15 of 12/03/2026, rules 2026.3.",
        "Find the file at https://www.gov.uk/school-performance-tables and save it.",
        "Run `python -m risk_model build`, or `risk_model rules outcomes.toml`.",
        "The school is at 12 High Street; its hours: 8:30 to 15:00. Ratio 3:1. 450 £/day.",
    ],
)
def test_words_for_a_reader_stay_as_they_are(words: str) -> None:
    assert told(words, ROOT) == words
