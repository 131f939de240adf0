"""Plots as files: they are what they say, hold the picture, and no request leaves the page for them."""

import struct
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.driving import open_descent, play, settled, step

SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Page, plot: str, kind: str, folder: Path) -> tuple[str, bytes]:
    page.get_by_role("button", name=f"Save as a picture: {plot}", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.name, path.read_bytes()


def colours(png: bytes) -> int:
    """How many different bytes its pixels have, after checking that it is a PNG of twice 1000 × 700."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2000, 1400)
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return len(set(zlib.decompress(data)))


def texts(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)
    assert (root.tag, root.get("width"), root.get("height")) == (f"{SVG}svg", "1000", "700")
    return ["".join(found.itertext()) for found in root.iter(f"{SVG}text")]


def test_every_plot_is_saved_as_png_and_svg(page: Page, server: str, tmp_path: Path) -> None:
    open_descent(page, server)
    play(page, 20)
    settled(page)
    drawn = step(page)
    for plot, name in (("Loss surface", "map"), ("Loss", "loss"), ("Model and data", "fit")):
        file, svg = saved(page, plot, "SVG", tmp_path)
        assert file == f"descent-univariate-regression-{name}-step-{drawn}.svg"
        assert f"{plot} · Line fit · step {drawn}" in texts(svg)
        assert svg.count(b"<path") > 10
        assert b"http://" not in svg.replace(b"http://www.w3.org/", b"")
    file, png = saved(page, "Loss surface", "PNG", tmp_path)
    assert file.endswith(f"map-step-{drawn}.png")
    assert colours(png) > 50
    page.get_by_role("radio", name="3-D").check()
    settled(page)
    file, png = saved(page, "Loss surface", "PNG", tmp_path)
    assert file == f"descent-univariate-regression-surface-step-{drawn}.png"
    assert colours(png) > 100
    expect(page.locator("#surface")).to_be_visible()
