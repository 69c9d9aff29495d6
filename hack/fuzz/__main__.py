"""`python -m fuzz`, with hack/ on the path."""

import sys

from fuzz.command import main

if __name__ == "__main__":  # the processes that it starts import this again
    sys.exit(main(sys.argv[1:]))
