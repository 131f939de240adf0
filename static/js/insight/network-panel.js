// @ts-check
/** The network tab: the drawing, the example that goes through it, and what is told apart rightly. */

/**
 * @import { Classification } from "./wire.js"
 * @import { At } from "./network.js"
 * @import { DataView } from "../wire.js"
 * @import { Net } from "./layers.js"
 * @import { Pointing } from "./pointing.js"
 * @import { Picture } from "../share/images.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, glyph, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { onThemeChange } from "../theme.js";
import { aboutWords } from "./about.js";
import { shownRun } from "./anatomies.js";
import { Confusion } from "./confusion.js";
import { choiceGroup, selectBox } from "./controls.js";
import { ExampleChooser } from "./example.js";
import { netOf } from "./layers.js";
import { largest } from "./matrix.js";
import { NetworkDrawing } from "./network.js";
import { networkSheet } from "./network-sheet.js";
import { trainingColumns } from "./order.js";
import { imageOf } from "../share/sheet.js";
import { isOfNow, learn, look } from "./state.js";
import { Sweep } from "./sweep.js";

export class NetworkPanel {
  element = element("div", { className: "insight" });
  #store;
  #pointing;
  #saves;
  #drawing = new NetworkDrawing();
  #sweep = new Sweep();
  #confusion = new Confusion();
  #about = element("p", { className: "about" });
  #told = element("p", { className: "told" });
  #lines;
  #runs;
  #example;
  #thickest = element("span");
  #key = element("p", { className: "key" }, ...signs(), this.#thickest);
  #none = element("p", { className: "label" });

  /**
   * @param {Store<State>} store
   * @param {Pointing} pointing
   * @param {HTMLButtonElement} saves the button that saves the drawing
   */
  constructor(store, pointing, saves) {
    this.#store = store;
    this.#pointing = pointing;
    this.#saves = saves;
    this.#lines = choiceGroup("network-lines", text("network.lines"), { weights: text("network.weights"), gradients: text("network.gradients") }, (lines) => look(store, { lines }));
    this.#runs = selectBox(text("readout.run"), (run) => look(store, { run }));
    this.#example = new ExampleChooser((chosen) => learn(store, { chosen }));
    const bar = element("div", { className: "toolbar" }, this.#about, this.#runs.element, saves, this.#lines.element);
    this.element.append(bar, this.#example.element, this.#none, this.#drawing.element, this.#told, this.#key, this.#sweep.element, this.#confusion.element);
    this.#drawing.pointed = (words, at) => {
      const isLens = at && at.layer && at.from === null && store.state.insight.units;
      say(this.#told, isLens ? `${words} ${text("network.lens")}` : words || text("network.hint"));
      this.#lookThrough(at);
    };
    this.#sweep.changed = () => this.#show(store.state);
    for (const part of [this.#drawing.element, this.#sweep.element]) pointing.listen(part);
    store.subscribe(["insight", "predictions", "data", "runs"], (state) => this.#show(state));
    onThemeChange(() => this.#drawing.redraw());
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
    const net = insight.anatomy && isOfNow(insight.anatomy, state) && netOf(insight.anatomy.value);
    for (const part of [this.#drawing.element, this.#told, this.#key, this.#sweep.element, this.#example.element, this.#saves]) part.hidden = !net;
    say(this.#none, insight.anatomy && !net ? text("network.none") : "");
    if (net && state.data) this.#draw(net, state.data);
  }

  /** @returns {Picture} the drawing as a file */
  get picture() {
    const words = [this.#example.words, text(`network.${this.#store.state.insight.looks.lines}`)].join(" · ");
    return {
      name: "network",
      words: text("network.title"),
      make: (title, format) => imageOf((width) => this.#drawing.portrait(width, (drawing) => networkSheet(drawing, this.#key, [title, words])), format),
    };
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
    const { anatomy, units, looks, chosen } = this.#store.state.insight;
    if (!anatomy) return;
    say(this.#about, aboutWords(anatomy.value, trainingColumns(data).length, false));
    const example = this.#example.show(anatomy.value, data, chosen);
    const column = trainingColumns(data)[anatomy.value.batch[example]];
    const known = units && isOfNow(units, this.#store.state) ? units.value : null;
    const answers = net.layers[net.layers.length - 1].weights.length === data.classes?.length ? data.classes : ["ŷ"];
    this.#sweep.offer(net, anatomy.value);
    const { stage } = this.#sweep;
    const shown = { net, lines: looks.lines, example, stage, units: known, features: data.X.map((row) => row[column]) };
    const isNew = this.#drawing.show({ ...shown, names: data.x_names ?? [], answers });
    if (isNew) this.#pointing.refresh();
    this.#showKey(net, looks.lines);
  }

  /**
   * What a unit makes of the inputs, over the data.
   * @param {At | null} at
   */
  #lookThrough(at) {
    const lens = at && at.layer && at.from === null ? { layer: at.layer, unit: at.unit } : null;
    if (JSON.stringify(lens) !== JSON.stringify(this.#store.state.insight.lens)) learn(this.#store, { lens });
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
