// @ts-check
/** What the server says when it says no. */

/** @import { Problem4xx } from "./wire.js" */

/** An answer that says no (`status` of HTTP, `problem` document), or no answer at all (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {Partial<Problem4xx>} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
  }

  /**
   * @param {string} name the last part of `urn:descent:…`
   * @returns {boolean}
   */
  is(name) {
    return this.problem.type === `urn:descent:${name}`;
  }

  /** @returns {boolean} whether asking again later may help */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** @returns {string} every complaint in words, for a person */
  get words() {
    const errors = this.problem.errors ?? [];
    return errors.length ? errors.map(({ where, problem }) => `${where}: ${problem}`).join("\n") : this.message;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Partial<Problem4xx>>}
 */
export async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: response.statusText };
  }
}

/**
 * @param {Error} reason why there is no answer, or only a part of one
 * @returns {never}
 */
export function lost(reason) {
  throw reason.name === "AbortError" ? reason : new ApiError(0, { title: reason.message });
}
