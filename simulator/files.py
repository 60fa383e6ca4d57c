"""Files that are written whole or not at all.

A document (a saved state, a plugboard, a report) is written beside its place under a temporary
name, forced to the disk, and only then renamed onto its place. A crash, Ctrl-C or a full disk
leaves whatever was there before, untouched.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from simulator.errors import Mistake


def write_whole(path: str | Path, content: bytes | str) -> None:
    """Put ``content`` at ``path``, whole or not at all.

    Raises
    ------
    Mistake
        If the folder does not exist, may not be written or the disk is full; a file that stood
        at ``path`` before is then still there as it was.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise Mistake(f"{path}: is not a file (but a folder or a device); name a file to write")
    data = content.encode() if isinstance(content, str) else content
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _permissions_as_usual(temporary, path)
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        kept = "; the file that was there is untouched" if path.is_file() else ""
        raise Mistake(f"{path}: cannot be written ({error.strerror or error}){kept}") from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _permissions_as_usual(temporary: str, path: Path) -> None:
    """Give the temporary file the mode of the file it replaces, or that of any new file."""
    if path.exists():
        mode = path.stat().st_mode & 0o777
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    os.chmod(temporary, mode)


def read_bytes(path: str | Path, limit: int) -> bytes:
    """Read a file of at most ``limit`` bytes.

    Raises
    ------
    Mistake
        If there is no such file, it may not be read, or it is larger.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise Mistake(f"{path}: is a folder, not a file")
        if path.stat().st_size > limit:
            raise Mistake(f"{path}: larger than {limit} bytes, the most such a file can be")
        return path.read_bytes()
    except OSError as error:
        raise Mistake(f"{path}: cannot be read ({error.strerror or error})") from error
