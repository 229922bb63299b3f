"""Gaps: what people looked for in vain, grouped by meaning and set against what the library has."""
