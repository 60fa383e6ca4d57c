"""Exit statuses, as docs/formats.md tells them."""

DONE = 0
NO = 1
"""It ran, but the answer is no."""
USER_MISTAKE = 2
INTERRUPTED = 130
"""By Ctrl-C."""
