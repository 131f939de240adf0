// @ts-check
/**
 * The live loop: plays from a buffer of computed steps and asks for more in time. It knows neither DOM nor Plotly nor HTTP:
 * `more` fetches, `show` draws, and the clock is handed in.
 */

const BATCH_SECONDS = [0.1, 0.25, 0.5, 1, 2]; // the first answer soon, then as much as saves the server the half of its requests
const LEAD_SECONDS = 0.4; // so much is still in the buffer when the next answer is asked for
const SHORTEST_GAP_MS = 400; // between two requests once it runs, however few steps an answer brings
const LONGEST_FRAME_MS = 250; // a tab that slept does not leap
const FIRST_STEP_MS = 120; // after play is pressed, however slow the speed
const ALMOST_A_STEP = 0.999; // waiting for an answer, the time since the last step still counts

/** @typedef {"paused" | "playing"} Mode */

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds
 * @property {(callback: (time: number) => void) => number} requestFrame
 * @property {(handle: number) => void} cancelFrame
 */

/** @type {Clock} */
export const browserClock = {
  now: () => performance.now(),
  requestFrame: (callback) => requestAnimationFrame(callback),
  cancelFrame: (handle) => cancelAnimationFrame(handle),
};

export class Player {
  /** @type {Mode} */ mode = "paused";
  /** Steps a second. */
  speed = 10;
  /** Where the picture is, in steps; the whole part is the step that is drawn. */
  position = 0;
  /** The last step that is here. */
  computed = 0;
  /** The furthest step that was drawn. What is computed beyond it nobody has seen yet. */
  reached = 0;
  /** Called once a frame in which the drawn step is another one. */
  show = () => {};
  /** Where it is to stop: the step, where it is here already, and what to ask steps for until. */
  aims = { end: () => Infinity, until: () => /** @type {Record<string, number> | undefined} */ (undefined) };
  /** Called when it starts or stops; `end`: there are no steps left. @type {(mode: Mode, reason: "asked" | "end") => void} */
  changed = () => {};
  #more;
  #clock;
  #most;
  #frame = 0;
  #last = 0;
  #asking = false;
  #answers = 0;
  #asked = -Infinity;
  #idle = false;
  #end = Infinity;

  /**
   * @param {object} parts
   * @param {(steps: number, until: Record<string, number> | undefined) => Promise<boolean>} parts.more fetches steps and raises `computed`; false: there are none left
   * @param {() => number} parts.most steps one answer can bring
   * @param {Clock} [parts.clock]
   */
  constructor({ more, most, clock = browserClock }) {
    this.#more = more;
    this.#most = most;
    this.#clock = clock;
  }

  /** @returns {number} the step that is drawn */
  get step() {
    return Math.floor(this.position);
  }

  play() {
    if (this.mode === "playing") return;
    this.mode = "playing";
    this.#answers = 0;
    this.#idle = false;
    this.#last = this.#clock.now();
    this.position = this.step + Math.max(0, 1 - (this.speed * FIRST_STEP_MS) / 1000);
    this.aim();
    this.changed("playing", "asked");
    this.#frame = this.#clock.requestFrame(this.#tick);
  }

  /** Play begins, or is to stop elsewhere. */
  aim() {
    this.#end = this.aims.end();
    this.#idle = false;
  }

  /** @param {"asked" | "end"} [reason] */
  pause(reason = "asked") {
    if (this.mode === "paused") return;
    this.mode = "paused";
    this.#clock.cancelFrame(this.#frame);
    this.position = this.step;
    this.changed("paused", reason);
  }

  /**
   * Shows a step that is here, playing or not.
   * @param {number} step
   */
  seek(step) {
    this.position = Math.min(Math.max(0, step), this.computed);
    this.reached = Math.max(this.reached, this.step);
    this.show();
  }

  /**
   * The steps are others from here on: after a reset, a restart, a change in the past. Nothing is shown yet.
   * @param {number} step the last one that is here, and drawn
   */
  restart(step) {
    this.computed = step;
    this.position = step;
    this.reached = step;
    this.#answers = 0;
    this.#idle = false;
    this.#end = Infinity;
  }

  /** @param {number} time */
  #tick = (time) => {
    if (this.mode !== "playing") return;
    this.#frame = this.#clock.requestFrame(this.#tick);
    const elapsed = Math.min(Math.max(0, time - this.#last), LONGEST_FRAME_MS);
    this.#last = Math.max(time, this.#last);
    this.#advance((this.speed * elapsed) / 1000);
    this.#refill();
  };

  /** @param {number} steps not whole */
  #advance(steps) {
    const before = this.step;
    const limit = Math.min(this.#end, this.computed + (this.#idle ? 0 : ALMOST_A_STEP));
    this.position = Math.max(this.position, Math.min(this.position + steps, limit));
    this.reached = Math.max(this.reached, this.step);
    if (this.step !== before) this.show();
    if (this.step >= (this.#idle ? Math.min(this.#end, this.computed) : this.#end)) this.pause("end");
  }

  #refill() {
    const ahead = this.computed - this.position;
    if (this.#asking || this.#idle || ahead > this.speed * LEAD_SECONDS) return;
    const gap = this.#answers < BATCH_SECONDS.length ? 0 : SHORTEST_GAP_MS;
    if (this.#clock.now() - this.#asked < gap) return;
    this.#ask();
  }

  async #ask() {
    const seconds = BATCH_SECONDS[Math.min(this.#answers, BATCH_SECONDS.length - 1)];
    this.#asking = true;
    this.#asked = this.#clock.now();
    try {
      const goesOn = await this.#more(Math.min(this.#most(), Math.max(1, Math.ceil(this.speed * seconds))), this.aims.until());
      this.#answers += 1;
      this.#idle = !goesOn;
    } catch (reason) {
      this.pause("end");
      throw reason;
    } finally {
      this.#asking = false;
    }
  }
}
