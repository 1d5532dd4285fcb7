from .making import cleaned, count, rows_kept

LIMITS = {"robot_events_per_minute": 5, "robot_events_per_day": 20, "near_seconds": 0.0}


def views(*seconds: float, user: str = "ann", kind: str = "view") -> list[dict[str, object]]:
    return [{"second": s, "user_id": user, "item_id": f"{user}{at}", "kind": kind} for at, s in enumerate(seconds)]


def test_a_user_at_the_limit_stays_and_one_above_it_goes_with_all_events() -> None:
    calm = views(0, 10, 20, 30, 40, user="ann")
    hasty = views(0, 10, 20, 30, 40, 59, 5_000, user="bot")
    result = cleaned(*calm, *hasty, **LIMITS)
    assert result.kept["user_id"].unique().to_list() == ["ann"]
    assert count(result, "robots") == 7
    assert result.quarantined["reason"].unique().to_list() == [
        "robot: a user with more than 5 events in a minute or 20 in a day"
    ]


def test_a_minute_is_any_sixty_seconds_and_not_one_more() -> None:
    assert count(cleaned(*views(55, 58, 59, 61, 62, 114), **LIMITS), "robots") == 6
    assert count(cleaned(*views(55, 58, 59, 61, 62, 115), **LIMITS), "robots") == 0


def test_the_limit_of_a_day_finds_the_patient_robot() -> None:
    every_twenty_seconds = views(*(20 * at for at in range(21)))
    assert count(cleaned(*every_twenty_seconds, **LIMITS), "robots") == 21
    assert count(cleaned(*every_twenty_seconds[:20], **LIMITS), "robots") == 0


def test_a_basket_of_many_lines_is_one_act_but_as_many_page_views_are_a_robot() -> None:
    assert count(cleaned(*views(*[0] * 50, kind="purchase"), **LIMITS), "robots") == 0
    assert count(cleaned(*views(*[0] * 50, kind="view"), **LIMITS), "robots") == 50
    assert count(cleaned(*views(*[0] * 50, kind="rating"), **LIMITS, robot_kinds=("rating",)), "robots") == 50
    assert count(cleaned(*views(*[0] * 50, kind="view"), **LIMITS, robot_kinds=()), "robots") == 0


def test_a_click_sent_ten_times_is_a_repeat_and_no_robot() -> None:
    result = cleaned(*({"second": 0.1 * at} for at in range(10)), robot_events_per_minute=5)
    assert (rows_kept(result), count(result, "robots"), result.merged) == ([1], 0, 9)


def test_it_can_be_switched_off() -> None:
    assert cleaned(*views(*range(50)), robots=False, **LIMITS).kept.height == 50
