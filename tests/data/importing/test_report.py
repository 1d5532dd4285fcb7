import json
from pathlib import Path

import polars as pl

from slatewright.data.cleaning import StepCount
from slatewright.data.importing.report import ImportReport


def test_there_and_back_through_json() -> None:
    labels = pl.DataFrame({"label": ["a "], "merged_into": ["a"], "rows": [3]}).cast({"rows": pl.UInt64})
    report = ImportReport(
        read=10, kept=5, merged=3, quarantined=2, already_logged=1,
        steps=(StepCount("robots", "quarantined", 2, "fast"),),
        files={"e.csv": 10}, reasons={"robot": 2}, facts={"item_updates": 1}, notes=("a remark",),
        quarantine=Path("quarantine/e.parquet"), labels=labels,
    )  # fmt: skip
    back = ImportReport.of_dict(json.loads(json.dumps(report.as_dict())))
    assert back.as_dict() == report.as_dict()
    assert back.labels.equals(labels)
    assert back.steps == report.steps
