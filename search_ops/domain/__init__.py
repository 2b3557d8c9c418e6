"""Frozen types, state machines, rights and the fold of the log; knows neither database nor web."""
