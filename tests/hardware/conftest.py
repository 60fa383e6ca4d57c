"""The firmware is compiled and run for real; without the tools these tests are skipped.

In continuous integration a skip is a failure (tests/conftest.py), and .ci/run installs the tools.
"""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from compile_firmware import SKETCH, board_simulator, core, firmware, what_is_missing
from rig import SimulatedBoard

from simulator.serial_link.wirings import wiring


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """A folder in which to build, on a machine that has the tools."""
    missing = what_is_missing()
    if missing:
        pytest.skip(f"the firmware cannot be compiled and run here: {missing}")
    return tmp_path_factory.mktemp("workshop")


@pytest.fixture(scope="session")
def simulator(workshop):
    return board_simulator(workshop)


@pytest.fixture(scope="session")
def compiled(workshop):
    """Compile the sketch, or a copy of it, for a chip, once."""
    cores, programs = {}, {}

    def compiled(chip, sketch=SKETCH, **defines):
        if chip not in cores:
            folder = workshop / chip
            folder.mkdir()
            cores[chip] = core(chip, folder)
        key = (chip, sketch, *sorted(defines.items()))
        if key not in programs:
            folder = Path(mkdtemp(dir=workshop))
            programs[key] = firmware(chip, cores[chip], folder, sketch, **defines)
        return programs[key]

    return compiled


@pytest.fixture
def board(simulator, compiled, tmp_path):
    """Build a board: wiring, chip, and what ``wiring.h`` lets one define."""
    boards = []

    def board(name="MUX_8X8", chip="uno", *, sketch=SKETCH, **defines):
        program = compiled(chip, sketch, WIRING=name, **defines)
        folder = tmp_path / f"board{len(boards)}"
        folder.mkdir()
        boards.append(SimulatedBoard(simulator, wiring(name, chip), folder, program.hex))
        return boards[-1]

    yield board
    for one in boards:
        one.__exit__()
