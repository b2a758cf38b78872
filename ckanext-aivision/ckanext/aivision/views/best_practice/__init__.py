"""The pages below /best-practice: one module a page, all from the newest snapshot."""
