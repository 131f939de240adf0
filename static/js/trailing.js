// @ts-check
/**
 * What follows the drawn step at its own rhythm: predictions, gradients, a slice of the surface. While it plays one thing
 * at a time is read, the one most overdue, so that steps and pictures together stay below four requests a second; at rest
 * everything is read for exactly the step that is drawn.
 */

const GAP_MS = 350;
const MOST_TURNS = 8; // of one thing at rest: as many as there are runs at most

/**
 * @typedef {object} Follower
 * @property {number} interval milliseconds between two readings while it plays
 * @property {(step: number) => boolean} stale whether it shows another step
 * @property {() => boolean} [seen] whether it is looked at; while it plays, what is not can wait
 * @property {(step: number) => Promise<void>} read
 */

export class Trailing {
  #followers;
  #now;
  /** @type {Promise<void> | null} */ #reading = null;
  #settling = 0;
  /** @type {Map<Follower, number>} */ #last = new Map();
  #latest = -Infinity;

  /**
   * @param {Follower[]} followers
   * @param {() => number} [now] milliseconds
   */
  constructor(followers, now = () => performance.now()) {
    this.#followers = followers;
    this.#now = now;
  }

  /**
   * Called on every frame while it plays.
   * @param {number} step the one that is drawn
   */
  follow(step) {
    const now = this.#now();
    if (this.#reading || now - this.#latest < GAP_MS) return;
    const overdue = (/** @type {Follower} */ follower) => (now - (this.#last.get(follower) ?? -Infinity)) / follower.interval;
    const due = this.#followers.filter((follower) => overdue(follower) >= 1 && (follower.seen?.() ?? true) && follower.stale(step));
    const [next] = due.sort((a, b) => overdue(b) - overdue(a));
    if (next) void this.#read(next, step);
  }

  /**
   * Called at rest, and again while the step moves by hand.
   * @param {() => number} step the one that is drawn, now
   */
  async settle(step) {
    this.#settling += 1;
    const turn = this.#settling;
    await this.#reading;
    for (const follower of this.#followers) {
      for (let turns = 0; turns < MOST_TURNS && follower.stale(step()); turns += 1) {
        if (turn !== this.#settling) return; // somebody asked later, and goes on
        await this.#read(follower, step());
      }
    }
  }

  /**
   * @param {Follower} follower
   * @param {number} step
   */
  async #read(follower, step) {
    this.#latest = this.#now();
    this.#last.set(follower, this.#latest);
    this.#reading = follower.read(step).finally(() => (this.#reading = null));
    await this.#reading;
  }
}
