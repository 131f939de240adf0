// @ts-check
/** One pass forward and one back through the network drawn, a layer at a time, by hand or by itself. */

/**
 * @import { Anatomy, Quantity } from "./wire.js"
 * @import { Net } from "./layers.js"
 */
import { element, say } from "../dom.js";
import { text } from "../texts.js";
import { equationElement } from "./equation.js";

/** @typedef {"forward" | "loss" | "psi" | "gradient"} SweepPass */

/**
 * @typedef {object} Stage
 * @property {SweepPass} pass
 * @property {number} layer inputs are 0
 * @property {string[]} made ids of what is computed
 */

const STAGE_MS = 1_400;

/**
 * @param {Net} net
 * @returns {Stage[]} inputs, each layer, the loss, and back: Ψ and gradient of each layer
 */
export function sweepOf({ layers, inputsId }) {
  const forward = layers.map(({ forwardIds }, i) => ({ pass: /** @type {SweepPass} */ ("forward"), layer: i + 1, made: forwardIds }));
  const back = layers.flatMap(({ psi, psiIds, gradientIds }, i) =>
    psi ? [[{ pass: /** @type {SweepPass} */ ("psi"), layer: i + 1, made: psiIds }, { pass: /** @type {SweepPass} */ ("gradient"), layer: i + 1, made: gradientIds }]] : [],
  );
  return [{ pass: "forward", layer: 0, made: [inputsId] }, ...forward, { pass: "loss", layer: layers.length, made: ["residual", "loss"] }, ...back.reverse().flat()];
}

/**
 * @param {Stage} stage
 * @param {SweepPass} pass
 * @param {number} layer
 * @returns {boolean} whether at this stage a layer has been reached by a pass
 */
export function isReached(stage, pass, layer) {
  if (pass === "forward") return stage.pass !== "forward" || stage.layer >= layer;
  if (stage.pass === "forward" || stage.pass === "loss") return false;
  return stage.layer < layer || (stage.layer === layer && (pass === "psi" || stage.pass === "gradient"));
}

export class Sweep {
  element = element("section", { className: "sweep", ariaLabel: text("sweep.title") });
  /** Called when another stage is shown. */
  changed = () => {};
  #back = element("button", { type: "button" }, text("psi.back"));
  #next = element("button", { type: "button", className: "strong" }, text("psi.next"));
  #run = element("button", { type: "button", className: "run" }, text("sweep.run"));
  #whole = element("button", { type: "button" }, text("sweep.whole"));
  #count = element("span", { className: "label" });
  #words = element("p", { className: "words", ariaLive: "polite" });
  #formula = element("div", { className: "written-out", tabIndex: 0, role: "group", ariaLabel: text("sweep.equations") });
  /** @type {Stage[]} */ #stages = [];
  /** @type {number | null} null: nothing is swept */ #at = null;
  #timer = 0;
  #told = "";

  constructor() {
    const title = element("h3", {}, text("sweep.title"));
    this.element.append(title, element("div", { className: "stepper" }, this.#back, this.#next, this.#run, this.#whole, this.#count), this.#words, this.#formula);
    this.#back.addEventListener("click", () => this.#go(-1));
    this.#next.addEventListener("click", () => this.#go(1));
    this.#run.addEventListener("click", () => (this.#timer ? this.#stop() : this.#start()));
    this.#whole.addEventListener("click", () => this.#show(null));
    this.element.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation(); // the page's own keys step the run
      this.#go(move);
    });
    this.#tell(new Map());
  }

  /** @returns {Stage | null} */
  get stage() {
    return this.#at === null ? null : (this.#stages[this.#at] ?? null);
  }

  /**
   * @param {Net} net
   * @param {Anatomy} anatomy
   */
  offer(net, { quantities }) {
    this.#stages = sweepOf(net);
    if (this.#at !== null && this.#at >= this.#stages.length) this.#at = null;
    this.#tell(new Map(quantities.map((quantity) => [quantity.id, quantity])));
  }

  /** @param {number} move */
  #go(move) {
    this.#stop();
    const next = this.#at === null ? (move > 0 ? 0 : null) : this.#at + move;
    if (next !== this.#stages.length) this.#show(next !== null && next < 0 ? null : next);
  }

  #start() {
    this.#timer = setInterval(() => (this.#at === null || this.#at < this.#stages.length - 1 ? this.#show((this.#at ?? -1) + 1) : this.#stop()), STAGE_MS);
    this.#show(this.#at === null || this.#at === this.#stages.length - 1 ? 0 : this.#at + 1);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    say(this.#run, text("sweep.run"));
  }

  /** @param {number | null} at */
  #show(at) {
    if (at === null) this.#stop();
    this.#at = at;
    this.changed();
  }

  /** @param {Map<string, Quantity>} known */
  #tell(known) {
    const { stage } = this;
    say(this.#run, text(this.#timer ? "sweep.stop" : "sweep.run"));
    say(this.#count, stage ? text("psi.count", { stage: (this.#at ?? 0) + 1, stages: this.#stages.length }) : "");
    say(this.#words, stage ? wordsFor(stage, this.#stages) : text("sweep.hint"));
    for (const button of [this.#back, this.#whole]) button.ariaDisabled = String(!stage);
    this.#next.ariaDisabled = String(this.#at === this.#stages.length - 1);
    const told = JSON.stringify(stage?.made.map((id) => known.get(id)?.equation));
    this.#formula.hidden = !stage;
    if (told === this.#told) return;
    this.#told = told;
    this.#formula.replaceChildren(...(stage?.made ?? []).flatMap((id) => (known.has(id) ? [equationElement(known.get(id)?.equation ?? "", known)] : [])));
  }
}

/**
 * @param {Stage} stage
 * @param {Stage[]} stages
 * @returns {string}
 */
function wordsFor({ pass, layer }, stages) {
  const last = Math.max(...stages.map((stage) => stage.layer));
  const values = { layer, above: layer + 1 };
  if (pass === "forward" && layer === 0) return text("sweep.words.inputs");
  if (pass === "psi") return text(layer === last ? "sweep.words.psi_last" : "sweep.words.psi", values);
  if (pass === "loss" && stages.every((each) => each.pass !== "psi")) return text("sweep.words.loss_alone");
  return text(`sweep.words.${pass}`, values);
}
