// @ts-check
/** Run until: a goal that play stops at, set beside the speed, and what came of it in words. */

/**
 * @import { Actions } from "../actions.js"
 * @import { Goal } from "./goal.js"
 * @import { Notices } from "../notices.js"
 * @import { Page } from "../dom.js"
 * @import { Player } from "../player.js"
 * @import { DrawnRun } from "../runs.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { typedNumber } from "../by-hand/nudge.js";
import { element } from "../dom.js";
import { formatNumber, rounded } from "../format.js";
import { text } from "../texts.js";
import { GOALS, firstAfter, holdsAt } from "./goal.js";

const FIRST_SHARE = 0.5; // of the present value: a goal that is not reached yet

/**
 * @typedef {object} Parts
 * @property {Page} page
 * @property {Store<State>} store
 * @property {Player} player
 * @property {Session} session
 * @property {Actions} actions
 * @property {Notices} notices
 * @property {{runs: DrawnRun[]}} scene
 * @property {{isOver: boolean}} watch
 */

export class GoalControl {
  #parts;
  #kind;
  #value = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false, ariaLabel: text("goal.value") });
  /** Whether play stops at the goal this time: not where it has been reached already. */
  #isAhead = false;
  /** The step of which the words are. @type {number | null} */ #toldAt = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { page, store, player } = parts;
    const options = ["none", ...GOALS].map((kind) => element("option", { value: kind }, text(`goal.${kind}`)));
    this.#kind = element("select", { className: "slim", ariaLabel: text("goal.title"), title: text("goal.title") }, ...options);
    page.goal.append(this.#kind, this.#value);
    this.#kind.addEventListener("change", () => this.#choose());
    this.#value.addEventListener("change", () => this.#type());
    this.#value.addEventListener("keydown", ({ key }) => key === "Enter" && this.#type() && player.mode === "paused" && parts.actions.toggle());
    store.subscribe(["view"], ({ view }) => this.#show(view.goal));
    player.aims = { end: () => this.#aim(), until: () => this.#until };
  }

  /** @returns {Record<string, number> | undefined} as steps are asked for */
  get #until() {
    const { goal } = this.#parts.store.state.view;
    return goal && this.#isAhead ? { [goal.kind]: goal.value } : undefined;
  }

  /** Play begins, or goes on with other steps: the goal is where it is reached from here on. */
  #aim() {
    const { store, player, session, scene } = this.#parts;
    const { goal } = store.state.view;
    this.#isAhead = goal !== null && !scene.runs.some(({ path, count }) => holdsAt(goal, path, count - 1));
    this.#tell(null);
    return goal && this.#isAhead ? firstAfter(goal, session.paths.values(), player.step) : Infinity;
  }

  /** Another step is drawn, or it has stopped: the words are of the step they were said at. */
  follow() {
    const { store, player, scene, watch } = this.#parts;
    const { goal } = store.state.view;
    if (player.mode === "playing" || (this.#toldAt !== null && this.#toldAt !== player.step)) this.#tell(null);
    if (player.mode === "playing" || !goal || !this.#isAhead) return;
    const there = scene.runs.find(({ path, count }) => holdsAt(goal, path, count - 1));
    if (there) this.#tell(text("goal.reached", { run: there.name, goal: words(goal), value: valueOf(goal, there), step: player.step }));
    else if (watch.isOver) this.#tell(this.#missed(goal));
    else return;
    this.#isAhead = false;
  }

  /**
   * @param {Goal} goal
   * @returns {string} how near the nearest came
   */
  #missed(goal) {
    const [nearest] = this.#parts.scene.runs.sort((a, b) => numberOf(goal, a) - numberOf(goal, b));
    return nearest ? text("goal.missed", { run: nearest.name, goal: words(goal), value: valueOf(goal, nearest) }) : "";
  }

  /** @param {string | null} told */
  #tell(told) {
    const { page, notices, player } = this.#parts;
    this.#toldAt = told === null ? null : player.step;
    notices.set("goal", told === null ? null : { words: told });
    if (told !== null) page.status.textContent = told;
  }

  #choose() {
    const { actions, scene } = this.#parts;
    const kind = GOALS.find((each) => each === this.#kind.value);
    const [first] = scene.runs;
    actions.lookAt({ goal: kind ? { kind, value: rounded(FIRST_SHARE * (first ? numberOf({ kind, value: 0 }, first) : 1), 2) } : null });
    if (kind) this.#value.focus();
    if (kind) this.#value.select();
  }

  /** @returns {boolean} whether it is a number that can be a goal */
  #type() {
    const { store, actions } = this.#parts;
    const { goal } = store.state.view;
    const value = typedNumber(this.#value.value);
    const isGood = goal !== null && !Number.isNaN(value) && (goal.kind === "loss" || value >= 0);
    this.#value.ariaInvalid = String(!isGood);
    this.#value.title = isGood ? "" : text("goal.bad");
    if (isGood && value !== goal.value) actions.lookAt({ goal: { kind: goal.kind, value } });
    return isGood;
  }

  /** @param {Goal | null} goal */
  #show(goal) {
    const { player } = this.#parts;
    this.#kind.value = goal?.kind ?? "none";
    this.#value.hidden = !goal;
    if (goal && document.activeElement !== this.#value) this.#value.value = String(goal.value);
    if (player.mode === "playing") player.aim();
  }
}

/**
 * @param {Goal} goal
 * @param {DrawnRun} run
 * @returns {number}
 */
const numberOf = ({ kind }, { point }) => (kind === "loss" ? point.loss : point.gradientNorm);

/**
 * @param {Goal} goal
 * @param {DrawnRun} run
 * @returns {string}
 */
const valueOf = (goal, run) => formatNumber(numberOf(goal, run));

/**
 * @param {Goal} goal
 * @returns {string}
 */
const words = ({ kind, value }) => text(`goal.words_${kind}`, { value: String(value).replace("-", "−") });
