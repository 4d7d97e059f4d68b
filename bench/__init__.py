"""Benchmarks: each prints ratios to something named that is measured in the same run."""
