// @ts-check
/** A row of tabs by the pattern of WAI-ARIA: arrow keys move, the panel follows. */

/**
 * @param {HTMLButtonElement[]} tabs each controls the panel its `aria-controls` names
 * @param {() => void} shown after another panel is shown
 */
export function connectTabs(tabs, shown) {
  const select = (/** @type {HTMLButtonElement} */ chosen) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.ariaSelected = String(isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !isChosen;
    }
    shown();
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!move) return;
      const next = tabs[(i + move + tabs.length) % tabs.length];
      next.focus();
      select(next);
    });
  });
}
