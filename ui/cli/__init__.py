"""The ``firstwave`` command: everything headless, and the way into the panels."""
