"""Template helpers (CKAN's ITemplateHelpers), by subject."""

from ckanext.aivision.helpers.announcement import aivision_announcement, aivision_gate_label
from ckanext.aivision.helpers.best_practice.agencies import (
    aivision_agencies_address,
    aivision_agency,
    aivision_agency_addresses,
    aivision_agency_gaps,
    aivision_agency_marks,
    aivision_agency_organizations,
    aivision_agency_profile,
    aivision_country_choices,
    aivision_country_label,
    aivision_organization_agency,
    aivision_peers_strip,
)
from ckanext.aivision.helpers.best_practice.brief import (
    aivision_brief_address,
    aivision_brief_citation,
    aivision_talking_points,
    aivision_weak_in_both,
)
from ckanext.aivision.helpers.best_practice.charts import (
    aivision_agency_rows,
    aivision_data_set_rows,
    aivision_grade_rows,
    aivision_grade_rows_by_data_set,
    aivision_measure_rows,
    aivision_signed,
    aivision_strips,
)
from ckanext.aivision.helpers.best_practice.comparison import (
    aivision_chosen_filters,
    aivision_filters,
    aivision_in_words,
    aivision_narrowed_to,
)
from ckanext.aivision.helpers.best_practice.coverage import (
    aivision_body_rows,
    aivision_coverage_sentence,
    aivision_coverage_sentences,
    aivision_level_rows,
    aivision_licence_title,
    aivision_method_text,
    aivision_protocol,
    aivision_weights,
)
from ckanext.aivision.helpers.best_practice.criteria import (
    aivision_agency_address,
    aivision_agency_passing_rows,
    aivision_criteria_address,
    aivision_criterion_address,
    aivision_criterion_addresses,
    aivision_criterion_title,
    aivision_passing_row,
    aivision_result_list_address,
    aivision_result_search_address,
)
from ckanext.aivision.helpers.best_practice.examples.exemplars import (
    aivision_exemplar_fields,
    aivision_exemplar_place,
    aivision_exemplars_address,
    aivision_has_exemplars,
    aivision_snippets,
)
from ckanext.aivision.helpers.best_practice.frameworks import (
    aivision_crosswalk_address,
    aivision_framework_address,
    aivision_framework_country,
    aivision_framework_rows,
    aivision_frameworks_address,
    aivision_frameworks_answer,
    aivision_groups_by_id,
    aivision_lenses,
    aivision_rows_by_id,
    aivision_sure,
)
from ckanext.aivision.helpers.best_practice.pages import aivision_best_practice_pages
from ckanext.aivision.helpers.best_practice.take_away import (
    aivision_chart_styles,
    aivision_figure_files,
    aivision_take_away,
)
from ckanext.aivision.helpers.best_practice.trends import (
    aivision_trend_addresses,
    aivision_trend_choices,
    aivision_trend_title,
    aivision_trends_address,
)
from ckanext.aivision.helpers.evaluation import (
    aivision_citation,
    aivision_criteria,
    aivision_evaluation,
    aivision_free_text,
    aivision_gains,
    aivision_gates,
    aivision_grade_label,
    aivision_is_dataset,
    aivision_lens,
    aivision_lens_choices,
    aivision_lens_chosen,
    aivision_links,
    aivision_mending_address,
    aivision_next_grade,
    aivision_objections,
    aivision_points,
    aivision_result_rows,
    aivision_series,
    aivision_thresholds,
)
from ckanext.aivision.helpers.form import (
    aivision_address_form,
    aivision_check_address,
    aivision_defaults_of_organizations,
    aivision_draft,
    aivision_fill_defaults,
    aivision_fixes_on_page,
    aivision_form_places,
    aivision_has_form,
    aivision_organization_choices,
    aivision_organization_defaults,
    aivision_other_extras,
    aivision_select_field,
)
from ckanext.aivision.helpers.harvest_pages import (
    aivision_alike,
    aivision_has_harvest,
    aivision_origin,
    aivision_preview_state,
    aivision_run_state,
    aivision_schedule,
    aivision_source_address,
    aivision_source_url,
)
from ckanext.aivision.helpers.pager import aivision_pager
from ckanext.aivision.helpers.registers import (
    aivision_criterion_choices,
    aivision_dimension_choices,
    aivision_entries_of_criterion,
    aivision_entry_cited,
    aivision_entry_criteria,
    aivision_entry_facts,
    aivision_entry_line,
    aivision_register,
    aivision_registers,
    humanize_entity_type,
)
from ckanext.aivision.helpers.search_facets import aivision_named_agencies, aivision_orders
from ckanext.aivision.helpers.site_pages import (
    aivision_finding,
    aivision_has_site_pages,
    aivision_operator,
    aivision_site_page,
    aivision_software,
    aivision_sources,
)
from ckanext.aivision.helpers.steward.improvement import aivision_bulk_edit_state, aivision_improvement_address
from ckanext.aivision.helpers.steward.pick_lists import (
    aivision_frequency_choices,
    aivision_language_choices,
    aivision_licence_choices,
    aivision_place_choices,
    aivision_theme_choices,
    aivision_values_in_words,
)
from ckanext.aivision.helpers.text import (
    aivision_coded,
    aivision_country,
    aivision_date,
    aivision_day,
    aivision_duration,
    aivision_moment,
    aivision_time,
    aivision_web_address,
)
from ckanext.aivision.helpers.translation import aivision_english, aivision_translation_unreviewed

# Every helper that is imported here.
__all__ = sorted(name for name in dir() if name.startswith("aivision_"))
