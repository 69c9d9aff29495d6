"""The command line: one file a command. Each parses, calls and prints.

Belongs here: options, exit codes, progress. Does not: any decision. Commands import what they need when they run, so
that `--help` and completion stay quick.
"""

from gatewright.cli.main import main

__all__ = ["main"]
