// @ts-check
/** The one place of the page's state: a shallow object, and who wants to know when which of its keys change. */

/** @template {object} S */
export class Store {
  /** @type {S} */ #state;
  /** @type {{keys: (keyof S)[], listener: (state: S) => void}[]} */ #listeners = [];

  /** @param {S} state */
  constructor(state) {
    this.#state = state;
  }

  /** @returns {Readonly<S>} */
  get state() {
    return this.#state;
  }

  /** @param {Partial<S>} change keys that are the same object as before tell nobody */
  set(change) {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const changed = /** @type {(keyof S)[]} */ (Object.keys(change)).filter((key) => !Object.is(before[key], this.#state[key]));
    if (!changed.length) return;
    for (const { keys, listener } of this.#listeners) {
      if (keys.some((key) => changed.includes(key))) listener(this.#state);
    }
  }

  /**
   * @param {(keyof S)[]} keys
   * @param {(state: S) => void} listener called at once, and after each change of one of the keys
   */
  subscribe(keys, listener) {
    this.#listeners.push({ keys, listener });
    listener(this.#state);
  }
}
