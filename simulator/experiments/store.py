"""The store: one file with the result of every job that was ever finished.

A job is known by its experiment and its parameters, and its result holds good as long as the
sources that decided it have not changed: their fingerprint is kept beside it. The file is SQLite,
the results in it are JSON text.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from simulator.errors import Mistake

APPLICATION_ID = 0x66776578  # "fwex", by which SQLite tells whose file this is
VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    experiment TEXT NOT NULL,
    parameters TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (experiment, parameters)
) WITHOUT ROWID
"""


class Store:
    """Results of finished jobs, in a file; a context manager.

    Parameters
    ----------
    path
        The file; made if there is none.

    Raises
    ------
    Mistake
        If the file is damaged, in use, not ours, of another version, or cannot be written; so do
        all methods.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with self._mistakes_worded():
            self._file = sqlite3.connect(self.path, timeout=5, isolation_level=None)
        try:
            with self._mistakes_worded():
                self._take_possession()
        except BaseException:
            self._file.close()
            raise

    def _take_possession(self) -> None:
        tables = self._number("SELECT count(*) FROM sqlite_master")
        owner, version = self._number("PRAGMA application_id"), self._number("PRAGMA user_version")
        if tables and owner != APPLICATION_ID:
            raise Mistake(f"{self.path}: is another program's database; name another folder")
        if tables and version != VERSION:
            raise Mistake(
                f"{self.path}: of version {version}, this firstwave reads {VERSION}; remove it"
            )
        self._file.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            self._file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._file.execute(f"PRAGMA user_version = {VERSION}")
        self._file.execute(_TABLE)

    def find(self, experiment: str, parameters: dict[str, Any], fingerprint: str) -> Any:
        """Give the result of a job; None if it is not known or its sources have changed."""
        with self._mistakes_worded():
            row = self._file.execute(
                "SELECT result FROM jobs "
                "WHERE experiment = ? AND parameters = ? AND fingerprint = ?",
                (experiment, _text(parameters), fingerprint),
            ).fetchone()
            if row is None:
                return None
            result = json.loads(row[0])
            if not isinstance(result, dict):
                raise sqlite3.DatabaseError("a result that is no object")
            return result

    def keep(
        self, experiment: str, parameters: dict[str, Any], fingerprint: str, result: Any
    ) -> None:
        """Keep the result (JSON values) of a job, in place of an earlier one."""
        with self._mistakes_worded():
            self._file.execute(
                "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?)",
                (experiment, _text(parameters), fingerprint, _text(result)),
            )

    def forget(self, experiment: str) -> None:
        """Forget all jobs of an experiment."""
        with self._mistakes_worded():
            self._file.execute("DELETE FROM jobs WHERE experiment = ?", (experiment,))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def _number(self, question: str) -> int:
        return int(self._file.execute(question).fetchone()[0])

    @contextlib.contextmanager
    def _mistakes_worded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise Mistake(f"{self.path}: cannot be used ({error})") from error
        except (sqlite3.DatabaseError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise Mistake(
                f"{self.path}: is damaged or no store ({error}); name another folder, or remove it"
            ) from error


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=True)
