"""Backups of a catalogue that `aivision up` runs, and the way back."""
