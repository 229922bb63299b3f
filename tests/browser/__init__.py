"""Walks in Chromium, in two lanes (`xdist_group`): they wait half of the time, and other tests fill it."""
