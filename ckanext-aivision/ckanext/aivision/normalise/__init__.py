"""Normalisation: what a source wrote, and what the vocabularies of `config/vocabularies` make of it.

One module a kind of value. Every function takes any text, however wrong, and keeps the original beside its reading.
"""
