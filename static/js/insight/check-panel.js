// @ts-check
/** Two ways to a gradient: backpropagation held against differences of the loss, parameter by parameter, and what each costs. */

/**
 * @import { CheckedParameter, GradientCheck } from "./wire.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { countScalars } from "../parameters.js";
import { text } from "../texts.js";
import { shownRun } from "./anatomies.js";
import { checkTable, groupsOf } from "./check-table.js";
import { selectBox } from "./controls.js";
import { isOfNow, look } from "./state.js";
import { Strip } from "./strip.js";

const AGREES = 1e-6; // relative: as the engine documents its error
const DECADES = 16; // a float64 has no more digits
const LEAST = 0.12; // of a decade: a bar that can be seen where both are equal to the last digit

export class CheckPanel {
  element = element("div", { className: "insight check" });
  #about = element("p", { className: "about" });
  #runs;
  #verdict = element("p", { className: "verdict" });
  #strip = new Strip();
  #mark = element("i", { className: "mark" });
  #names = element("p", { className: "groups", ariaHidden: "true" });
  #told = element("p", { className: "told" });
  #costs = element("div", { className: "costs" });
  #table = element("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel: text("check.table") });
  /** @type {GradientCheck | null} */ #shown = null;

  /** @param {Store<State>} store */
  constructor(store) {
    this.#runs = selectBox(text("readout.run"), (run) => look(store, { run }));
    const scale = element("p", { className: "decades", ariaHidden: "true" }, ...["1", "10⁻⁶", "10⁻¹⁶"].map((words) => element("span", {}, words)));
    const bar = element("div", { className: "toolbar" }, this.#about, this.#runs.element);
    this.element.append(bar, this.#verdict, element("div", { className: "agreement" }, scale, this.#strip.element, this.#names), this.#told, this.#costs, this.#table);
    this.#strip.element.append(this.#mark);
    this.#strip.pointed = (place) => say(this.#told, wordsFor(this.#shown?.rows[place]));
    store.subscribe(["insight", "runs"], (state) => this.#show(state));
  }

  /** @param {Readonly<State>} state */
  #show(state) {
    const { insight, runs, parameters } = state;
    this.#runs.element.hidden = runs.length < 2;
    this.#runs.show(runs.map(({ name }) => name), shownRun(state));
    const { check } = insight;
    if (!check || check.value === this.#shown || !isOfNow(check, state)) return;
    this.#shown = check.value;
    const { rows, step } = check.value;
    const all = countScalars(parameters);
    say(this.#about, text(rows.length < all ? "check.about_some" : "check.about", { step, checked: rows.length, all }));
    const worst = rows.reduce((most, row) => (row.error > most.error ? row : most), rows[0]);
    this.#tellVerdict(rows, worst);
    this.#draw(rows, worst);
    this.#tellCosts(check.value, all);
    this.#table.replaceChildren(checkTable(rows, worst));
  }

  /**
   * @param {CheckedParameter[]} rows
   * @param {CheckedParameter} worst
   */
  #tellVerdict(rows, worst) {
    const apart = rows.filter(({ error }) => error > AGREES).length;
    this.#verdict.classList.toggle("apart", apart > 0);
    const values = { apart, checked: rows.length, parameter: worst.parameter, error: formatNumber(worst.error) };
    say(this.#verdict, text(apart ? "check.apart" : "check.agree", values));
  }

  /**
   * @param {CheckedParameter[]} rows
   * @param {CheckedParameter} worst
   */
  #draw(rows, worst) {
    const bars = rows.map((row) => {
      const height = Math.max(LEAST, DECADES + Math.log10(Math.max(row.error, 10 ** -DECADES)));
      return { from: 0, to: height, kind: row.error > AGREES ? "apart" : row === worst ? "worst" : "" };
    });
    this.#strip.draw(bars, [0, DECADES]);
    this.#mark.style.left = `${(100 * (rows.indexOf(worst) + 0.5)) / rows.length}%`;
    this.#strip.element.ariaLabel = text("check.strip", { checked: rows.length, error: formatNumber(worst.error) });
    const groups = [...groupsOf(rows)].map(([name, own]) => {
      const label = element("span", {}, own.length * 30 < rows.length ? "" : name);
      label.style.flexGrow = String(own.length);
      return label;
    });
    this.#names.replaceChildren(...groups);
  }

  /**
   * @param {GradientCheck} check
   * @param {number} all parameters
   */
  #tellCosts({ evaluations }, all) {
    const { backprop } = evaluations;
    const [near, far] = [2 * backprop.gradient + backprop.loss, 2 * all];
    const bar = (/** @type {string} */ kind, /** @type {number} */ losses) => {
      const length = element("i", { className: kind });
      length.style.width = `${(100 * losses) / Math.max(near, far)}%`;
      return element("li", {}, element("span", {}, text(`check.cost_${kind}`, { losses, all })), length);
    };
    const times = text("check.times", { times: Math.round(far / near) });
    this.#costs.replaceChildren(element("h3", {}, text("check.costs", { all })), element("ul", {}, bar("backprop", near), bar("difference", far)), element("p", {}, times));
  }
}

/**
 * @param {CheckedParameter | undefined} row
 * @returns {string}
 */
function wordsFor(row) {
  if (!row) return text("check.hint");
  const [backprop, difference, error] = [row.backprop, row.difference, row.error].map(formatNumber);
  return text("check.row", { parameter: row.parameter, backprop, difference, error, apart: formatNumber(Math.abs(row.backprop - row.difference)) });
}
