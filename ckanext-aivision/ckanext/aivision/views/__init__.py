"""The pages. CKAN registers the blueprints that this package lists."""

from ckanext.aivision.views.best_practice import best_practice
from ckanext.aivision.views.files import files
from ckanext.aivision.views.harvest import harvest
from ckanext.aivision.views.preview import preview
from ckanext.aivision.views.publication import publication
from ckanext.aivision.views.run import run
from ckanext.aivision.views.source_record import source_record

__all__ = ["best_practice", "files", "harvest", "preview", "publication", "run", "source_record"]
