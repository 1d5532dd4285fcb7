"""What of the machine is written down, and what is not."""

import getpass
import platform

import numba
import numpy as np
import orjson

from slatewright.lifecycle.environment import environment, libraries


def test_versions_threads_and_processor_are_told() -> None:
    told = environment({})
    assert told["python"] == f"CPython {platform.python_version()}"
    assert told["libraries"]["numpy"] == np.__version__
    assert told["libraries"]["polars"]
    assert told["threads"]["numba"] == numba.get_num_threads()
    assert told["threads"]["blas"]
    assert told["cpus"] >= 1
    assert "pytest" not in told["libraries"]  # a tool


def test_of_the_variables_only_those_that_steer_a_run_are_told() -> None:
    told = environment({"OMP_NUM_THREADS": "3", "SECRET": "hunter2", "PATH": "/bin"})
    assert told["variables"] == {"OMP_NUM_THREADS": "3"}


def test_no_name_of_a_machine_or_of_a_person_is_told() -> None:
    text = orjson.dumps(environment({"USER": "somebody"})).decode()
    assert "somebody" not in text
    assert f'"{platform.node()}"' not in text
    assert f'"{getpass.getuser()}"' not in text


def test_it_is_the_same_twice_in_one_process() -> None:
    assert environment({}) == environment({})


def test_the_libraries_are_those_of_the_distribution() -> None:
    assert "markdown-it-py" in libraries("rich")
