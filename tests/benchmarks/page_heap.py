"""How much memory the page keeps while it plays: `python -m tests.benchmarks.page_heap [MINUTES [SPEED]]`.

A two-layer network is played on for so many minutes (10) at so many steps a second (60). Each half minute the garbage
is collected, and one line says what is left. The last line is the growth from the first half minute to the end.
"""

import json
import sys
from time import monotonic

from playwright.sync_api import CDPSession

from tests.benchmarks.page_live import Situation, opened, prepare

INTERVAL_SECONDS = 30
KINDS = ("Nodes", "JSEventListeners", "Documents")


def left(session: CDPSession) -> dict[str, float]:
    """Megabytes of the heap after collection, and how many nodes and listeners live."""
    for _ in range(2):  # what finalizers free is gone the second time
        session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return {"heap": round(used / 2**20, 2), **{kind: metrics[kind] for kind in KINDS}}


def main() -> None:
    minutes, speed = (float(given) for given in (*sys.argv[1:], *("10", "60")[len(sys.argv) - 1 :]))
    with opened() as (page, _):
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        prepare(page, Situation("heap", "two_layer_sigmoid", speed=int(speed)))
        begun, found = monotonic(), []
        while monotonic() - begun < 60 * minutes:
            page.wait_for_timeout(1000 * INTERVAL_SECONDS)
            found.append(left(session))
            line = {"seconds": round(monotonic() - begun), "step": page.evaluate("descent.player.step"), **found[-1]}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps({"growth": round(found[-1]["heap"] - found[0]["heap"], 2)}) + "\n")


if __name__ == "__main__":
    main()
