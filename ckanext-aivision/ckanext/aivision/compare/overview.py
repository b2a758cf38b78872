"""Two countries side by side: overall, by dimension, by criterion and publisher by publisher. Pure: no clock, no I/O."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ckanext.aivision.compare.comparison import comparable, comparisons
from ckanext.aivision.compare.describe import describe_country, describe_figures, describe_publishers, notes
from ckanext.aivision.compare.estimate import Columns, estimate
from ckanext.aivision.compare.figures import Measure, Method, Overview
from ckanext.aivision.compare.intervals import LEVEL, Array
from ckanext.aivision.compare.sample import CriterionLike, Sample, sample
from ckanext.aivision.compare.sensitivity import sensitivity
from ckanext.aivision.compare.tally import Tally, merged
from ckanext.aivision.compare.thresholds import LEAST_DATA_SETS, LEAST_KNOWN, LEAST_PUBLISHERS
from ckanext.aivision.scoring.registry import DIMENSIONS

DRAWS = 1000
LABELS = {"GB": "UK"}
