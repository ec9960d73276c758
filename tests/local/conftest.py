import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.test import make_folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder whose path holds a space and that the servers' account can enter."""
    folder = make_folder()
    spaced = folder / "un dossier"
    spaced.mkdir(mode=0o755)
    yield spaced
    shutil.rmtree(folder)
