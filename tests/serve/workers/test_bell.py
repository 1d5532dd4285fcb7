"""The bell: every ring is heard by all, also one of a worker that was started again."""

from pathlib import Path

from slatewright.serve.workers.bell import Bell, size_for


def test_everybody_hears_every_ring(tmp_path: Path) -> None:
    with (tmp_path / "bell").open("w+b") as file:
        file.truncate(size_for(3))
        bells = [Bell(file.fileno(), worker, 3) for worker in range(3)]
        heard = {bells[0].heard()}
        for worker in (0, 1, 1, 2, 0):
            bells[worker].ring()
            assert len({bell.heard() for bell in bells}) == 1
            heard.add(bells[2].heard())
        bells[1].close()
        again = Bell(file.fileno(), 1, 3)
        again.ring()
        heard.add(bells[0].heard())
        assert len(heard) == 7
        for bell in (bells[0], bells[2], again):
            bell.close()
