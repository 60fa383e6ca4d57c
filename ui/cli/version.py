"""Which firstwave this is, and what it asks for, whether installed or run from its sources."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import Any

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def version() -> str:
    """Tell the version of this firstwave."""
    try:
        return metadata.version("firstwave")
    except metadata.PackageNotFoundError:
        return str(_project().get("version", "unknown"))


def required() -> dict[str, str]:
    """Tell the least version of every library needed to run, by the library's name."""
    try:
        wanted = metadata.requires("firstwave") or []
    except metadata.PackageNotFoundError:
        wanted = _project().get("dependencies", [])
    rows = (re.match(r"([\w.-]+)\s*>=\s*([\d.]+)$", line) for line in wanted)
    return {row[1]: row[2] for row in rows if row is not None}


def _project() -> dict[str, Any]:
    import tomllib

    try:
        project: dict[str, Any] = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return {}
    return project
