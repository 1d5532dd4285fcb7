import subprocess
import sys

CHILD = """
import sys
from slatewright.models import GMF, MF, MLP, NeuMF, SASRec, TwoTower, WideAndDeep
from slatewright.models.kinds import kind_of
kind_of("pair_network")
loaded = {"jax", "keras", "onnxruntime", "tensorflow", "torch"} & set(sys.modules)
assert not loaded, loaded
"""


def test_no_engine_is_loaded_before_something_is_learned() -> None:
    ran = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
