"""The laws a net may obey: the cell of 1943, and the variations its authors and heirs discussed.

The first law is the paper's: *absolute inhibition*. One active inhibitory ending keeps a cell
silent, whatever else arrives. The others change one thing each:

=============  ====================================================================================
name           what is different
=============  ====================================================================================
``absolute``   nothing: McCulloch and Pitts 1943, five assumptions of section 2
``relative``   each active inhibitory ending raises the threshold by one (Theorem IV)
``extinction`` the threshold is higher for a while after the cell has fired (Theorem V)
``summation``  an ending counts for several ticks: temporal summation (Theorem VI)
``alterable``  an ending marked so counts only once it was active as the cell fired (Theorem VII)
``minsky``     a threshold of 0 is allowed: such a cell fires whenever nothing vetoes it (1967)
``noisy``      every organ gives the wrong answer with a small chance (von Neumann 1956); h may be 0
=============  ====================================================================================

``transformers.py`` turns every net under one of these (but ``noisy``) into one of 1943.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import Mistake

NAMES = ("absolute", "relative", "extinction", "summation", "alterable", "minsky", "noisy")
LONGEST = 1 << 10
"""No delay, window or extinction lasts longer than this many ticks."""
MOST_ENDINGS = 1 << 20
"""No cell has more endings, and no threshold is higher: so that sums stay within 32 bits."""
MILLION = 1_000_000


@dataclass(frozen=True)
class Law:
    """What makes a cell fire, beside its endings and its threshold.

    Attributes
    ----------
    name
        One of :data:`NAMES`.
    raises
        Only ``extinction``: by how much the threshold is raised 1, 2, ... ticks after a firing.
        Raises of several firings add, as in the construction of Theorem V.
    window
        Only ``summation``: for how many ticks an excitatory pulse counts, at least 2.
    error_ppm
        Only ``noisy``: how often an organ's answer is wrong, in millionths.
    seed
        Only ``noisy``: which page of the random-number table is looked up.

    Raises
    ------
    Mistake
        If there is no such law, or a number belongs to another law or is out of range.
    """

    name: str = "absolute"
    raises: tuple[int, ...] = ()
    window: int = 1
    error_ppm: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise Mistake(f"no law is called {self.name!r}; there are {', '.join(NAMES)}")
        if (self.name == "extinction") != bool(self.raises):
            raise Mistake("extinction, and no other law, says by how much a threshold is raised")
        if len(self.raises) > LONGEST or not all(0 <= b <= MOST_ENDINGS for b in self.raises):
            raise Mistake(f"extinction raises thresholds by 0 to {MOST_ENDINGS}, {LONGEST} times")
        if (self.name == "summation") != (self.window > 1) or not 1 <= self.window <= LONGEST:
            raise Mistake(f"summation, and no other law, has a window of 2 to {LONGEST} ticks")
        noisy = self.name == "noisy"
        if not 0 <= self.error_ppm <= MILLION or (self.error_ppm and not noisy):
            raise Mistake(f"noisy organs, and no others, err; 0 to {MILLION} times in a million")
        if not 0 <= self.seed < 1 << 63 or (self.seed and not noisy):
            raise Mistake("noisy organs, and no others, have a seed, of 63 bits at most")

    @property
    def least_h(self) -> int:
        """The lowest threshold a cell may have under this law."""
        return 0 if self.name in ("minsky", "noisy") else 1

    @property
    def memory(self) -> int:
        """How many ticks of the past the law itself looks back on, at least 1."""
        return max(len(self.raises), self.window, 1)


ABSOLUTE = Law()
"""The law of 1943."""
