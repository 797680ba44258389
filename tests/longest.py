"""Files of tests that take longest, in processor seconds on one core. They begin first, as whole files: an order, no limit.

Measure again with `make test` and its list of slowest tests; a file that takes less than five seconds needs no line.
"""

from __future__ import annotations

SECONDS: dict[str, int] = {
    "demo/test_run.py": 60,
    "demo/test_on_server.py": 45,
    "digests/forms/test_first_page.py": 30,
    "test_linear_expressions.py": 20,
    "browser/test_accessibility.py": 30,
    "matching/test_letters.py": 20,
    "pipeline/test_kills.py": 20,
    "browser/test_morning.py": 20,
    "cli/test_streams.py": 15,
    "quality/test_extraction_floor.py": 14,
    "digests/test_closed_wordings.py": 14,
    "matching/test_matcher.py": 12,
    "digests/forms/test_pdf.py": 11,
    "cli/test_report_on_order.py": 11,
    "sources/test_discovery.py": 10,
    "store/test_plans.py": 9,
    "quality/test_respelling_floor.py": 7,
    "quality/test_forms_floor.py": 7,
    "sources/test_linear.py": 6,
    "quality/test_off_topic.py": 6,
}
