"""What a credential is called, as RE2 without regard to case."""

PASSWORD = r"pass(?:word|wd|phrase|code)|pwd|\bpass|[_.-]pass|(?-i:[a-z]Pass)"
_KEYS = "access|account|api|auth|encryption|hmac|licen[cs]e|master|private|secret|session|shared|signing|storage"
CALLED = f"(?:{PASSWORD}|secret|token|credentials?|(?:{_KEYS})[_.-]?key)"
