"""A net as the command line names it: a figure of the paper, or a file in one of four forms.

What form a file has is seen from what is in it. A circuit (BLIF, JSON of Yosys) is compiled as it
is read, so that every command takes one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from machines.mcculloch_pitts import net_json, neur
from machines.mcculloch_pitts.figures_1943 import ALSO, NAMES, figure
from machines.mcculloch_pitts.net import Net
from simulator.errors import Mistake
from simulator.files import read_bytes

if TYPE_CHECKING:  # drawing circuits takes scipy, which takes its time to import
    from machines.mcculloch_pitts.gates import CompiledCircuit

FIGURE = "figure:"
CURE = " (--always-cell)"


class Given(NamedTuple):
    """A net that was read.

    Attributes
    ----------
    source
        As it was named.
    form
        ``figure``, ``json``, ``neur``, ``blif`` or ``yosys``.
    net
        The net.
    beat
        For a circuit: at which ticks it takes inputs, every so many, and how much later it
        answers.
    """

    source: str
    form: str
    net: Net
    beat: tuple[int, int] | None = None

    @property
    def path(self) -> Path | None:
        """The file that was read."""
        return None if self.form == "figure" else Path(self.source)

    def remarks(self) -> list[str]:
        """Say what a reader of results has to know."""
        if self.beat is None:
            return []
        period, lag = self.beat
        every = "every tick" if period == 1 else f"t = 0, {period}, {2 * period} ..."
        later = f"{lag} tick{'' if lag == 1 else 's'} later"
        return [f"a circuit: inputs are taken at {every}, and answered {later}"]


def given(source: str) -> Given:
    """Read a net.

    Raises
    ------
    Mistake
        If there is no such figure or file, or what is in it is no net: file and place are named.
    """
    if source.lower().startswith(FIGURE):
        return Given(source, "figure", figure(figure_name(source[len(FIGURE) :])).net)
    if not Path(source).exists() and source.lower() in (*NAMES, *ALSO, "1f"):
        raise Mistake(f"{source}: there is no such file; the figure is called {FIGURE}{source}")
    try:
        return _from_file(source)
    except Mistake as mistake:
        said = str(mistake)
        if "always-firing cell" in said:
            said += ": firstwave nets compile --circuit FILE --always-cell --to NET.json"
        raise Mistake(said if said.startswith(source) else f"{source}: {said}") from mistake


def figure_name(name: str) -> str:
    """Take ``1f-above`` for ``1f above``."""
    return name.strip().lower().replace("-", " ").replace("_", " ")


def _from_file(source: str) -> Given:
    text = text_of(source, net_json.LIMIT)
    suffix = Path(source).suffix.lower()
    if text.lstrip()[:1] == "{":
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Mistake(f"not a net: not JSON ({error})") from error
        if "modules" in found and "schema" not in found:
            return _circuit(source, "yosys", text)
        return Given(source, "json", net_json.from_json(found))
    if suffix == ".blif" or any(line.startswith(".model") for line in text.splitlines()[:100]):
        return _circuit(source, "blif", text)
    if suffix == ".json":
        raise Mistake("not a net: not JSON, which begins with a brace")
    if suffix != ".neur" and "*" not in text:
        raise Mistake("is no net: neither JSON nor BLIF (.model), nor neur text (words with stars)")
    return Given(source, "neur", neur.read(text, Path(source).stem))


def circuit(path: str, always_cell: bool) -> CompiledCircuit:
    """Read a circuit, and draw its net.

    Raises
    ------
    Mistake
        If it cannot be read or drawn.
    """
    text = text_of(path, net_json.LIMIT)
    try:
        return _drawn("yosys" if text.lstrip()[:1] == "{" else "blif", text, always_cell)
    except Mistake as mistake:
        raise Mistake(f"{path}: {cured(mistake)}") from mistake


def cured(mistake: Mistake) -> str:
    """Name the option that is the cure, where the calculus speaks of the cell."""
    said = str(mistake)
    return said + CURE if "always-firing cell" in said else said


def text_of(path: str | Path, limit: int) -> str:
    """Read a text file.

    Raises
    ------
    Mistake
        If it cannot be read, or is no text in UTF-8.
    """
    data = read_bytes(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: is no text in UTF-8 (byte {error.start + 1})") from error


def _circuit(source: str, form: str, text: str) -> Given:
    made = _drawn(form, text, False)
    return Given(source, form, made.net, (made.period, made.report.lag))


def _drawn(form: str, text: str, always_cell: bool) -> CompiledCircuit:
    from machines.mcculloch_pitts.gates import compile_circuit
    from machines.mcculloch_pitts.gates_in import read_blif, read_yosys

    read = read_yosys(text) if form == "yosys" else read_blif(text)
    return compile_circuit(read, always_cell=always_cell)
