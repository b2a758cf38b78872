"""The pages that each plugin registers: one blueprint a module of this folder or of those below it.

A page is served only if its blueprint is listed here. The statements and the sitemap, which a site can switch off,
stand in `plugins/core.py`.
"""

from __future__ import annotations

from flask import Blueprint

from ckanext.aivision.views.api_reference import api_reference
from ckanext.aivision.views.best_practice.agencies import agencies
from ckanext.aivision.views.best_practice.brief import brief
from ckanext.aivision.views.best_practice.comparison import best_practice
from ckanext.aivision.views.best_practice.coverage import coverage
from ckanext.aivision.views.best_practice.criteria import criteria
from ckanext.aivision.views.best_practice.downloads import downloads
from ckanext.aivision.views.best_practice.exemplars import exemplars
from ckanext.aivision.views.best_practice.frameworks import frameworks
from ckanext.aivision.views.best_practice.method import method
from ckanext.aivision.views.best_practice.priorities import priorities
from ckanext.aivision.views.best_practice.robustness import robustness
from ckanext.aivision.views.best_practice.trends import trends
from ckanext.aivision.views.changes import changes as changes_feed
from ckanext.aivision.views.dataset.contact_form import contact_form
from ckanext.aivision.views.dataset.evaluations import evaluations as evaluation_pages
from ckanext.aivision.views.dataset.file_profiles import files
from ckanext.aivision.views.dataset.objections import objections as objection_pages
from ckanext.aivision.views.dumps import dumps as dump_pages
from ckanext.aivision.views.harvest.preview import preview
from ckanext.aivision.views.harvest.run import run
from ckanext.aivision.views.harvest.source_record import source_record
from ckanext.aivision.views.harvest.sources import harvest as harvest_pages
from ckanext.aivision.views.json_standards import data_json, json_standards
from ckanext.aivision.views.limits import limits
from ckanext.aivision.views.registers import registers
from ckanext.aivision.views.sharing.badges import badges
from ckanext.aivision.views.sharing.documents import sharing
from ckanext.aivision.views.site.audit_log import audit_log as audit_pages
from ckanext.aivision.views.steward.bulk_edits import bulk_edit
from ckanext.aivision.views.steward.columns import columns
from ckanext.aivision.views.steward.corrections import corrections as correction_pages
from ckanext.aivision.views.steward.dataset_form import dataset_form
from ckanext.aivision.views.steward.deleted_datasets import deleted_datasets
from ckanext.aivision.views.steward.file_checks import file_checks
from ckanext.aivision.views.steward.licences import licences
from ckanext.aivision.views.steward.notices import notices as notice_pages
from ckanext.aivision.views.steward.publish_draft import publication
from ckanext.aivision.views.steward.publisher_corrections import publisher_corrections
from ckanext.aivision.views.steward.score_draft import score_draft
from ckanext.aivision.views.steward.sheets import sheets
from ckanext.aivision.views.steward.work_list import improve
from ckanext.aivision.views.structured_data import structured_data
from ckanext.aivision.views.web.former_names import former_names
from ckanext.aivision.views.web.headers import headers
from ckanext.aivision.views.web.security_headers import security_headers

# aivision_core
CORE: tuple[Blueprint, ...] = (
    best_practice,
    agencies,
    criteria,
    exemplars,
    priorities,
    frameworks,
    trends,
    coverage,
    brief,
    robustness,
    method,
    downloads,
    api_reference,
    audit_pages,
    changes_feed,
    contact_form,
    correction_pages,
    publisher_corrections,
    deleted_datasets,
    notice_pages,
    former_names,
    badges,
    sharing,
    dump_pages,
    evaluation_pages,
    files,
    headers,
    data_json,
    json_standards,
    limits,
    objection_pages,
    registers,
    security_headers,
)
# aivision_schema
FORM: tuple[Blueprint, ...] = (
    dataset_form,
    publication,
    score_draft,
    improve,
    bulk_edit,
    sheets,
    file_checks,
    columns,
    licences,
)
# aivision_harvest. ckanext-harvest has pages at the addresses of the first three.
HARVEST_ADDRESSES: tuple[Blueprint, ...] = (harvest_pages, preview, run)
HARVEST: tuple[Blueprint, ...] = (*HARVEST_ADDRESSES, source_record)
# aivision_structured_data
STRUCTURED_DATA: tuple[Blueprint, ...] = (structured_data,)
