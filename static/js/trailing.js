// @ts-check
/**
 * What follows the drawn step at its own rhythm: predictions, gradients, a slice of the surface. While it plays one thing
 * at a time is read, the one most overdue, so that steps and pictures together stay below four requests a second; what no
 * eye sees move is read less often. At rest everything is read for exactly the step that is drawn.
 */

const GAP_MS = 350;
const MOST_TURNS = 8; // of one thing at rest: as many as there are runs at most
const UNSEEN = 0.01; // of a picture's range: a pixel or two
const CALMER = 1.5; // times the interval, each time it moved less than that
const CALMEST = 3;

/**
 * @typedef {object} Follower
 * @property {number} interval milliseconds between two readings while it plays
 * @property {(step: number) => boolean} stale whether it shows another step
 * @property {() => boolean} [seen] whether it is looked at; while it plays, what is not can wait
 * @property {() => number} [renewed] when it was read last by others, in milliseconds
 * @property {(step: number) => Promise<number | void>} read how far what is drawn moved thereby, as a part of its range, where that is known
 */

export class Trailing {
  #followers;
  #now;
  /** @type {Promise<void> | null} */ #reading = null;
  #settling = 0;
  /** @type {Map<Follower, number>} */ #last = new Map();
  /** How many times its interval each may wait. @type {Map<Follower, number>} */ #calm = new Map();
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
    const overdue = (/** @type {Follower} */ follower) => (now - this.#readAt(follower)) / (follower.interval * (this.#calm.get(follower) ?? 1));
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
   * @returns {number}
   */
  #readAt(follower) {
    return Math.max(this.#last.get(follower) ?? -Infinity, follower.renewed?.() ?? -Infinity);
  }

  /**
   * @param {Follower} follower
   * @param {number} step
   */
  async #read(follower, step) {
    this.#latest = this.#now();
    this.#last.set(follower, this.#latest);
    this.#reading = follower.read(step).then((moved) => this.#note(follower, moved ?? 1)).finally(() => (this.#reading = null));
    await this.#reading;
  }

  /**
   * @param {Follower} follower
   * @param {number} moved
   */
  #note(follower, moved) {
    const before = this.#calm.get(follower) ?? 1;
    this.#calm.set(follower, moved < UNSEEN ? Math.min(before * CALMER, CALMEST) : 1);
  }
}
