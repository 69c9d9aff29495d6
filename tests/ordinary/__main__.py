"""`PYTHONPATH=app python -m tests.ordinary [PROFILE]`: what a profile says of ordinary software."""

import sys

from tests.ordinary.judged import summary

print(*summary(*sys.argv[1:2]), sep="\n")
