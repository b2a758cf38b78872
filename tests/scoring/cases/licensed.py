"""Licensed: what licences, rights, citations and terms for AI are worth."""

from __future__ import annotations

from tests.scoring.conftest import Cases

FILE = {"download_url": "https://rivers.example/levels.csv"}

CASES: Cases = {
    "licence-open": [
        (1, {"license": "uk-ogl"}),
        (1, {"license": "https://www.usa.gov/government-works"}),
        (1, {"license": "https://creativecommons.org/publicdomain/zero/1.0/"}),
        (1, {"rights": ["Open Government Licence v3.0"]}),
        (1, {"license": "notspecified", "distribution": [{**FILE, "license": "cc-by"}]}),
        (0.5, {"license": "other-open"}),
        (0.25, {"license": "cc-nc"}),
        (0.25, {"license": "Free for research at universities"}),
        (0.25, {"license": "https://rivers.example/terms", "distribution": [{**FILE, "license": "Ask us first"}]}),
        (0, {"license": "https://rivers.example/terms"}),
        (0, {"license": "notspecified"}),
        (0, {"license": "TBD"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
    "licence-machine-readable": [
        (1, {"license": "uk-ogl"}),
        (1, {"license": "https://creativecommons.org/licenses/by/4.0/"}),
        (1, {"license": "https://creativecommons.org/licenses/by-nc/4.0/"}),
        (1, {"license": "See the terms", "distribution": [{**FILE, "license": "cc-by"}]}),
        (0.5, {"license": "Open Government Licence v3.0"}),
        (0.5, {"license": "https://rivers.example/terms"}),
        (0.5, {"license": "See the terms", "rights": ["Open Government Licence v3.0"]}),
        (0.25, {"license": "other-open"}),
        (0.25, {"license": "Free for research at universities"}),
        (0, {"license": "notspecified"}),
        (0, {"license": "TBD"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
    "attribution-stated": [
        (1, {"bibliographic_citation": "River Agency (2026): Weekly river levels."}),
        (1, {"profile": "data-gov-uk", "rights": ["Contains public sector information licensed under the OGL."]}),
        (1, {"profile": "dcat-us-1.1", "description": "Please cite as: Water Office (2025), Weekly river levels."}),
        (0.5, {"rights": ["You must acknowledge the source of the information."]}),
        (0, {"bibliographic_citation": "N/A"}),
        (0, {"description": "Two drivers received a citation for speeding on the way to the gauge."}),
        (0, {}),
        (None, {"profile": "dcat-us-1.1"}),
    ],
    "ai-use-terms-stated": [
        (1, {"ai_use_terms": "Training of models is allowed."}),
        (1, {"license": "https://www.usa.gov/government-works"}),
        (1, {"license": "uk-ogl"}),
        (0.5, {"license": "cc-nc", "rights": ["Text and data mining is permitted for research."]}),
        (0.5, {"rights": ["These data may not be used to train language models without permission."]}),
        (0, {"license": "cc-nc"}),
        (0, {"description": "The images were labelled for machine learning with a trained model."}),
        (0, {"ai_use_terms": "TBD"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
}
