"""Modules without a picture, driven with a clock of the test's own."""

import itertools
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.driving import LOAD, open_descent

CLOCK = """
class Clock {
  time = 0;
  frames = [];
  now = () => this.time;
  requestFrame = (callback) => this.frames.push(callback);
  cancelFrame = () => { this.frames = []; };
  async run(milliseconds, frame = 16) {
    for (const end = this.time + milliseconds; this.time < end; ) {
      this.time += frame;
      for (const callback of this.frames.splice(0)) callback(this.time);
      for (let turn = 0; turn < 5; turn += 1) await null;
    }
  }
}
"""
PLAYER = (
    """
async ({ speed, latency, milliseconds, budget, frame }) => {
"""
    + LOAD
    + CLOCK
    + """
  const { Player } = await load("player");
  const clock = new Clock();
  const asked = [], shown = [];
  let answers = [];
  const player = new Player({
    clock,
    most: () => 10_000,
    more: (steps) => new Promise((resolve) => {
      asked.push([clock.time, steps]);
      answers.push([clock.time + latency, () => { player.computed += Math.min(steps, budget); resolve(true); }]);
    }),
  });
  player.speed = speed;
  player.show = () => shown.push([clock.time, player.step]);
  player.play();
  for (let time = 0; time < milliseconds; time += frame) {
    await clock.run(frame, frame);
    const due = answers.filter(([at]) => at <= clock.time);
    answers = answers.filter(([at]) => at > clock.time);
    for (const [, answer] of due) answer();
    for (let turn = 0; turn < 5; turn += 1) await null;
  }
  return { asked, shown, computed: player.computed, step: player.step };
}
"""
)


def played(page: Page, **asked: float) -> dict[str, Any]:
    settings = {"speed": 60, "latency": 10, "milliseconds": 6000, "budget": 10_000, "frame": 16} | asked
    found: dict[str, Any] = page.evaluate(PLAYER, settings)
    return found


def test_the_player_keeps_its_speed_with_a_request_every_other_second(page: Page, server: str) -> None:
    open_descent(page, server)
    run = played(page, milliseconds=10_000)
    assert run["step"] == pytest.approx(600, abs=8)
    late = [time for time, _ in run["asked"] if time > 3000]
    assert 3 <= len(late) <= 4
    frames = [time for time, _ in run["shown"] if 2000 < time <= 5000]
    assert len(frames) == pytest.approx(180, abs=10)


def test_the_first_answer_is_small_and_the_later_ones_last_two_seconds(page: Page, server: str) -> None:
    open_descent(page, server)
    steps = [count for _, count in played(page)["asked"]]
    assert steps[0] == 6
    assert steps == sorted(steps)
    assert steps[-1] == 120


def test_the_first_step_is_seen_soon_however_slow_the_speed(page: Page, server: str) -> None:
    open_descent(page, server)
    run = played(page, speed=1 / 3, milliseconds=7000)
    times = [time for time, _ in run["shown"]]
    assert times[0] < 200
    assert times[1] - times[0] == pytest.approx(3000, abs=50)


def test_one_request_at_a_time_and_no_step_that_is_not_there(page: Page, server: str) -> None:
    open_descent(page, server)
    run = played(page, latency=900)
    gaps = [b - a for (a, _), (b, _) in zip(run["asked"], run["asked"][1:], strict=False)]
    assert min(gaps) >= 900
    assert run["step"] <= run["computed"]
    steps = [step for _, step in run["shown"]]
    assert steps == sorted(steps)


def test_a_server_that_gives_less_than_asked_is_not_hurried(page: Page, server: str) -> None:
    open_descent(page, server)
    run = played(page, budget=5)
    times = [time for time, _ in run["asked"]][4:]
    assert min(b - a for a, b in itertools.pairwise(times)) >= 400


def test_what_hardly_moves_is_read_less_often_until_it_moves_again(page: Page, server: str) -> None:
    open_descent(page, server)
    read: list[float] = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { Trailing } = await load("trailing");
          const read = [];
          let time = 0;
          const moves = (at) => (at < 5000 || at > 20_000 ? 0.5 : 0.001);
          const follower = { interval: 1000, stale: () => true, read: async () => (read.push(time), moves(time)) };
          const trailing = new Trailing([follower], () => time);
          for (; time < 40_000; time += 50) {
            trailing.follow(1);
            for (let turn = 0; turn < 5; turn += 1) await null;
          }
          return read;
        }"""
    )
    gaps = {at: next_ - at for at, next_ in itertools.pairwise(read)}
    assert {gap for at, gap in gaps.items() if at < 5000} == {1000}
    assert [gap for at, gap in gaps.items() if 5000 <= at < 20_000] == [1500, 2250, 3000, 3000, 3000, 3000]
    assert {gap for at, gap in gaps.items() if at > 20_000} == {1000}


def test_a_picture_moves_by_a_part_of_its_range(page: Page, server: str) -> None:
    open_descent(page, server)
    found = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { moved } = await load("moved");
          const flat = [[0, 10], [5, null]];
          const others = [[[0, 10], [6, null]], flat, [[0, 10]], undefined];
          return [...others.map((other) => moved(flat, other)), moved([2, 2], [2, 2]), moved([2], [3])];
        }"""
    )
    assert found == [0.1, 0, 1, 1, 0, 1]


