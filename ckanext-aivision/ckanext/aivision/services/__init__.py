"""The services of `aivision up`: PostgreSQL, Valkey and Solr from packages, CKAN's web server and job worker."""
