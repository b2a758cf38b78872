"""The registers of guidance, cooperation and training: packages of CKAN that are no datasets."""
