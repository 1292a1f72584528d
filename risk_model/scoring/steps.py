"""A build as steps: each is made anew only where something that it is made of has changed since the build before.

A new build starts as a copy of the last one, where the same product made that. Each step has a key: a hash of its
SQL and of what it reads. A step with the key that it had is kept as it is; a build with nothing to start from makes
them all. What a step reads counts by the key of its own step or, where that has `told_apart_by`, by the content of
the columns that the step's SQL names: a register that comes out anew with the same schools changes nobody's figures.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyarrow as pa

from risk_model.warehouse.engine import Connection, drop_kept, engine_version, identifier, kept_tables, literal, rows

_PACKAGE = Path(__file__).resolve().parents[1]
_FLOORS = ("domain", "warehouse", "sources", "measures", "rules", "scoring")
_STATE = {"build_steps": ("step", "key"), "build_contents": ("step", "column_name", "content")}


@dataclass(frozen=True)
class Step:
    """Tables of a build that are made together.

    Attributes:
        makes: their names; the first names the step.
        text: all that decides what comes out, besides what is read: SQL, dates, hashes of files.
        reads: the tables that it reads, each with the words among which are all its columns that are read.
        make: makes them.
        stays: in the build. The others are gone with its connection, and made only when a step that runs reads them.
        told_apart_by: columns that tell the only table's rows apart, where its content counts and not its key.
    """

    makes: tuple[str, ...]
    text: str
    reads: Mapping[str, frozenset[str]]
    make: Callable[[Connection], object]
    stays: bool = False
    told_apart_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """The rows of one id in a table that several fill; `text` and `reads` as a step's."""

    id: str
    text: str
    reads: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Shared:
    """A table of the build that is filled part by part, in their order; each is kept or made anew by itself.

    Attributes:
        create: SQL that makes it empty.
        column: where the part's id stands.
        insert: adds the rows of the parts with some ids.
    """

    table: str
    create: str
    column: str
    parts: tuple[Part, ...]
    insert: Callable[[Connection, Sequence[str]], object]


class Making:
    """Makes a build's steps on a connection, one after the other, or keeps what is there."""

    def __init__(self, con: Connection) -> None:
        self._con = con
        self._keys_before, self._contents_before = _read_state(con)
        self._keys: dict[str, str] = {}
        self._contents: dict[str, dict[str, str]] = {}
        self._step_of: dict[str, Step] = {}
        self._shared: dict[str, Shared] = {}
        self._there: set[str] = set()
        self.made: list[str] = []
        self._forget_what_is_no_steps()

    @property
    def tables(self) -> list[str]:
        """What the steps so far make, for those after them to read."""
        return [*self._step_of, *self._shared]

    def run(self, steps: Iterable[Step | Shared]) -> None:
        """Make or keep what stays, in the order given: each reads only what stands before it.

        Afterwards `made` names what was made.
        """
        for one in steps:
            if isinstance(one, Shared):
                self._run_shared(one)
            else:
                self._run_step(one)

    def need(self, table: str) -> None:
        """Make a table that is for the time of the build alone, with all that it reads, where it is not there yet."""
        step = self._step_of.get(table)
        if step is None or step.makes[0] in self._there:
            return
        self._make(step)

    def finish(self) -> None:
        """Write down by what the next build will know what it can keep, and remove what no step makes any more."""
        wanted = {table for step in self._step_of.values() if step.stays for table in step.makes} | set(self._shared)
        drop_kept(self._con, kept_tables(self._con) - wanted)
        keys = [{"step": step, "key": key} for step, key in self._keys.items()]
        contents = [
            {"step": step, "column_name": name, "content": content}
            for step, columns in self._contents.items()
            for name, content in columns.items()
        ]
        for (table, columns), found in zip(_STATE.items(), (keys, contents), strict=True):
            schema = pa.schema([(name, pa.string()) for name in columns])
            self._con.register("given_state", pa.Table.from_pylist(found, schema=schema))
            self._con.execute(f"create or replace table {table} as from given_state")
            self._con.unregister("given_state")

    def _forget_what_is_no_steps(self) -> None:
        """Of a copy only what steps made is of use; what was judged by it is judged anew."""
        known = {name.partition(":")[0] for name in self._keys_before}
        known |= {table for name in known for table in name.split(" ")}
        drop_kept(self._con, kept_tables(self._con) - known)

    def _run_step(self, step: Step) -> None:
        self._step_of.update(dict.fromkeys(step.makes, step))
        name = " ".join(step.makes)
        self._keys[name] = key = self._key(name, step.text, step.reads)
        is_same = self._keys_before.get(name) == key
        if step.stays and is_same:
            self._there.add(step.makes[0])
        elif step.stays or (step.told_apart_by and not is_same):
            self._make(step)
        if step.told_apart_by:
            self._contents[name] = (
                self._contents_before[name] if is_same else _contents(self._con, step.makes[0], step.told_apart_by)
            )

    def _make(self, step: Step) -> None:
        for table in step.reads:
            self.need(table)
        step.make(self._con)
        self._there.add(step.makes[0])
        self.made += step.makes

    def _run_shared(self, shared: Shared) -> None:
        self._shared[shared.table] = shared
        kept: list[Part] = []
        changed: list[Part] = []
        for part in shared.parts:
            name = f"{shared.table}:{part.id}"
            self._keys[name] = key = self._key(name, part.text, part.reads)
            (kept if self._keys_before.get(name) == key else changed).append(part)
        if kept:
            ids = ", ".join(literal(part.id) for part in kept)
            self._con.execute(
                f"delete from {identifier(shared.table)} where {identifier(shared.column)} not in ({ids})"
            )
        else:
            self._con.execute(shared.create)
        for part in changed:
            for table in part.reads:
                self.need(table)
            self.made.append(f"{shared.table}:{part.id}")
        if changed:
            shared.insert(self._con, [part.id for part in changed])

    def _key(self, name: str, text: str, reads: Mapping[str, frozenset[str]]) -> str:
        read = [f"{table}={self._identity(table, words)}" for table, words in sorted(reads.items())]
        return hashlib.sha256("\n".join([name, text, *read]).encode()).hexdigest()

    def _identity(self, table: str, words: frozenset[str]) -> str:
        """What a table is, as far as somebody reads it."""
        if table in self._shared:
            # its own earlier parts, or another table's: those that it names, or else all
            known = {part.id: self._keys.get(f"{table}:{part.id}", "") for part in self._shared[table].parts}
            return "; ".join(key for part, key in known.items() if part in words or not words & set(known))
        step = self._step_of[table]
        name = " ".join(step.makes)
        if not step.told_apart_by:
            return self._keys[name]
        named = words | set(step.told_apart_by)
        return "; ".join(f"{column} {digest}" for column, digest in self._contents[name].items() if column in named)


