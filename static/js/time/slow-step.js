// @ts-check
/**
 * The slow step: what the next step is made of, as arrows on the map one after another. The right arrow key goes on; after
 * the last one the step is made, and the next one begins.
 */

/**
 * @import { Actions } from "../actions.js"
 * @import { Ground } from "./arrows.js"
 * @import { Page } from "../dom.js"
 * @import { Pictures } from "../pictures.js"
 * @import { Player } from "../player.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Stage } from "./stages.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element } from "../dom.js";
import { text } from "../texts.js";
import { drawArrows, scaleFor } from "./arrows.js";
import { stagesOf } from "./stages.js";

const DIGITS = 12;

/**
 * @typedef {object} Parts
 * @property {Page} page
 * @property {Store<State>} store
 * @property {Actions} actions
 * @property {Pictures} pictures
 * @property {Player} player
 * @property {{runs: DrawnRun[]}} scene
 * @property {{ground: Ground}} stage
 */

/** @typedef {{run: DrawnRun, step: number, lineage: number, stages: Stage[], index: number}} Shown */

export class SlowStep {
  #parts;
  /** @type {Shown | null} */ #shown = null;
  #isBusy = false;
  #svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  #title = element("strong");
  #words = element("p");
  #previous = element("button", { type: "button", className: "plain" }, "‹");
  #next = element("button", { type: "button" });
  #close = element("button", { type: "button", className: "plain" }, "✕");
  #caption;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { page, store } = parts;
    this.#svg.setAttribute("class", "arrows");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#previous.ariaLabel = this.#previous.title = text("time.slow_previous");
    this.#close.ariaLabel = this.#close.title = text("time.slow_close");
    const buttons = element("div", { className: "buttons" }, this.#previous, this.#next, this.#close);
    this.#caption = element("div", { className: "slow-step", hidden: true }, element("div", { role: "status" }, this.#title, this.#words), buttons);
    page.map.append(this.#svg, this.#caption);
    this.#next.addEventListener("click", () => void this.next());
    this.#previous.addEventListener("click", () => this.previous());
    this.#close.addEventListener("click", () => this.stop());
    page.slow.addEventListener("click", () => (this.isOn ? this.stop() : void this.start()));
    store.subscribe(["surface"], () => this.redraw());
    store.subscribe(["view"], ({ view }) => view.stage === "map" || this.stop());
    store.subscribe(["recipe"], () => this.stop());
    new ResizeObserver(() => requestAnimationFrame(() => this.redraw())).observe(page.map);
  }

  get isOn() {
    return this.#shown !== null;
  }

  async start() {
    const { player, actions, store, scene, pictures } = this.#parts;
    player.pause();
    actions.lookAt({ stage: "map" });
    const run = scene.runs[0];
    const { session, surface, parameters } = store.state;
    if (!run || !session || !surface || this.#isBusy) return;
    const { plane } = surface.value;
    const step = player.step;
    await pictures.read(
      (id) => pictures.api.anatomy(id, { run: run.name, step, notation: "apart", digits: DIGITS }),
      ({ value, lineage }) => {
        if (player.step !== step) return;
        this.#shown = { run, step, lineage, stages: stagesOf(value, parameters, [plane.x_label, plane.y_label]), index: 0 };
      },
    );
    this.#show();
  }

  stop() {
    if (!this.#shown) return;
    const hadFocus = this.#caption.contains(document.activeElement);
    this.#shown = null;
    this.#show();
    if (hadFocus) this.#parts.page.slow.focus();
  }

  /** The next arrow; after the last one the step itself. */
  async next() {
    if (!this.#shown || this.#isBusy) return;
    if (this.#shown.index < this.#shown.stages.length - 1) {
      this.#shown.index += 1;
      return this.#show();
    }
    this.#isBusy = true;
    await this.#parts.actions.forward().finally(() => (this.#isBusy = false));
    await this.start();
  }

  previous() {
    if (!this.#shown) return;
    this.#shown.index = Math.max(0, this.#shown.index - 1);
    this.#show();
  }

  /** Another step is drawn, or other settings hold: what was shown is no longer true. */
  follow() {
    const { player, store } = this.#parts;
    if (!this.#shown || this.#isBusy) return;
    if (player.step !== this.#shown.step || player.mode === "playing" || store.state.session?.lineage !== this.#shown.lineage) this.stop();
  }

  redraw() {
    if (this.#shown) this.#draw(this.#shown);
  }

  #show() {
    const shown = this.#shown;
    this.#caption.hidden = !shown;
    this.#parts.page.slow.ariaPressed = String(shown !== null);
    if (!shown) return this.#svg.replaceChildren();
    const { stages, index } = shown;
    this.#previous.disabled = index === 0;
    this.#next.textContent = text(index < stages.length - 1 ? "time.slow_next" : "time.slow_make");
    this.#next.title = text("time.slow_key");
    this.#draw(shown);
  }

  /** @param {Shown} shown */
  #draw({ run, stages, index }) {
    const { ground } = this.#parts.stage;
    const stage = stages[index];
    if (!stage) {
      this.#title.className = "";
      this.#title.textContent = text("time.slow_none_title");
      this.#words.textContent = text("time.slow_none");
      return this.#svg.replaceChildren();
    }
    const from = /** @type {[number, number]} */ ([run.point.x, run.point.y]);
    const arrows = stages.slice(0, index + 1).map(({ arrow, kind }) => ({ arrow, kind, scale: scaleFor(ground, from, arrow) }));
    drawArrows(this.#svg, ground, from, arrows);
    const { top, height } = ground.frame;
    this.#caption.classList.toggle("low", ground.place(...from)[1] < top + height / 2); // never on the point itself
    const { scale } = arrows[index];
    const times = scale === 1 ? "" : text("time.slow_scale", { times: scale > 1 ? String(scale) : `1/${Math.round(1 / scale)}` });
    this.#title.className = `stage-kind ${stage.kind}`;
    this.#title.textContent = text("time.slow_title", { number: index + 1, count: stages.length, kind: text(`time.slow_kind_${stage.kind}`) });
    this.#words.textContent = [stage.words, times].filter(Boolean).join(" ");
  }
}
