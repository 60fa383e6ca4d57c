"""The reference engine: every pulse an event, on SimPy. It decides what is right.

A fibre that fires sets off for its endings; each delay it has is a bell that sounds when the pulse
arrives. A pulse that arrives adds its endings to what excites or inhibits the cell in this
instant and rings the cell, and the cell, once everything has arrived, fires or does not. Where
nothing arrives nothing is asked, so delays may be of any length.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from simulator import state as states
from simulator.kernel import NEVER, Bell, Kernel, Life

from .description import Description
from .law import errs
from .net import Net
from .state import Phase, State, coming, fall_silent, play, press, settle


class Ending(NamedTuple):
    """One row of the net, seen from its fibre.

    Attributes
    ----------
    cell
        The cell it ends on.
    endings
        How many endings it has there.
    excites
        Whether they excite.
    row
        Number of the excitatory row if it alters, else -1.
    """

    cell: Cell
    endings: int
    excites: bool
    row: int


class Cell:
    """One cell: it sums what arrives in an instant, and fires or stays silent."""

    def __init__(
        self, kernel: Kernel, net: Net, number: int, state: State, sets_off: Fibre
    ) -> None:
        self._net, self._number, self._state = net, number, state
        self._sets_off = sets_off
        self._own = net.afferents + number
        self.excited = self.inhibited = 0
        self.arrived: list[int] = []
        self.bell = Bell(kernel, Phase.FIRE)
        kernel.process(self.life())

    def life(self) -> Life:
        """Wait for something to arrive; then fire or stay silent."""
        while True:
            yield self.bell.heard()
            fires = self._decides()
            if fires:
                for row in self.arrived:
                    self._state.learned[row] = 1
            if self._net.law.name == "noisy" and errs(
                self._net, self._number, int(self._state.tick[0])
            ):
                fires = not fires
            self.excited = self.inhibited = 0
            self.arrived.clear()
            if fires:
                self._state.fires[self._own] = 1
                self._state.firings[0] += 1
                self._sets_off.leave()

    def _decides(self) -> bool:
        law, needed = self._net.law, int(self._net.h[self._number])
        past = self._state.past
        needed += sum(b for back, b in enumerate(law.raises) if past[back, self._own])
        if law.name == "relative":
            return self.excited >= needed + self.inhibited
        return self.excited >= needed and not self.inhibited


class Fibre:
    """One fibre: it carries pulses to its endings, each after its delay."""

    def __init__(self, kernel: Kernel, tick_ns: int, state: State, number: int) -> None:
        self._kernel, self._tick_ns, self._state, self._number = kernel, tick_ns, state, number
        self._bells: dict[int, Bell] = {}
        self._endings: dict[int, list[Ending]] = {}

    def ends_on(self, delay: int, ending: Ending) -> None:
        """Learn of an ending, at the end of a branch of so many ticks."""
        if delay not in self._bells:
            self._bells[delay] = Bell(self._kernel, Phase.ARRIVE)
            self._endings[delay] = []
            self._kernel.process(self.life(delay))
        self._endings[delay].append(ending)

    def leave(self, ticks_ago: int = 0) -> None:
        """Send a pulse that left so many ticks ago on its way."""
        tick = self._kernel.now_ns // self._tick_ns - ticks_ago
        for delay, bell in self._bells.items():
            if delay > ticks_ago:
                bell.ring((tick + delay) * self._tick_ns)

    def life(self, delay: int) -> Life:
        """Wait for a pulse to come to the end of one branch; hand it to the cells there."""
        while True:
            yield self._bells[delay].heard()
            if not self._state.past[delay - 1, self._number]:
                continue  # a key was let go in the tick it was pressed: no pulse had left
            for cell, endings, excites, row in self._endings[delay]:
                if not excites:
                    cell.inhibited += endings
                elif row < 0 or self._state.learned[row]:
                    cell.excited += endings
                if row >= 0:
                    cell.arrived.append(row)
                cell.bell.ring()


class ReferenceEngine:
    """Runs one net event by event.

    Parameters
    ----------
    net, description
        What was given.
    state
        The State to start from, at a quiet instant; a copy is taken.
    """

    name = "reference"

    def __init__(self, net: Net, description: Description, state: State) -> None:
        self._net, self._description = net, description
        self.restore(state)

    @property
    def state(self) -> State:
        """The live State at the last quiet instant."""
        return self._state

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""
        return self._kernel.now_ns

    def restore(self, state: State) -> None:
        """Stand at another quiet State (a copy is taken)."""
        self._stand_in(states.copy(state))

    def _stand_in(self, state: State) -> None:
        self._state = state
        self._kernel = Kernel(int(state.now_ns[0]))
        self._assemble()
        self.run(self.now_ns)

    def _assemble(self) -> None:
        """Wire the net up, and send on their way the pulses that were on it."""
        kernel, net, s = self._kernel, self._net, self._state
        tick_ns = self._description.tick_ns
        self._fibres = [Fibre(kernel, tick_ns, s, n) for n in range(net.fibres)]
        own = range(net.afferents, net.fibres)
        self._cells = [Cell(kernel, net, i, s, self._fibres[fibre]) for i, fibre in enumerate(own)]
        for i, cell in enumerate(self._cells):
            for row, (fibre, endings, delay) in enumerate(net.excited_by(i), int(net.starts[i])):
                alters = net.alterable is not None and bool(net.alterable[row])
                ending = Ending(cell, endings, True, row if alters else -1)
                for late in range(net.law.window):
                    self._fibres[fibre].ends_on(delay + late, ending)
            for fibre, endings, delay in net.vetoed_by(i):
                self._fibres[fibre].ends_on(delay, Ending(cell, endings, False, -1))
        noisy = net.law.name == "noisy"
        self._restless = [c for c, h in zip(self._cells, net.h, strict=True) if noisy or h <= 0]
        for ticks_ago, row in enumerate((s.fires, *s.past)):
            for fibre in row.nonzero()[0]:
                self._fibres[fibre].leave(ticks_ago)
        self._clock = Bell(kernel, Phase.TURN)
        kernel.process(self._turn())

    def _turn(self) -> Life:
        """At every tick at which something may change: the present becomes the past."""
        while True:
            yield self._clock.heard()
            s, net = self._state, self._net
            s.past[1:] = s.past[:-1].copy()
            s.past[0] = s.fires
            s.fires[:] = 0
            s.fires[: net.afferents] = coming(s, 1)[0]
            s.series_at[0] = min(int(s.series_at[0]) + 1, len(s.series))
            self._depart()
            for cell in self._restless:
                cell.bell.ring()
            settle(s, net, self._description, self._kernel.now_ns)
            self._kernel.at(self._kernel.now_ns, Phase.FIRE + 1, self._sleep_or_wake)

    def _depart(self) -> None:
        for afferent in self._state.fires[: self._net.afferents].nonzero()[0]:
            self._fibres[afferent].leave()

    def _sleep_or_wake(self) -> None:
        settle(self._state, self._net, self._description, self._kernel.now_ns)
        due_ns = int(self._state.tick_due_ns[0])
        if due_ns != NEVER:
            self._clock.ring(due_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        self._sleep_or_wake()
        quiet_ns = self._kernel.run_until(until_ns)
        settle(self._state, self._net, self._description, quiet_ns)
        return quiet_ns

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        s = self._state
        match path.removeprefix("mcculloch_pitts."):
            case "afferents.keys":
                press(s, value)
                self._depart()
            case "afferents.series":
                self._stand_in(play(s, value))
            case "net.reset":
                self._stand_in(fall_silent(s, self._net))
        self.run(self.now_ns)
