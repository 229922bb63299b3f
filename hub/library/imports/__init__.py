"""Collections brought in from a page: sent, looked through, mapped, imported by the worker, told about."""
