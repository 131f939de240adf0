// @ts-check
/** Play, pause, step, reset, speed and the timeline. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Page } from "./dom.js"
 * @import { Player } from "./player.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { say } from "./dom.js";
import { formatNumber, rounded } from "./format.js";
import { FASTEST, SLOWEST } from "./state.js";
import { text } from "./texts.js";
import { EventMarks } from "./time/event-marks.js";

const SLIDER_END = 100;
const FIRST_SPAN = 100; // steps on the timeline at first; it grows as 1, 2, 5, 10

export class Transport {
  #page;
  #player;
  #marks;
  #span = FIRST_SPAN;

  /**
   * @param {Page} page
   * @param {Store<State>} store
   * @param {Player} player
   * @param {Actions} actions
   */
  constructor(page, store, player, actions) {
    this.#page = page;
    this.#player = player;
    this.#marks = new EventMarks(page.events, (step) => actions.look(step));
    this.#marks.fit(this.#span);
    page.play.addEventListener("click", () => actions.toggle());
    page.forward.addEventListener("click", () => void actions.forward());
    page.back.addEventListener("click", () => void actions.back());
    page.reset.addEventListener("click", () => void actions.reset());
    page.timeline.addEventListener("input", () => actions.look(page.timeline.valueAsNumber));
    page.speed.addEventListener("input", () => actions.lookAt({ speed: speedAt(page.speed.valueAsNumber) }));
    store.subscribe(["view"], ({ view }) => this.#showSpeed(view.speed));
    store.subscribe(["mode"], ({ mode }) => this.#showMode(mode === "playing"));
    store.subscribe(["recipe", "catalogue"], ({ recipe, catalogue }) => this.#marks.show(recipe, catalogue));
    this.show(0);
  }

  /** @param {number} step the drawn one */
  show(step) {
    const page = this.#page;
    const player = this.#player;
    say(page.step, String(step));
    const span = spanFor(Math.max(step, player.mode === "paused" ? player.reached : 0));
    if (span !== this.#span) {
      this.#span = span;
      page.timeline.max = String(span);
      this.#marks.fit(span);
    }
    page.timeline.value = String(step);
    page.timeline.disabled = player.computed === 0;
    page.timeline.ariaValueText = `${text("readout.step")} ${step}`;
    page.back.disabled = step === 0;
  }

  /** @param {number} speed */
  #showSpeed(speed) {
    const page = this.#page;
    this.#player.speed = speed;
    page.speed.value = String(Math.round(sliderAt(speed)));
    const words = speed < 1 ? text("transport.speed_slow", { seconds: rounded(1 / speed, 2) }) : text("transport.speed_fast", { speed: rounded(speed, 2) });
    say(page.speedValue, words);
    page.speed.ariaValueText = words;
  }

  /** @param {boolean} isPlaying */
  #showMode(isPlaying) {
    const { play } = this.#page;
    play.classList.toggle("playing", isPlaying);
    play.ariaLabel = text(isPlaying ? "transport.pause" : "transport.play");
    play.title = `${play.ariaLabel} (${text("help.space")})`;
  }
}

/**
 * @param {number} steps
 * @returns {number} 100, 200, 500, 1000 …: the first that holds them
 */
function spanFor(steps) {
  for (let decade = FIRST_SPAN; ; decade *= 10) {
    const span = [1, 2, 5].map((digit) => digit * decade).find((each) => each >= steps);
    if (span) return span;
  }
}

/**
 * @param {number} slider 0 to 100
 * @returns {number} steps a second, a number one would say
 */
function speedAt(slider) {
  const speed = SLOWEST * (FASTEST / SLOWEST) ** (slider / SLIDER_END);
  return speed < 1 ? 1 / rounded(1 / speed, 2) : rounded(speed, 2);
}

/**
 * @param {number} speed
 * @returns {number}
 */
const sliderAt = (speed) => (SLIDER_END * Math.log(speed / SLOWEST)) / Math.log(FASTEST / SLOWEST);

/**
 * The status in words, for those who do not see the picture: on pause, step and reset only.
 * @param {HTMLElement} box
 * @param {string} key
 * @param {{step: number, loss: number | undefined}} values
 */
export function announce(box, key, { step, loss }) {
  box.textContent = text(key, { step, loss: formatNumber(loss) });
}
