"""Bad input, by chance: reviews, YAML and configurations out of a seed, and a second opinion on each answer.

Belongs here: what makes input, what says which answer is right, and what makes a wrong one small. `oracle` shares no
code with the engine: it imports nothing of Gatewright's.
"""
