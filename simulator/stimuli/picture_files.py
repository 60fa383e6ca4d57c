"""Picture files from outside: read with distrust, handed on as plain grey levels.

A person may name anything: a photograph on its side, a drawing with a transparent ground, half a
download, a file of a few kilobytes that unpacks to a billion pixels. The size is read from the
header and refused above ``MOST_PIXELS``, or if one side is more than ``GREATEST_RATIO`` times the
other, before anything is unpacked; and whatever the decoder stumbles over becomes one line for the
reader.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.area import GREATEST_SIDE, LEAST_SIDE
from simulator.stimuli.light import DARK, LIT

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
MOST_PIXELS = 8192 * 8192  # 67,108,864: what a "64 megapixel" telephone takes
GREATEST_RATIO = GREATEST_SIDE // LEAST_SIDE  # 128 to 1, as on the longest retina there may be

_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


def reason_of(error: OSError) -> str:
    """Word why the system refused a file or folder."""
    if isinstance(error, PermissionError):
        return "permission denied: allow yourself to read it"
    return error.strerror or "input or output error"


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Read a picture file, set it upright and make it grey.

    Parameters
    ----------
    path
        A PNG, JPEG, GIF, BMP, TIFF or WebP file; of several frames the first is read.

    Returns
    -------
    numpy.ndarray
        uint8, shape (height, width) in pixels. 16-bit levels are reduced to their upper 8 bits.
        Transparent parts show a dark board, or a light one behind a figure that is on average
        below half light.

    Raises
    ------
    Mistake
        If the file is missing, unreadable, no picture, damaged, above ``MOST_PIXELS`` or longer
        than ``GREATEST_RATIO`` times its breadth.
    """
    if os.path.isdir(path):
        raise Mistake(f"{path}: this is a folder, not a picture; name a file in it")
    if not os.path.lexists(path):
        raise Mistake(f"{path}: there is no such file; check its name")
    if not os.path.isfile(path):
        raise Mistake(f"{path}: this is not an ordinary file; name a picture file")

    from PIL import Image, UnidentifiedImageError

    too_large = (
        f"{path}: the picture has more than {MOST_PIXELS:,} pixels; reduce it in an image program"
    )
    try:
        # Pillow warns of much that need not concern the reader (odd EXIF data, large pictures).
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Mistake(too_large)
                if max(image.size) > GREATEST_RATIO * min(image.size):
                    raise Mistake(
                        f"{path}: the picture is {image.width} x {image.height} pixels, one side "
                        f"more than {GREATEST_RATIO} times the other; crop it in an image program"
                    )
                return _grey(image)
    except Mistake:
        raise
    except Image.DecompressionBombError:
        raise Mistake(too_large) from None
    except UnidentifiedImageError:
        raise Mistake(
            f"{path}: this is not a picture, or its beginning is damaged; "
            f"give one of {', '.join(_FORMATS)}"
        ) from None
    except Exception as error:  # decoders fail on damaged files in every way there is
        if isinstance(error, OSError) and error.errno is not None:
            raise Mistake(f"{path}: the file cannot be read ({reason_of(error)})") from None
        raise Mistake(
            f"{path}: the picture is damaged or cut short ({error}); "
            f"save or copy it again, for example as PNG"
        ) from None


def _grey(image: Image.Image) -> NDArray[np.uint8]:
    """Set a picture upright, decode it and make it grey."""
    from PIL import ImageOps

    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16"):
        upper: NDArray[np.uint8] = np.right_shift(np.asarray(upright), 8).astype(np.uint8)
        return upper
    if upright.mode in ("I", "F"):
        values = np.asarray(upright)
        if upright.mode == "F" or values.min() < 0 or values.max() > 0xFFFF:
            raise ValueError("its grey levels have more than 16 bits")
        return (values >> 8 if values.max() > 255 else values).astype(np.uint8)
    if not upright.has_transparency_data:
        return np.asarray(upright.convert("L"))
    grey, alpha = (np.asarray(band) for band in upright.convert("RGBA").convert("LA").split())
    weight = alpha.astype(np.uint32)
    seen = int(weight.sum(dtype=np.int64))
    behind = LIT if 2 * int((weight * grey).sum(dtype=np.int64)) < LIT * seen else DARK
    seen_levels = (weight * grey + (255 - weight) * behind + 127) // 255
    levels: NDArray[np.uint8] = seen_levels.astype(np.uint8)
    return levels
