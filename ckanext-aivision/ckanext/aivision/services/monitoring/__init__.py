"""Figures for Prometheus, and alerts by e-mail."""
