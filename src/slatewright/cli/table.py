"""The commands: name, module, help. A module is imported only when its command runs, so that help is instant."""

from typing import NamedTuple


class Entry(NamedTuple):
    """Where one command lives; the module has a function ``run`` with typed options."""

    module: str
    panel: str
    help: str
    spread: tuple[str, ...] = ()  # options that take several values in a row, as a shell writes a glob out


COMMANDS = {
    "demo": Entry("demo", "Try it", "Run a whole shop on this machine, on simulated events or on your own."),
    "simulate": Entry("simulate", "Try it", "Write the events of a simulated shop as CSV files."),
    "init": Entry(
        "init",
        "Bring your events",
        "Found a shop: look at event files, write its settings and its recipe.",
        ("--events", "--items", "--users"),
    ),
    "import": Entry("importing", "Bring your events", "Read, clean and log the events that the settings name."),
    "check": Entry("check", "Bring your events", "Report on the data, here and as one HTML page."),
    "segments": Entry(
        "segments", "Look closer", "Group users or items that are alike; tell what sets each group apart."
    ),
    "rules": Entry("rules", "Look closer", "Find what is bought together: print, draw and export rules."),
    "plan": Entry("plan", "Train and judge", "Predict the time and memory of a training before it starts."),
    "evaluate": Entry("evaluate", "Train and judge", "Measure the recipe on later events, beside popularity."),
    "compare": Entry(
        "compare", "Train and judge", "Judge several recipes on the same users; say which differences are real."
    ),
    "frontier": Entry(
        "frontier", "Train and judge", "Draw what variety costs: the recipe's slates arranged in many ways."
    ),
    "diagnose": Entry(
        "diagnose", "Train and judge", "Name what is wrong with a model: which knob to turn, whom and what it fails."
    ),
    "report": Entry("report", "Train and judge", "Draw an evaluation from every side, as one HTML page to look at."),
    "tune": Entry("tune", "Train and judge", "Search for better knobs of an estimator, on validation data."),
    "train": Entry("train", "Train and judge", "Fit the recipe and put it into a bundle."),
    "update": Entry("update", "Train and judge", "Teach the neural models of a bundle what came since."),
    "list": Entry("listing", "Train and judge", "List the bundles and show which one is live."),
    "promote": Entry("promote", "Train and judge", "Make a bundle live; a running server swaps to it."),
    "rollback": Entry("rollback", "Train and judge", "Make the bundle live that was live before."),
    "runs": Entry("runs", "Runs", "List what was evaluated, compared, tuned and trained, and how good it was."),
    "diff": Entry("diff", "Runs", "Hold two runs side by side: only what differs."),
    "reproduce": Entry("reproduce", "Runs", "Do a run again on the data it read; the same to the last digit?"),
    "recommend": Entry("recommend", "Ask", "Show the slate of a user."),
    "why": Entry("why", "Ask", "Say why a user gets an item."),
    "why-not": Entry("why_not", "Ask", "Say why a user does not get an item."),
    "slates": Entry("slates", "Ask", "Say how a slate that was answered came about, as it was then."),
    "explain": Entry("explain", "Ask", "Say in numbers what a model's score is made of, or what counts over all."),
    "serve": Entry("serve", "Serve", "Answer over HTTP and take events in; Ctrl-C stops."),
    "batch": Entry("batch", "Serve", "Write the slates of all users to Parquet or SQL."),
    "export": Entry("export", "Serve", "Write a neural model for ONNX Runtime or TensorFlow Serving."),
    "policy": Entry("policy", "Serve", "Check the shop's rules in policy.toml: what each does, and to how many items."),
    "keys": Entry("keys", "Serve", "Make, list and revoke the keys of the API."),
}
