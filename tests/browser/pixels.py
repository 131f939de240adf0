"""Looking at a screenshot: what is really on the screen, whatever the page believes it has drawn."""

from base64 import b64encode

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator

Colour = tuple[int, int, int]

_FIND = """
async ([png, colour, tolerance]) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  const found = [];
  for (let i = 0; i < data.length; i += 4) {
    if (colour.every((value, k) => Math.abs(value - data[i + k]) <= tolerance)) {
      found.push([(i / 4) % picture.width, Math.floor(i / 4 / picture.width)]);
    }
  }
  return found;
}
"""


def places(part: Locator, colour: Colour, tolerance: int = 12) -> NDArray[np.int64]:
    """(any, 2) of x, y in pixels of a part of the page, wherever a colour is seen on the screen."""
    png = b64encode(part.screenshot()).decode()
    found = part.page.evaluate(_FIND, [png, colour, tolerance])
    return np.array(found, np.int64).reshape(-1, 2)


def disc(part: Locator, colour: Colour, radius: int = 5) -> tuple[float, float]:
    """The center of the fullest patch of a colour: of all its pixels those with most others around them."""
    found = places(part, colour)
    assert len(found), f"nothing on the screen has the colour {colour}"
    around = np.array([(abs(found - place).max(axis=1) <= radius).sum() for place in found])
    x, y = found[around == around.max()].mean(axis=0)
    return float(x), float(y)
