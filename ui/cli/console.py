"""Where output goes: data to stdout, everything said along the way to stderr.

A result is either one JSON object (``--json``) or text for a person. A reader that leaves early
(``firstwave ... | head -1``) is no mistake of anybody's, and what was to be done is done anyway.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_UNKNOWN = 120
"""Columns to write for where stdout is no terminal."""


def say(line: str) -> None:
    """Say something along the way, on stderr."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def write(text: str) -> None:
    """Write data to stdout."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)


def show(*things: Any) -> None:
    """Write tables and lines to stdout, coloured if it is a terminal that wants colour."""
    console = terminal()
    with console.capture() as captured:
        for thing in things:
            console.print(thing)
    lines = [line.rstrip() for line in captured.get().split("\n")]
    write("\n".join(lines))


def terminal() -> Console:
    """Give rich's view of stdout."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_UNKNOWN
    return Console(width=width, highlight=False, emoji=False, markup=False)


def ascii_only() -> bool:
    """Tell whether stdout takes nothing but plain characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return not encoding.lower().replace("-", "").startswith("utf")


def silence(stream: TextIO) -> None:
    """Let what is still to be written to a stream nobody reads go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def stimuli(count: int) -> str:
    """Count stimuli in words: ``1 stimulus``, ``2 stimuli``."""
    return f"{count} {'stimulus' if count == 1 else 'stimuli'}"


def document(command: str, result: dict[str, Any], **about: Any) -> dict[str, Any]:
    """Put a result in the envelope that all commands share.

    Parameters
    ----------
    command
        Which command, for example ``mark1-train``.
    result
        Its own part, JSON values.
    **about
        Of machine, engine, seed, machine_s and wall_s those that apply.
    """
    from ui.cli.version import version

    order = ("machine", "engine", "seed", "machine_s", "wall_s")
    known = {key: about[key] for key in order if about.get(key) is not None}
    return {
        "schema": f"firstwave/{command}/1",
        "version": version(),
        **known,
        "result": {key: value for key, value in result.items() if value is not None},
    }


def write_json(content: dict[str, Any]) -> None:
    """Write one JSON object to stdout."""
    write(json.dumps(content, ensure_ascii=True) + "\n")


def check_output(path: Path) -> None:
    """Refuse, before long work starts, a file that could not be written at its end.

    Raises
    ------
    Mistake
        If its folder is missing or not writable, or it is itself a folder.
    """
    import tempfile

    from simulator.errors import Mistake

    if path.is_dir():
        raise Mistake(f"{path}: is a folder; name a file to write")
    if not path.parent.is_dir():
        raise Mistake(f"{path}: there is no folder {path.parent}; make it first")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise Mistake(f"{path}: nothing can be written there ({error.strerror})") from error


def check_no_device(path: Path) -> None:
    """Refuse what is no file, for an output that is written whole (not a waveform or a trace).

    Raises
    ------
    Mistake
        If there is a device or a pipe, be it by a symbolic link.
    """
    from simulator.errors import Mistake

    if path.exists() and not path.is_file():
        raise Mistake(f"{path}: is no file but a device or a pipe; name a file to write")


def check_outputs(
    inputs: Mapping[str, Path | None] | None = None,
    pictures: Mapping[str, Path | None] | None = None,
    /,
    **paths: Path | None,
) -> None:
    """Check all files a command is to write: none may take the place of another, or of an input.

    Only ``--save`` may name the file of ``--resume``: that is how one goes on with a machine.

    Parameters
    ----------
    inputs
        Files that are read, by option.
    pictures
        Folders whose pictures are read, by option; what is no folder is passed over.
    **paths
        Files to write, by option.

    Raises
    ------
    Mistake
        If one cannot be written, is called ``-``, is named twice or would overwrite what is read.
    """
    from simulator.errors import Mistake

    files = {option: path for option, path in (inputs or {}).items() if path is not None}
    folders = {option: path for option, path in (pictures or {}).items() if path is not None}
    seen: dict[str, Path] = {}
    for option, path in paths.items():
        if path is None:
            continue
        if path == Path("-"):
            raise Mistake(f"--{option} writes a file, and - is no name for one; give a name")
        for other, file in {**files, **seen}.items():
            if (other, option) != ("resume", "save") and _same_file(path, file):
                raise Mistake(f"--{other} and --{option} both name {path}; give different files")
        for other, folder in folders.items():
            if _among_pictures(path, folder):
                raise Mistake(
                    f"--{option} {path} would be among the pictures of --{other} {folder}; "
                    "write it elsewhere"
                )
        check_output(path)
        if option not in ("vcd", "trace"):
            check_no_device(path)
        seen[option] = path


def _same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, be it there already or not."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    with contextlib.suppress(OSError):
        return os.path.samefile(one, other)
    return False


def _among_pictures(path: Path, folder: Path) -> bool:
    """Tell whether a file to be written is, or would later be taken for, a folder's picture."""
    from simulator.stimuli.picture_files import SUFFIXES

    if not folder.is_dir():
        return False
    real, top = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    if real.suffix.lower() in SUFFIXES and top in (real.parent, real.parent.parent):
        return True
    if not path.exists():
        return False
    files = (file for pattern in ("*", "*/*") for file in folder.glob(pattern))
    return any(_same_file(path, file) for file in files if file.suffix.lower() in SUFFIXES)
