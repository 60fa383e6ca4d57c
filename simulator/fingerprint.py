"""Fingerprints of source files, so that compiled code never outlives what it was compiled from.

numba keeps compiled functions on disk and takes notice of an edit of the file a function stands
in, and of no other; but compiled code has constants and record layouts of other files baked in. A
fingerprint of all of them, made part of the cache's key, closes that gap: numba's key includes the
values a function closes over.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*files: str | None) -> str:
    """Give a hash of the contents of source files, in hexadecimal.

    Parameters
    ----------
    *files
        Paths, as in ``module.__file__``; None (a module without a file) is refused.

    Raises
    ------
    ValueError
        If a module has no file.
    """
    digest = hashlib.sha256()
    for file in files:
        if file is None:
            raise ValueError("a module without a source file cannot be fingerprinted")
        content = Path(file).read_bytes()
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()
