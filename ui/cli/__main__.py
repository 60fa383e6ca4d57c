"""``python -m ui.cli`` is the ``firstwave`` command without installing it."""

from ui.cli.main import main

raise SystemExit(main())
