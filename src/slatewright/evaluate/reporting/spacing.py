"""Labels that stand apart from each other."""

from collections.abc import Sequence


def apart(wanted: Sequence[float], least: float) -> list[float]:
    """Places as near to the wanted ones as a distance of ``least`` between neighbours allows, in the order given.

    Neighbours that are too near become a block about the mean of what they want (pool adjacent violators).
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    blocks: list[tuple[float, int]] = []  # the mean of where its first label would stand, and how many labels
    for nth, at in enumerate(order):
        blocks.append((wanted[at] - nth * least, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, n), (other, m) = blocks[-2:]
            blocks[-2:] = [((mean * n + other * m) / (n + m), n + m)]
    starts = [mean for mean, n in blocks for _ in range(n)]
    places = [0.0] * len(wanted)
    for nth, (at, start) in enumerate(zip(order, starts, strict=True)):
        places[at] = start + nth * least
    return places
