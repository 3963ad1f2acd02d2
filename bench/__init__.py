"""Measurements: ratios taken in one run, printed as a table beside the bar that they must meet."""
