"""What the machines are shown: letters, figures, pictures, and what befalls them.

Every stimulus is a uint8 array (rows, columns), 0 dark to 255 lit; many of them with their classes
are a :class:`StimulusSet`; one look of a source of light (a :class:`LightSource`) is a
:class:`LightFrame`, and a :class:`Follower` carries it to a machine's retina.
"""

from simulator.stimuli.figures import FIGURES, figure
from simulator.stimuli.letters import LETTERS, letter, letters
from simulator.stimuli.light import DARK, LIT, LightFrame, StimulusSet
from simulator.stimuli.naming import named
from simulator.stimuli.pictures import folder, picture
from simulator.stimuli.sources import Drawing, Follower, LightSource, Slides, Still
from simulator.stimuli.transformations import invert, noise, occlude, rotate, scale, shift
from simulator.stimuli.variety import variations

__all__ = [
    "DARK",
    "FIGURES",
    "LETTERS",
    "LIT",
    "Drawing",
    "Follower",
    "LightFrame",
    "LightSource",
    "Slides",
    "Still",
    "StimulusSet",
    "figure",
    "folder",
    "invert",
    "letter",
    "letters",
    "named",
    "noise",
    "occlude",
    "picture",
    "rotate",
    "scale",
    "shift",
    "variations",
]
