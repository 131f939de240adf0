"""What is made of the scripts that packages bring."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.bundles import compiled_as_it_arrives, package_folder, plotly_bundle


def test_plotly_is_served_as_it_comes_but_for_a_pair_of_parentheses() -> None:
    bundle = plotly_bundle().read_bytes()
    served = compiled_as_it_arrives(bundle)
    begin = served.index(b"(() => {")
    end = served.rindex(b"}))")
    assert served[:begin] + served[begin + 1 : end + 1] + served[end + 2 :] == bundle.rstrip() + b"\n"
    assert served[begin:].startswith(b'(() => {\n"use strict";var Plotly=')


def test_what_is_served_is_still_a_script(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js on the path; the browser tests execute it")
    script = tmp_path / "plotly.js"
    script.write_bytes(compiled_as_it_arrives(plotly_bundle().read_bytes()))
    subprocess.run([node, "--check", script], check=True, timeout=60)


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        b"alert(1);",
        b'(typeof self !== "undefined" ? self : this, () => {\n"use strict";return 1;}));\n',
        b'(typeof self !== "undefined" ? self : this, function() {\n"use strict";return 1;\n}));\n',
        b" " * 1000 + b'(typeof self !== "undefined" ? self : this, () => {\n"use strict";return 1;\n}));\n',
    ],
)
def test_a_bundle_of_another_shape_stays_as_it_is(bundle: bytes) -> None:
    assert compiled_as_it_arrives(bundle) == bundle


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        package_folder("no_such_package")
