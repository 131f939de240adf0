// @ts-check
/** The equations tab: the step taken next, as equations or as the Ψ that is handed back, and who pulls at one entry. */

/**
 * @import { Anatomy } from "./wire.js"
 * @import { Pointing } from "./pointing.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, say } from "../dom.js";
import { addresses } from "../parameters.js";
import { text } from "../texts.js";
import { onThemeChange } from "../theme.js";
import { notationOf, shownRun } from "./anatomies.js";
import { aboutWords } from "./about.js";
import { choiceGroup, selectBox } from "./controls.js";
import { EquationsView } from "./equations.js";
import { netOf } from "./layers.js";
import { levelsOf } from "./levels.js";
import { NetworkDrawing } from "./network.js";
import { orderOf } from "./order.js";
import { PsiView } from "./psi.js";
import { Shares } from "./shares.js";
import { look } from "./state.js";

export class EquationsPanel {
  element = element("div", { className: "insight" });
  #about = element("p", { className: "about" });
  #map = new NetworkDrawing("small");
  #equations = new EquationsView();
  #psi = new PsiView();
  #shares;
  #pointing;
  #notation;
  #kind;
  #runs;
  /** @type {Anatomy | null} */ #shown = null;

  /**
   * @param {Store<State>} store
   * @param {Pointing} pointing
   */
  constructor(store, pointing) {
    this.#pointing = pointing;
    this.#notation = choiceGroup("notation", text("notation.title"), { apart: text("notation.apart"), folded: text("notation.folded") }, (notation) => look(store, { notation }));
    this.#kind = choiceGroup("equations-kind", text("kind.title"), { equations: text("kind.equations"), psi: text("kind.psi") }, (kind) => look(store, { kind }));
    this.#runs = selectBox(text("readout.run"), (run) => look(store, { run }));
    const firstEntry = () => addresses(store.state.parameters, 1)[0] ?? null;
    this.#shares = new Shares(
      (entry) => look(store, { entry }),
      (isOpen) => look(store, { entry: isOpen ? firstEntry() : null }),
    );
    const bar = element("div", { className: "toolbar" }, this.#about, this.#runs.element, this.#kind.element, this.#notation.element);
    this.element.append(bar, this.#map.element, this.#equations.element, this.#psi.element, this.#shares.element);
    for (const view of [this.#map, this.#equations, this.#psi]) pointing.listen(view.element);
    store.subscribe(["parameters"], ({ parameters, insight: { looks } }) => {
      if (looks.entry && !addresses(parameters).includes(looks.entry)) look(store, { entry: firstEntry() });
    });
    store.subscribe(["insight", "recipe", "runs", "parameters"], (state) => this.#show(state));
    onThemeChange(() => this.#map.redraw());
  }

  /** @param {Readonly<State>} state */
  #show(state) {
    const { insight, runs, parameters } = state;
    const { looks, anatomy } = insight;
    this.#notation.show(notationOf(state, looks));
    this.#notation.element.hidden = !state.recipe?.problem.dataset;
    this.#kind.show(looks.kind);
    this.#runs.element.hidden = runs.length < 2;
    this.#runs.show(runs.map(({ name }) => name), shownRun(state));
    this.element.dataset.run = shownRun(state);
    this.#shares.element.hidden = !state.recipe?.problem.dataset;
    if (looks.entry) this.#shares.offer(addresses(parameters), looks.entry);
    const isDeep = anatomy !== null && levelsOf(anatomy.value.quantities).length > 1;
    this.#kind.element.hidden = !isDeep;
    const isPsi = isDeep && looks.kind === "psi";
    this.#equations.element.hidden = isPsi;
    this.#psi.element.hidden = !isPsi;
    if (!anatomy || anatomy.value === this.#shown) return;
    this.#shown = anatomy.value;
    this.#showAnatomy(anatomy.value, state);
  }

  /**
   * @param {Anatomy} anatomy
   * @param {Readonly<State>} state
   */
  #showAnatomy(anatomy, { data, parameters }) {
    const examples = data ? data.X[0].length - data.test.length : 0;
    const order = orderOf(anatomy);
    say(this.#about, aboutWords(anatomy, examples, order !== null));
    const known = new Map(anatomy.quantities.map((quantity) => [quantity.id, quantity]));
    this.#equations.show(anatomy, known, order, parameters);
    this.#psi.show(anatomy, known, order);
    const net = netOf(anatomy);
    this.#map.element.hidden = !net;
    if (net) this.#map.show({ net, lines: "weights", example: 0, units: null, features: [], names: [], answers: [], stage: null });
    if (anatomy.contributions) this.#shares.show(anatomy.contributions, data, order);
    this.#pointing.know(known);
  }
}
