"""slatewright export"""

from pathlib import Path

from .conftest import refusal


def test_a_model_that_is_no_network_is_refused_in_one_line(shop: Path, tmp_path: Path) -> None:
    said = refusal("export", "taste", "--shop", shop, "--to", tmp_path / "out")
    assert "only neural models are exported" in said
    assert "'factors'" in said
    assert not (tmp_path / "out").exists()


def test_an_unknown_name_and_format_are_refused(shop: Path, tmp_path: Path) -> None:
    assert "nobody" in refusal("export", "nobody", "--shop", shop, "--to", tmp_path / "out")
    assert "one of onnx, savedmodel" in refusal("export", "taste", "--shop", shop, "--format", "pmml")
