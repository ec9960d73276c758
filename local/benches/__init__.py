"""Benches: each module times one thing on this machine, as a multiple of a trivial query."""
