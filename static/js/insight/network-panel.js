// @ts-check
/** The network tab: the drawing, the example that goes through it, and what is told apart rightly. */

/**
 * @import { Classification } from "./wire.js"
 * @import { DataView } from "../wire.js"
 * @import { Net } from "./layers.js"
 * @import { Pointing } from "./pointing.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, glyph, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { shownRun } from "./anatomies.js";
import { Confusion } from "./confusion.js";
import { choiceGroup, selectBox } from "./controls.js";
import { netOf } from "./layers.js";
import { largest } from "./matrix.js";
import { NetworkDrawing } from "./network.js";
import { orderOf, trainingColumns } from "./order.js";
import { look } from "./state.js";

const MOST_NAMED = 2; // features of the example; of more, the drawing has the numbers

export class NetworkPanel {
  element = element("div", { className: "insight" });
  #store;
  #pointing;
  #drawing = new NetworkDrawing();
  #confusion = new Confusion();
  #about = element("p", { className: "about" });
  #told = element("p", { className: "told" });
  #lines;
  #runs;
  #slider = element("input", { type: "range", min: "0", step: "1", value: "0", ariaLabel: text("network.example") });
  #example = element("output");
  #thickest = element("span");
  #key = element("p", { className: "key" }, ...signs(), this.#thickest);
  #none = element("p", { className: "label" });
  #chosen = 0;

  /**
   * @param {Store<State>} store
   * @param {Pointing} pointing
   */
  constructor(store, pointing) {
    this.#store = store;
    this.#pointing = pointing;
    this.#lines = choiceGroup("network-lines", text("network.lines"), { weights: text("network.weights"), gradients: text("network.gradients") }, (lines) => look(store, { lines }));
    this.#runs = selectBox(text("readout.run"), (run) => look(store, { run }));
    const chooser = element("div", { className: "example" }, element("span", { className: "label", ariaHidden: "true" }, text("network.example")), this.#slider, this.#example);
    const bar = element("div", { className: "toolbar" }, this.#about, this.#runs.element, this.#lines.element);
    this.element.append(bar, chooser, this.#none, this.#drawing.element, this.#told, this.#key, this.#confusion.element);
    this.#slider.addEventListener("input", () => {
      this.#chosen = this.#slider.valueAsNumber;
      this.#show(store.state);
    });
    this.#drawing.pointed = (words) => say(this.#told, words || text("network.hint"));
    pointing.listen(this.#drawing.element);
    store.subscribe(["insight", "predictions", "data", "runs"], (state) => this.#show(state));
  }

  /** @param {Readonly<State>} state */
  #show(state) {
    const { insight, runs, predictions } = state;
    this.#lines.show(insight.looks.lines);
    this.#runs.element.hidden = runs.length < 2;
    this.#runs.show(runs.map(({ name }) => name), shownRun(state));
    const found = predictions[shownRun(state)]?.value;
    this.#confusion.show(/** @type {{classification?: Classification}} */ (found ?? {}).classification ?? null);
    if (!this.element.clientWidth) return; // in another tab
    const net = insight.anatomy && netOf(insight.anatomy.value);
    for (const part of [this.#drawing.element, this.#told, this.#key]) part.hidden = !net;
    say(this.#none, insight.anatomy && !net ? text("network.none") : "");
    if (net && state.data) this.#draw(net, state.data);
  }

  /** Once the tab is shown. */
  appear() {
    this.#show(this.#store.state);
  }

  /**
   * @param {Net} net
   * @param {DataView} data
   */
  #draw(net, data) {
    const { anatomy, units, looks } = this.#store.state.insight;
    if (!anatomy) return;
    const { batch, step } = anatomy.value;
    const place = Math.min(this.#chosen, batch.length - 1);
    const example = orderOf(anatomy.value)?.[place] ?? place;
    const column = trainingColumns(data)[batch[example]];
    this.#slider.max = String(batch.length - 1);
    say(this.#example, exampleWords(data, column, batch[example]));
    this.#slider.ariaValueText = this.#example.value;
    say(this.#about, text("step.next", { from: step, to: step + 1 }));
    const isOf = units?.asked.session === anatomy.asked.session && units.asked.lineage === anatomy.asked.lineage;
    const answers = net.layers[net.layers.length - 1].weights.length === data.classes?.length ? data.classes : ["ŷ"];
    const shown = { net, lines: looks.lines, example, units: isOf ? units.value : null, features: data.X.map((row) => row[column]) };
    const isNew = this.#drawing.show({ ...shown, names: data.x_names ?? [], answers });
    if (isNew) this.#pointing.refresh();
    this.#showKey(net, looks.lines);
  }

  /**
   * @param {Net} net
   * @param {"weights" | "gradients"} lines
   */
  #showKey(net, lines) {
    const matrices = net.layers.map((layer) => (lines === "gradients" ? layer.weightGradients : layer.weights));
    const most = matrices.map((matrix) => (matrix ? formatNumber(largest(matrix)) : "–"));
    this.#key.classList.toggle("gradients", lines === "gradients");
    say(this.#thickest, text("network.thickest", { most: most.join(" · ") }));
  }
}

/** @returns {HTMLElement[]} what the lines mean */
function signs() {
  const line = (/** @type {string} */ kind) => glyph({ line: { x1: 0, x2: 20, y1: 7, y2: 7, class: `line ${kind}`, "stroke-width": 2.5 } });
  return ["plus", "minus"].map((kind) => element("span", {}, line(kind), text(`network.${kind}`)));
}

/**
 * @param {DataView} data
 * @param {number} column of the table
 * @param {number} example
 * @returns {string}
 */
function exampleWords({ X, y, x_names = [], y_names = [], classes }, column, example) {
  const inputs = X.length > MOST_NAMED ? [] : X.map((row, i) => `${x_names[i] ?? `x${i + 1}`} = ${formatNumber(row[column])}`);
  const answer = classes ? classes[y[0][column]] : formatNumber(y[0][column]);
  return `${example}: ${[...inputs, `${y_names[0] ?? "y"} = ${answer}`].join(", ")}`;
}
