"""The planes a session was asked for, by id: bounded, the one used longest ago goes first."""

from collections import OrderedDict

from app.engine.planes import Plane

MOST_BYTES = 4 * 2**20
MOST = 512


class Planes:
    """A client that gets 404 for an id asks for its plane again: nothing is lost but that request."""

    def __init__(self) -> None:
        self._planes: OrderedDict[str, Plane] = OrderedDict()

    def put(self, plane: Plane) -> Plane:
        """Remember a plane under its id."""
        self._planes[plane.id] = plane
        self._planes.move_to_end(plane.id)
        most = max(16, min(MOST, MOST_BYTES // (3 * plane.origin.nbytes)))
        while len(self._planes) > most:
            self._planes.popitem(last=False)
        return plane

    def get(self, plane_id: str) -> Plane | None:
        """The plane, or None."""
        if plane_id in self._planes:
            self._planes.move_to_end(plane_id)
        return self._planes.get(plane_id)
