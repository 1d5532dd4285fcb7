from dataclasses import replace

from slatewright.evaluate.reporting.by_epoch import by_epoch, epochs_picture
from slatewright.models.neural.epochs import EpochCurve

from .worlds import report_of


def test_a_picture_has_the_validation_where_there_is_one() -> None:
    both = epochs_picture("net", EpochCurve((0.7, 0.5, 0.4), (0.1, 0.3, 0.2)))
    assert 'aria-label="loss and validation of net by epoch: 3 epochs, loss 0.7 to 0.4, best validation 0.3' in both
    assert ">validation<" in both
    alone = epochs_picture("net", EpochCurve((0.7, 0.5)))
    assert 'aria-label="loss of net by epoch: 2 epochs' in alone
    assert ">validation<" not in alone


def test_the_card_has_every_epoch_as_a_table_and_marks_the_best() -> None:
    card = by_epoch(replace(report_of(), epochs={"net": EpochCurve((0.7, 0.5, 0.4), (0.1, 0.3, 0.2))}))
    assert '<tr><td class="n">2</td><td>0.5</td><td>0.3</td><td>best</td></tr>' in card
    assert card.count("<td>best</td>") == 1


def test_one_epoch_is_told_and_not_drawn() -> None:
    card = by_epoch(replace(report_of(), epochs={"net": EpochCurve((0.7,))}))
    assert "1 epoch, loss 0.7." in card
    assert "<svg" not in card
