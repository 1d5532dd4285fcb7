from slatewright.evaluate.frontier.picture import picture

from .worlds import found


def test_every_family_has_a_line_and_what_it_is_called() -> None:
    svg = picture(found(), "diversity")
    for name in ("MMR", "DPP", "Calibrated", "Novelty", "the recipe", "NDCG@5", "Diversity@5"):
        assert name in svg
    assert 'aria-label="NDCG@5 against Diversity@5 of every way to arrange"' in svg
