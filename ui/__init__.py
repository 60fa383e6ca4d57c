"""What people touch: the command line, the front panels and the reports."""
