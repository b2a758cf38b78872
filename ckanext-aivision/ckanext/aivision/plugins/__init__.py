"""The CKAN plugins: `aivision`, and its four features, each of which is a plugin too.

`aivision_core`     evaluations, the comparison, facets, the API and the commands
`aivision_schema`   the dataset form and the register of licences
`aivision_harvest`  sources, runs and their pages
`aivision_dcat`     corrections of the RDF that ckanext-dcat gives out

A site lists either `aivision` or some of the four.
"""

from ckanext.aivision.plugins.core import AivisionCorePlugin
from ckanext.aivision.plugins.dcat import AivisionDcatPlugin
from ckanext.aivision.plugins.form import AivisionSchemaPlugin
from ckanext.aivision.plugins.harvest import AivisionHarvestPlugin

__all__ = [
    "AivisionCorePlugin",
    "AivisionDcatPlugin",
    "AivisionHarvestPlugin",
    "AivisionPlugin",
    "AivisionSchemaPlugin",
]


class AivisionPlugin(AivisionDcatPlugin, AivisionHarvestPlugin, AivisionSchemaPlugin, AivisionCorePlugin):
    """All four features."""