def words_of(sql: str) -> frozenset[str]:
    """Every word of a statement, its comments aside: among them are the tables and columns that it reads."""
    # "union all by name" reads no column of that name
    said = re.sub(r"\bunion(\s+all)?\s+by\s+name\b", " ", without_comments(sql).lower())
    return frozenset(re.findall(r"[a-z_][a-z0-9_]*", said))


def without_comments(sql: str) -> str:
    """A statement without what it says to its readers."""
    return re.sub(r"(?m)^[ \t]*--[^\n]*\n|--[^\n]*", "", sql)


def reading(sql: str, tables: Iterable[str]) -> dict[str, frozenset[str]]:
    """Which of some tables a statement reads, each with all its words."""
    words = words_of(sql)
    return {table: words for table in tables if table in words}


def sql_step(
    name: str, sql: str, as_at: date, tables: Iterable[str], *, stays: bool = True, told_apart_by: tuple[str, ...] = ()
) -> Step:
    """A step whose one table is made by one statement.

    Args:
        as_at: counts where the statement has it.
        tables: what there is to read.
    """
    params = used_params(sql, as_at)
    kept = "" if stays else "temp "
    return Step(
        makes=(name,),
        text=text_of(sql, as_at),
        reads=reading(sql, [table for table in tables if table != name]),
        make=lambda con: con.execute(f"create or replace {kept}table {name} as {sql}", params),
        stays=stays,
        told_apart_by=told_apart_by,
    )


def made_together(
    makes: tuple[str, ...],
    statements: Iterable[str],
    as_at: date,
    tables: Iterable[str],
    make: Callable[[Connection], object],
) -> Step:
    """A step that makes tables that stay, by several statements.

    Args:
        statements: all of them; the tables that they make for one another are no tables of the build.
        tables: what there is to read.
        make: carries them out.
    """
    sql = "\n".join(statements)
    read = reading(sql, [table for table in tables if table not in makes])
    return Step(makes=makes, text=text_of(sql, as_at), reads=read, make=make, stays=True)


def used_params(sql: str, as_at: date) -> dict[str, date]:
    """The date, for a statement that has it."""
    return {"as_at": as_at} if "$as_at" in sql else {}


def text_of(sql: str, as_at: date) -> str:
    """A statement as it counts, with the date if it has it: another comment is no other step."""
    return f"{without_comments(sql)} {used_params(sql, as_at)}"


@cache
def made_by() -> str:
    """By what builds are made: a hash of the product's own code from the measures down, and of the engine.

    A build that something else made is no start for another one.
    """
    found = hashlib.sha256(engine_version().encode())
    for floor in _FLOORS:
        for path in sorted((_PACKAGE / floor).rglob("*.py")):
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def file_hash(path: Path) -> str:
    """What a file that is an input holds."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_state(con: Connection) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What the build that this one starts from was made of; nothing where it starts from none."""
    if not set(_STATE) <= kept_tables(con):
        return {}, {}
    contents: dict[str, dict[str, str]] = {}
    for row in rows(con, "select step, column_name, content from build_contents"):
        contents.setdefault(row["step"], {})[row["column_name"]] = row["content"]
    return {row["step"]: row["key"] for row in rows(con, "select step, key from build_steps")}, contents


def _contents(con: Connection, table: str, told_apart_by: Sequence[str]) -> dict[str, str]:
    """What each column of a table holds, whatever the order of its rows: {column: a sum of hashes}."""
    names = [row["column_name"] for row in rows(con, f"describe {identifier(table)}")]
    keys = ", ".join(identifier(name) for name in told_apart_by)
    sums = ", ".join(
        f"count(*) || ' ' || coalesce(sum(hash({keys}, {identifier(name)})::hugeint), 0) as {identifier(name)}"
        for name in names
    )
    (found,) = rows(con, f"select {sums} from {identifier(table)}")
    return found
