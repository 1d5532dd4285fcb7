"""The words that titles of the simulated shop are made of."""

from typing import NamedTuple


class Department(NamedTuple):
    """One category: its name, the first letters of its item codes, a typical price, when it sells best, its goods."""

    name: str
    prefix: str
    price: float
    peak_month: float | None
    goods: tuple[str, ...]


DEPARTMENTS = (
    Department(
        "Coffee & Tea", "COF", 18, None, ("moka pot", "teapot", "pour-over dripper", "hand grinder", "milk jug")
    ),
    Department("Kitchen", "KIT", 32, 11.5, ("saucepan", "chef's knife", "mixing bowl", "bread tin", "apron", "whisk")),
    Department("Garden", "GAR", 24, 4.5, ("watering can", "seed box", "secateurs", "planter", "hand fork", "trellis")),
    Department(
        "Cycling", "CYC", 58, 5.5, ("front light", "saddle bag", "helmet", "bottle cage", "gloves", "floor pump")
    ),
    Department(
        "Camping", "CAM", 64, 6.5, ("two-person tent", "sleeping mat", "lantern", "stove", "mess tin", "hammock")
    ),
    Department("Books", "BOO", 16, 11.8, ("field guide", "cookbook", "novel", "atlas", "notebook", "picture book")),
    Department(
        "Toys", "TOY", 21, 11.9, ("train set", "puzzle", "kite", "building blocks", "card game", "spinning top")
    ),
    Department("Music", "MUS", 85, None, ("ukulele", "tuner", "music stand", "harmonica", "hand drum", "headphones")),
    Department("Bedroom", "BED", 48, 0.5, ("duvet cover", "pillow", "wool throw", "bedside lamp", "linen sheet")),
    Department("Bath", "BAT", 19, None, ("bath towel", "soap dish", "bath mat", "laundry basket", "shower caddy")),
    Department("Desk", "DES", 29, 8.5, ("fountain pen", "desk tray", "task lamp", "letter opener", "pencil case")),
    Department("Pets", "PET", 22, None, ("dog lead", "cat tree", "water bowl", "travel crate", "scratching post")),
)
MAKERS = ("Larch", "Fenwick", "Otterby", "Halden", "Marlow", "Tindra", "Brae", "Quill & Rowe", "Solberg", "Ashdown")
LOOKS = (
    "oak",
    "enamel",
    "brass",
    "linen",
    "slate grey",
    "forest green",
    "cobalt",
    "copper",
    "ivory",
    "walnut",
    "steel",
)
SIZES = ("small", "medium", "large", "travel", "family", "gift")
COUNTRIES = ("Denmark", "France", "Germany", "Ireland", "Netherlands", "Spain", "Sweden", "United Kingdom")
