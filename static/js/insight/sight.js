// @ts-check
/** Which parts of the page are in sight: what is not is not read, and is when it comes into sight. */

export class Sight {
  /** Called when something has come into sight. */
  came = () => {};
  /** @type {WeakSet<Element>} */ #seen = new WeakSet();
  #observer = new IntersectionObserver((entries) => {
    let isNew = false;
    for (const { target, isIntersecting } of entries) {
      isNew ||= isIntersecting && !this.#seen.has(target);
      if (isIntersecting) this.#seen.add(target);
      else this.#seen.delete(target);
    }
    if (isNew) this.came();
  });

  /** @param {Element} box */
  watch(box) {
    this.#observer.observe(box);
  }

  /**
   * @param {Element} box one that is watched
   * @returns {boolean}
   */
  has(box) {
    return this.#seen.has(box);
  }
}
