"""What a scan or a review found, for people and for programs: one file a format.

Belongs here: formats. Does not: judging, reading files, exit codes.
"""
