// @ts-check
/** Name and sign of a run above its settings, and what can be done with the run. */

/**
 * @import { Race } from "./race.js"
 * @import { RunRecipe } from "../wire.js"
 * @import { State } from "../state.js"
 */
import { element } from "../dom.js";
import { styleOf } from "../runs.js";
import { text } from "../texts.js";
import { isShown } from "./comparison.js";
import { lineSign } from "./sign.js";

const LONGEST_NAME = 40;

export class RunHeading {
  element;
  #name;
  #race;
  #sign = element("span", { className: "sign" });
  #title = element("h3");
  #complaint = element("p", { className: "complaint", hidden: true });
  #hide = element("button", { type: "button" });
  #apart = element("button", { type: "button" });
  #menu = element("div", { className: "run-menu", hidden: true });
  #more = element("button", { type: "button", className: "plain more", ariaExpanded: "false" }, "⋯");
  #alone;

  /**
   * @param {string} name
   * @param {Race} race
   */
  constructor(name, race) {
    this.#name = name;
    this.#race = race;
    this.#title.append(name);
    this.#more.ariaLabel = this.#more.title = text("compare.more", { run: name });
    this.#more.addEventListener("click", () => this.#toggle());
    this.#hide.addEventListener("click", () => race.toggle(name));
    this.#alone = [this.#hide, this.#apart, this.#button("compare.remove", () => race.remove(name))];
    const [, , remove] = this.#alone;
    const always = [
      this.#button("compare.rename", () => this.#rename()),
      this.#button("compare.duplicate", () => race.duplicate(name)),
      this.#button("compare.fork", () => race.fork(name)),
    ];
    this.#menu.append(...always, this.#apart, this.#hide, remove);
    this.element = element("div", {}, element("div", { className: "run-name" }, this.#sign, this.#title, this.#more), this.#complaint, this.#menu);
  }

  /**
   * @param {Readonly<State>} state
   * @param {RunRecipe} run
   */
  show({ compare, runs }, run) {
    this.#sign.replaceChildren(lineSign(styleOf(compare.styles[run.name] ?? 0), 3.5));
    for (const button of this.#alone) button.hidden = runs.length < 2;
    const shown = isShown(compare, run.name);
    this.element.classList.toggle("off", !shown);
    this.#label(this.#hide, shown ? "compare.hide" : "compare.show");
    this.#label(this.#apart, run.start ? "compare.same_start" : "compare.own_start");
    this.#apart.onclick = () => void (run.start ? this.#race.start(run.name, null) : this.#race.startApart(run.name));
  }

  /** @param {string} words */
  complain(words) {
    this.#complaint.textContent = words;
    this.#complaint.hidden = !words;
  }

  #toggle() {
    this.#menu.hidden = !this.#menu.hidden;
    this.#more.ariaExpanded = String(!this.#menu.hidden);
  }

  /**
   * @param {string} key
   * @param {() => unknown} act
   * @returns {HTMLButtonElement}
   */
  #button(key, act) {
    const button = element("button", { type: "button", title: text(`${key}_words`, { run: this.#name }) });
    this.#label(button, key);
    button.addEventListener("click", () => void act());
    return button;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} key
   */
  #label(button, key) {
    button.textContent = text(key);
    button.ariaLabel = text("compare.of_run", { what: text(key), run: this.#name });
  }

  /** The name becomes a field: Enter or leaving it takes the new one, Escape the old. */
  #rename() {
    const field = element("input", { type: "text", maxLength: LONGEST_NAME, value: this.#name, ariaLabel: text("compare.new_name", { run: this.#name }) });
    let isOver = false;
    const end = (/** @type {string} */ name) => {
      if (isOver) return;
      isOver = true;
      field.replaceWith(this.#title);
      void this.#race.rename(this.#name, name.trim());
    };
    field.addEventListener("keydown", ({ key }) => (key === "Enter" ? end(field.value) : key === "Escape" && end(this.#name)));
    field.addEventListener("blur", () => end(field.value));
    this.#title.replaceWith(field);
    field.select();
  }
}
