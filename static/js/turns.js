// @ts-check
/** One task after another; a change does not wait for steps that are under way, which are given up. */

export class Turns {
  #stepping = new AbortController();
  /** @type {Promise<unknown>} */ #queue = Promise.resolve();

  /** @returns {AbortSignal} of the steps asked for from now on */
  get signal() {
    return this.#stepping.signal;
  }

  /**
   * After what is under way.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  inTurn(task) {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Instead of steps that are under way.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  first(task) {
    this.giveUpSteps();
    return this.inTurn(task);
  }

  /** Steps that are under way or wait for their turn are no longer wanted. */
  giveUpSteps() {
    this.#stepping.abort();
    this.#stepping = new AbortController();
  }
}
