"""Files and folders that appear whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphcrawl.whole_files import filling


def fill(folder: Path) -> None:
    with filling(folder, seal="seal") as made:
        for name in ("a", "b", "seal"):
            (made / name).write_text("new")


def test_a_folder_whose_files_do_not_belong_together_has_no_seal(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "seal").write_text("old")
    (folder / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        fill(folder)
    assert (folder / "a").read_text() == "new"
    assert not (folder / "seal").exists()
    assert os.listdir(tmp_path) == ["there"]
