"""Walks in Chromium, in two lanes (`xdist_group`): they wait half of the time, and other tests fill it. `servers` has those that
need S3 servers too, and with them all other tests that do (tests/fixtures.py)."""
