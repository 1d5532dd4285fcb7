from slatewright.models.neural.updating.report import Judged, UpdateReport


def test_a_report_is_a_table_with_a_remark_where_much_is_forgotten() -> None:
    report = UpdateReport(Judged(0.4, 0.3, 12), Judged(None, None, 0), 7, 5, 1, 0)
    assert str(report).splitlines() == [
        "7 recent events and 5 older ones were learned; users that are new: 1, items: 0.",
        "NDCG@10   before   after  events",
        "older      0.400   0.300      12",
        "newer          -       -       0",
        "25% of the older metric is lost: turn replay_share up, or learning_rate or epochs down.",
    ]


def test_new_values_of_facts_are_told_where_there_are_any() -> None:
    report = UpdateReport(Judged(None, None, 0), Judged(None, None, 0), 7, 5, 1, 2, 3)
    assert str(report).splitlines()[0].endswith("users that are new: 1, items: 2, values of facts: 3.")


def test_a_small_loss_is_no_remark_and_a_rise_is_no_loss() -> None:
    small = UpdateReport(Judged(0.4, 0.39, 12), Judged(0.1, 0.2, 3), 7, 5, 0, 0)
    assert "lost" not in str(small)
    assert UpdateReport(Judged(0.3, 0.4, 12), Judged(0.1, 0.2, 3), 7, 5, 0, 0).forgotten == 0
    assert UpdateReport(Judged(0.0, 0.4, 12), Judged(0.1, 0.2, 3), 7, 5, 0, 0).forgotten == 0


def test_where_nothing_moved_that_is_told() -> None:
    unmoved, moved, nobody = Judged(0.4, 0.4, 12), Judged(0.1, 0.2, 3), Judged(None, None, 0)
    assert str(UpdateReport(unmoved, nobody, 7, 5, 0, 0)).endswith("moved: turn epochs or learning_rate up.")
    assert "moved" not in str(UpdateReport(unmoved, moved, 7, 5, 0, 0))
    assert "moved" not in str(UpdateReport(nobody, nobody, 7, 5, 0, 0))
