// @ts-check
/** The example that goes through the network: chosen with a slider or by a click on the data. */

/**
 * @import { Anatomy } from "./wire.js"
 * @import { DataView } from "../wire.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { text } from "../texts.js";
import { orderOf, trainingColumns } from "./order.js";

const MOST_NAMED = 2;

export class ExampleChooser {
  element;
  #slider = element("input", { type: "range", min: "0", step: "1", value: "0", ariaLabel: text("network.example") });
  #words = element("output");
  /** The examples of the batch in the order of the slider. @type {number[]} */ #offered = [];

  /** @param {(example: number) => void} chosen */
  constructor(chosen) {
    const title = element("span", { className: "label", ariaHidden: "true" }, text("network.example"));
    this.element = element("div", { className: "example" }, title, this.#slider, this.#words);
    this.#slider.addEventListener("input", () => chosen(this.#offered[this.#slider.valueAsNumber]));
  }

  /** @returns {string} the one that is shown */
  get words() {
    return `${text("network.example")} ${this.#words.value}`;
  }

  /**
   * @param {Anatomy} anatomy
   * @param {DataView} data
   * @param {number | null} chosen
   * @returns {number} the place in the batch of the one that is shown: the first where the batch does not have the chosen one
   */
  show(anatomy, data, chosen) {
    const { batch } = anatomy;
    const order = orderOf(anatomy) ?? batch.map((_, i) => i);
    this.#offered = order.map((place) => batch[place]);
    const place = Math.max(0, chosen === null ? 0 : this.#offered.indexOf(chosen));
    const isElsewhere = chosen !== null && this.#offered[place] !== chosen;
    this.#slider.max = String(batch.length - 1);
    this.#slider.value = String(place);
    const words = exampleWords(data, this.#offered[place]);
    say(this.#words, isElsewhere ? `${words} (${text("network.not_in_batch", { example: chosen })})` : words);
    this.#slider.ariaValueText = this.#words.value;
    return order[place];
  }
}

/**
 * @param {DataView} data
 * @param {number} example
 * @returns {string} its number, its features where they are few, what was observed
 */
function exampleWords(data, example) {
  const { X, y, x_names = [], y_names = [], classes } = data;
  const column = trainingColumns(data)[example];
  const inputs = X.length > MOST_NAMED ? [] : X.map((row, i) => `${x_names[i] ?? `x${i + 1}`} = ${formatNumber(row[column])}`);
  const answer = classes ? classes[y[0][column]] : formatNumber(y[0][column]);
  return `${example}: ${[...inputs, `${y_names[0] ?? "y"} = ${answer}`].join(", ")}`;
}
