"""Words of core storage under observation: every change of them, while a program runs.

To look at a weight after each instruction would make the fast engine slow. Instead its location is
watched: the machine stops where a word is stored there, is looked at, and started again, which
takes no time of its own. What the program does is the same as without.

    words = Words(machine, {"W-1": 1023})
    machine.operate("ibm704.console.start")
    words.run_to_stop(limit_ns, lambda t_ns, name, word: print(t_ns, name, octal(word)))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.errors import Mistake

from .machine import Ibm704
from .state import WATCH, Stop

MOST = 1024
"""Most words watched at once."""

Tell = Callable[[int, str, int], object]
"""Is given the instant in nanoseconds, the name, and the word that stands there from now on."""


class Words:
    """Some words of core storage, by name.

    Parameters
    ----------
    machine
        The machine; its locations are marked for as long as :meth:`run_to_stop` runs.
    locations
        The location of each word, by the name it shall go by.

    Raises
    ------
    Mistake
        If there are too many, or no such location.
    """

    def __init__(self, machine: Ibm704, locations: Mapping[str, int]) -> None:
        if len(locations) > MOST:
            raise Mistake(f"{len(locations)} words are too many to watch at once; {MOST} at most")
        self._machine = machine
        self._locations = dict(locations)
        self._seen = {name: machine.examine(at) for name, at in self._locations.items()}

    @property
    def now(self) -> dict[str, int]:
        """The words as last seen, by name."""
        return dict(self._seen)

    def run_to_stop(self, limit_ns: int, tell: Tell) -> int:
        """Let a machine that runs go on to a stop of its own, and tell of every change.

        Parameters
        ----------
        limit_ns
            Where to end if it does not stop, in nanoseconds since power-on.
        tell
            Is told of each change.

        Returns
        -------
        int
            The quiet instant reached.
        """
        machine = self._machine
        for at in self._locations.values():
            machine.operate("ibm704.control.mark", {"at": at, "mark": WATCH})
        try:
            while True:
                quiet_ns = machine.run_to_stop(limit_ns)
                self._look(tell)
                if machine.stop != Stop.WATCH:
                    return quiet_ns
                machine.operate("ibm704.console.start")
        finally:
            for at in self._locations.values():
                machine.operate("ibm704.control.mark", {"at": at, "mark": 0})

    def _look(self, tell: Tell) -> None:
        for name, at in self._locations.items():
            word = self._machine.examine(at)
            if word != self._seen[name]:
                self._seen[name] = word
                tell(self._machine.now_ns, name, word)
