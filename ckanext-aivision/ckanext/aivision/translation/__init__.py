"""The texts of pages in other languages: `make messages` extracts them and updates the catalogues in `i18n/`."""
