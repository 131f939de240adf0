// @ts-check
/** Asking again after a passing failure: 250 ms, twice that, … up to 8 s, each with jitter; at once when the network is back. */

import { ApiError } from "./api-error.js";

const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/**
 * @param {number} failures so far
 * @returns {number} milliseconds to wait; half of it is chance, so that a class does not come back in step
 */
export function delay(failures) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return full * (0.5 + Math.random() / 2);
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} rejects with an AbortError
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (/** @type {() => void} */ then) => {
      clearTimeout(timer);
      over.abort();
      then();
    };
    const timer = setTimeout(() => end(resolve), milliseconds);
    addEventListener("online", () => end(resolve), { signal: over.signal });
    signal?.addEventListener("abort", () => end(() => reject(new DOMException("aborted", "AbortError"))), { signal: over.signal });
  });
}

/**
 * Asks until there is an answer; what does not pass is thrown.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {(trouble: ApiError | null) => void} report
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function untilAnswered(ask, report, signal) {
  for (let failures = 0; ; failures += 1) {
    try {
      const answer = await ask();
      report(null);
      return answer;
    } catch (reason) {
      if (!(reason instanceof ApiError && reason.passing)) throw reason;
      report(reason);
      await pause(delay(failures), signal);
    }
  }
}
