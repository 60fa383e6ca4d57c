"""What an experiment looks like on paper: learning and damage curves, fields, confusions.

Pictures are drawn by matplotlib without any display and written whole or not at all; tables are
for a terminal. Nothing here knows a machine: numbers in, picture or table out.
"""

from ui.report.confusion import always_right, confusion_table, mistaken, sparkline
from ui.report.curves import Line, curves
from ui.report.pictures import (
    check_picture_path,
    damage_bands,
    learning_curve,
    receptive_fields,
)

__all__ = [
    "Line",
    "always_right",
    "check_picture_path",
    "confusion_table",
    "curves",
    "damage_bands",
    "learning_curve",
    "mistaken",
    "receptive_fields",
    "sparkline",
]
