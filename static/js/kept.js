// @ts-check
/** What a reader chose, kept for the next visit; where the browser keeps nothing for us, it holds for this one. */

/** @typedef {"localStorage" | "sessionStorage"} Place the browser, or this tab */

/**
 * @param {string} key
 * @param {Place} [place]
 * @returns {string | null}
 */
export function kept(key, place = "localStorage") {
  try {
    return window[place].getItem(key);
  } catch {
    return null; // a setting of the browser can refuse even to look
  }
}

/**
 * @param {string} key
 * @param {string} value empty: nothing is to be kept
 * @param {Place} [place]
 */
export function keep(key, value, place = "localStorage") {
  try {
    if (value) window[place].setItem(key, value);
    else window[place].removeItem(key);
  } catch {
    // refused, or full
  }
}
