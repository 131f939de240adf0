from threading import Thread

import numpy as np
from numpy.typing import NDArray

from app.engine.surfaces.scratch import LINE, scratch


def test_the_same_name_is_the_same_memory_and_another_is_not() -> None:
    first = scratch("test one", (3, 5))
    assert np.shares_memory(first, scratch("test one", (2, 4)))
    assert not np.shares_memory(first, scratch("test two", (3, 5)))


def test_arrays_have_the_shape_that_was_asked_for_and_begin_with_a_line_of_the_cache() -> None:
    for shape in ((1,), (7, 3), (2, 3, 4), (0, 3)):
        array = scratch("test shapes", shape)
        assert array.shape == shape
        assert array.ctypes.data % LINE == 0


def test_threads_have_memory_of_their_own() -> None:
    found: list[NDArray[np.float64]] = []
    thread = Thread(target=lambda: found.append(scratch("test threads", (4,))))
    mine = scratch("test threads", (4,))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, found[0])