def test_other_data_are_shown_when_the_run_has_come_to_the_same_step_again(page: Page, server: str) -> None:
    open_descent(page, server)
    called = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { exchanged } = await load("data/exchange");
          const called = [];
          let at = 4000;
          const answer = (what, asked, steps_taken = 0) => {
            called.push([what, asked]);
            at += steps_taken;
            return Promise.resolve({ id: "a", step: at, lineage: 3, steps_taken });
          };
          const api = {
            replaceRecipe: (id, recipe, { step }) => answer("recipe", step),
            step: (id, { from_step, steps }) => answer("step", from_step, Math.min(steps, 5000)),
            session: (id) => answer("session", id),
          };
          called.push(["shown", (await exchanged(api, "a", {}, 10_000)).step]);
          return called;
        }"""
    )
    assert called == [["recipe", 10_000], ["step", 4000], ["step", 9000], ["session", "a"], ["shown", 10_000]]


def test_times_are_said_in_the_unit_that_suits_them(page: Page, server: str) -> None:
    open_descent(page, server)
    said = page.evaluate(
        "async (all) => {"
        + LOAD
        + """const { duration } = await load("studies/duration"); return all.map(duration); }""",
        [3e-7, 2.5e-3, 1, 90, 7200, 5 * 86_400, 1e13],
    )
    assert said == ["0.3 µs", "2.5 ms", "1000 ms", "1.5 minutes", "2 hours", "5 days", "320,000 years"]


def test_a_goal_of_a_link_is_a_loss_or_a_norm_that_can_be(page: Page, server: str) -> None:
    open_descent(page, server)
    goals = [
        ({"kind": "loss", "value": -2}, True),
        ({"kind": "gradient_norm", "value": 1e-3}, True),
        ({"kind": "gradient_norm", "value": -1}, False),
        ({"kind": "loss", "value": "1"}, False),
        ({"kind": "accuracy", "value": 1}, False),
        (None, False),
    ]
    script = "async (all) => {" + LOAD + """const { isGoal } = await load("time/goal"); return all.map(isGoal); }"""
    assert page.evaluate(script, [goal for goal, _ in goals]) == [can_be for _, can_be in goals]


def test_a_tab_that_slept_does_not_leap(page: Page, server: str) -> None:
    open_descent(page, server)
    run = played(page, frame=5000, milliseconds=20_000)
    steps = [0, *(step for _, step in run["shown"])]
    assert max(b - a for a, b in itertools.pairwise(steps)) <= 16


def test_a_long_path_is_drawn_with_few_points_and_keeps_its_end(page: Page, server: str) -> None:
    open_descent(page, server)
    found = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { Path, drawnIndices } = await load("path");
          const path = new Path();
          for (let from = 0; from < 200_000; from += 500) {
            const step = Array.from({ length: 500 }, (_, i) => from + i);
            const numbers = step.map((k) => 1 / (1 + k));
            const gaps = step.map((k) => (k % 2 ? null : k));
            const places = { x: gaps, y: gaps, off_plane: gaps, slice_loss: gaps };
            path.append({ stride: 1, step, loss: numbers, gradient_norm: numbers, ...places });
          }
          const drawn = drawnIndices(path.length).map((i) => path.step[i]);
          const { step, loss } = path.point(path.indexAt(150_000.5));
          path.truncate(1000);
          return { length: path.length, drawn, step, loss, end: path.end, few: drawnIndices(50).length };
        }"""
    )
    drawn = found["drawn"]
    assert len(drawn) <= 1500
    assert drawn[0] == 0
    assert drawn[-100:] == list(range(199_900, 200_000))
    assert drawn == sorted(set(drawn))
    assert 149_000 < found["step"] <= 150_000
    assert found["loss"] == 1 / (1 + found["step"])
    assert found["end"] <= 1000
    assert found["few"] == 50


def test_waiting_after_failures_doubles_up_to_eight_seconds(page: Page, server: str) -> None:
    open_descent(page, server)
    delays = page.evaluate(
        "async () => {"
        + LOAD
        + """
          const { delay } = await load("backoff");
          return Array.from({ length: 9 }, (_, k) => Array.from({ length: 200 }, () => delay(k)));
        }"""
    )
    for failures, tried in enumerate(delays):
        longest = min(8000, 250 * 2**failures)
        assert max(tried) <= longest
        assert min(tried) >= longest / 2
        assert max(tried) - min(tried) > longest / 4


def test_settings_in_force_are_those_the_server_says(page: Page, server: str) -> None:
    open_descent(page, server)
    run = {
        "name": "run 1",
        "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1},
        "events": [
            {"at": 3, "set": {"optimizer": {"learning_rate": 0.05}}},
            {"at": 5, "set": {"optimizer": {"kind": "momentum", "momentum": 0.5}, "batch_size": 8}},
        ],
    }
    for step in (2, 3, 5):
        recipe = {"problem": {"kind": "univariate_regression"}, "runs": [run]}
        made = page.request.post(f"{server}/api/v1/sessions", data=recipe).json()
        page.request.post(f"{server}/api/v1/sessions/{made['id']}/step", data={"steps": step}) if step else None
        config = page.request.get(f"{server}/api/v1/sessions/{made['id']}/config").json()["runs"][0]
        ours = page.evaluate(
            "async ([run, step]) => {"
            + LOAD
            + """
              const { inForce } = await load("state");
              return inForce(run, step);
            }""",
            [run, step],
        )
        for name, value in ours["optimizer"].items():
            assert config["optimizer"][name] == value
        assert config["batch_size"] == ours.get("batch_size")
