"""Nets and their runs, written for programs that others made."""
