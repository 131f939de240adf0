// @ts-check
/** How far a picture moved from one reading to the next. */

/** @typedef {number | null | Numbers[]} Numbers a number that is missing is null */

/**
 * The largest difference of two numbers in the same place, as a part of the range they all lie in.
 * @param {Numbers | undefined} before
 * @param {Numbers | undefined} after
 * @returns {number} 1 where it is another picture altogether
 */
export function moved(before, after) {
  const [one, other] = [before, after].map((numbers) => /** @type {(number | null)[]} */ (Array.isArray(numbers) ? numbers.flat(3) : []));
  if (!one.length || one.length !== other.length) return 1;
  let [least, most, furthest] = [Infinity, -Infinity, 0];
  one.forEach((a, i) => {
    const b = other[i];
    if (a === null || b === null) return;
    least = Math.min(least, a, b);
    most = Math.max(most, a, b);
    furthest = Math.max(furthest, Math.abs(a - b));
  });
  return furthest && furthest / (most - least);
}
