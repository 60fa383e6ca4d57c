"""The Mark I put together: one Description, one plugboard, one of two engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator import state as states
from simulator.errors import Mistake
from simulator.machine import Engine, Machine

from . import plugboard as boards
from .description import Description
from .given import given
from .plugboard import Plugboard
from .points import controls, points
from .reference import ReferenceEngine
from .soundness import unsound
from .state import FREE_LENGTHS, State, power_on

ENGINES = ("compiled", "reference")


class Mark1(Machine):
    """A Mark I Perceptron, switched on.

    Parameters
    ----------
    description
        Its numbers; the nominal machine if left out.
    board
        Its plugboard; plugged from the random-number table if left out.
    engine
        ``compiled`` (fast) or ``reference`` (the one to read); they agree bit by bit.

    Raises
    ------
    Mistake
        If there is no such engine, or the board does not fit the description.
    """

    description: Description

    def __init__(
        self,
        description: Description | None = None,
        board: Plugboard | None = None,
        engine: str = "compiled",
    ) -> None:
        description = description or Description()
        self.board = boards.random_table(description) if board is None else board
        boards.check(self.board, description)
        particulars = given(description, self.board)
        state = power_on(description, len(self.board), len(self.board.pot_a))
        super().__init__(
            "mark1",
            description,
            points(description),
            controls(description, self.board),
            _engine(engine, particulars, state),
        )

    def save(self, path: str | Path, notes: dict[str, Any] | None = None) -> None:
        """Save description, plugboard, State and notes (JSON) to one ``.npz`` file.

        Raises
        ------
        Mistake
            If the file cannot be written; a file that was there is then untouched.
        """
        states.save(path, self.name, self.to_json(), self.snapshot(), notes)

    def to_json(self) -> dict[str, Any]:
        """Give what was given, numbers and plugs, as JSON: for files and logbooks."""
        numbers, plugs = self.description.to_json(), boards.to_json(self.board)
        leads = boards.leads_to_json(self.board, self.description)
        return {"numbers": numbers, "plugs": plugs, **leads}

    @classmethod
    def from_json(cls, given: Any, engine: str = "compiled") -> Mark1:
        """Switch on the machine that :meth:`to_json` described.

        Raises
        ------
        Mistake
            If numbers or plugs are missing, impossible, or do not fit each other.
        """
        if not isinstance(given, dict):
            raise Mistake("not a description of a Mark I: no numbers and no plugs")
        description = Description.from_json(given.get("numbers"))
        leads = given.get("potentiometers")
        return cls(description, boards.from_json(given.get("plugs"), description, leads), engine)


def load(path: str | Path, engine: str = "compiled") -> tuple[Mark1, dict[str, Any]]:
    """Read a machine back as it stood when it was saved, and the notes saved with it.

    Raises
    ------
    Mistake
        If the file is missing, damaged, of another version, or contradicts itself.
    """
    saved = states.load(path, "mark1")
    try:
        machine = Mark1.from_json(saved.description, engine)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
    state: State = states.fit(path, saved, machine.snapshot(), FREE_LENGTHS)
    if field := unsound(state, given(machine.description, machine.board)):
        raise Mistake(f"{path}: field {field} contradicts the rest; take an earlier copy")
    machine.restore(state)
    return machine, saved.notes


def _engine(name: str, particulars: Any, state: State) -> Engine:
    if name == "reference":
        return ReferenceEngine(particulars, state)
    if name == "compiled":
        # numba takes a third of a second to import: only where it is wanted
        try:
            from .compiled import CompiledEngine
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            raise Mistake(
                "compiled code can be kept nowhere on this computer; set NUMBA_CACHE_DIR to a "
                "folder that can be written"
            ) from error
        return CompiledEngine(particulars, state)
    raise Mistake(f"no engine is called {name}; there are {' and '.join(ENGINES)}")
