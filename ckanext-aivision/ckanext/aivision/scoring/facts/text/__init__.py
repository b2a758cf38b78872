"""Facts that running text tells: rules over words and sentences."""
