// @ts-check
/** The studies tab: which one, its settings, how far it is, and what came out, a click from the run. */

/**
 * @import { BasinsResult, RaceResult, Study, StudyKind, SweepResult } from "./wire.js"
 * @import { Colour } from "./state.js"
 * @import { Course } from "./course.js"
 * @import { Entry } from "./key.js"
 * @import { Loading } from "./loading.js"
 * @import { Picture } from "../share/images.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element, say } from "../dom.js";
import { formatNumber } from "../format.js";
import { choiceGroup, selectBox } from "../insight/controls.js";
import { CellMap } from "../plots/cells.js";
import { RacePlot } from "../plots/race.js";
import { plotImage } from "../share/images.js";
import { inForce } from "../state.js";
import { text } from "../texts.js";
import { onThemeChange } from "../theme.js";
import { duration } from "./duration.js";
import { StudyForm } from "./form.js";
import { keyLine, keyTrace, minimaKey, outcomeKey, scaleKey, waysKey } from "./key.js";
import { basinsPicture, settingWords, sweepPicture } from "./pictures.js";
import { isUnfinished, note, studiedRun } from "./state.js";

/** @type {StudyKind[]} */
const KINDS = ["basins", "sweep", "cost_race"];

export class StudiesPanel {
  element = element("div", { className: "insight studies" });
  #store;
  #course;
  #loading;
  #saves;
  /** @type {Partial<Record<StudyKind, StudyForm>>} */ #forms = {};
  #kinds;
  #colour;
  #runs;
  #summary = element("p", { className: "about" });
  #settings = element("div", { className: "study-form" });
  #begin = element("button", { type: "button", className: "primary" });
  #stop = element("button", { type: "button" }, text("studies.stop"));
  #progress = element("progress", { max: 1, ariaLabel: text("studies.progress") });
  #share = element("output");
  #underway = element("div", { className: "study-course", hidden: true });
  #note = element("p", { className: "label", role: "status" });
  #cells = new CellMap();
  #race = new RacePlot({ weights: text("studies.race.weights"), seconds: text("studies.race.seconds"), passes: text("studies.race.passes"), differences: text("studies.race.differences") });
  #told = element("p", { className: "told", ariaLive: "polite" });
  #key = element("ul", { className: "study-key" });
  /** @type {Entry[]} */ #entries = [];
  #words = element("p", { className: "study-words" });
  #result = element("div", { className: "study-result" });
  /** @type {unknown[]} */ #shown = [];
  #of = "";

  /**
   * @param {Store<State>} store
   * @param {Course} course
   * @param {Loading} loading
   * @param {HTMLButtonElement} saves the button that saves the picture
   */
  constructor(store, course, loading, saves) {
    this.#saves = saves;
    this.#store = store;
    this.#course = course;
    this.#loading = loading;
    const named = Object.fromEntries(KINDS.map((kind) => [kind, text(`studies.kinds.${kind}`)]));
    this.#kinds = choiceGroup("study-kind", text("studies.title"), /** @type {Record<StudyKind, string>} */ (named), (kind) => note(store, { kind, trouble: null }));
    const colours = { minimum: text("studies.colour.minimum"), steps: text("studies.colour.steps"), loss: text("studies.colour.loss") };
    this.#colour = choiceGroup("study-colour", text("studies.colour"), colours, (colour) => note(store, { colour }));
    this.#runs = selectBox(text("readout.run"), (run) => note(store, { run }));
    this.#underway.append(this.#progress, this.#share, this.#stop);
    const side = element("div", { className: "study-side" }, this.#words, this.#key, this.#colour.element);
    const picture = element("div", { className: "study-picture" }, this.#cells.element, this.#race.element, this.#told);
    this.#result.append(picture, side);
    const bar = element("div", { className: "toolbar" }, this.#kinds.element, this.#runs.element, this.#begin, this.#underway, saves);
    this.element.append(bar, this.#summary, this.#settings, this.#note, this.#result);
    this.#begin.addEventListener("click", () => void this.#start());
    this.#stop.addEventListener("click", () => void this.#course.end(store.state.studies.kind));
    this.#cells.pointed = (words) => say(this.#told, words || text(`studies.hint.${store.state.studies.kind}`));
    this.#cells.chosen = (row, column) => void this.#load(row, column);
    store.subscribe(["studies", "catalogue", "runs", "view"], (state) => this.#show(state));
    onThemeChange(() => {
      for (const plot of [this.#cells, this.#race]) plot.recolour();
      if (store.state.studies.kind === "cost_race" && this.#entries.length) this.#showKey(waysKey());
    });
  }

  /** Once the tab is shown. */
  appear() {
    this.#shown = [];
    this.#show(this.#store.state);
  }

  /** @returns {Picture} the study that is looked at, with its key, as a file */
  get picture() {
    const { kind } = this.#store.state.studies;
    return {
      name: kind.replaceAll("_", "-"),
      words: text(`studies.title.${kind}`),
      isOfNoStep: true,
      make: async (title, format) => {
        const graph = await (kind === "cost_race" ? this.#race : this.#cells).graph;
        return plotImage(graph ? [graph] : [], title, format, this.#entries.map(keyTrace));
      },
    };
  }

  /** @param {Entry[]} entries */
  #showKey(entries) {
    this.#entries = entries;
    this.#key.replaceChildren(...entries.map(keyLine));
  }

  #start() {
    const { kind } = this.#store.state.studies;
    return this.#course.begin(kind, this.#forms[kind]?.values ?? {});
  }

  /** @param {Readonly<State>} state */
  #show(state) {
    const { studies, catalogue, runs } = state;
    const { kind, found, trouble } = studies;
    const entry = catalogue?.studies.find((one) => one.kind === kind);
    if (!entry || !this.element.clientWidth) return; // not yet, or in another tab
    const study = found[kind];
    this.#kinds.show(kind);
    this.#runs.element.hidden = runs.length < 2 || kind === "cost_race";
    this.#runs.show(runs.map(({ name }) => name), studiedRun(state));
    say(this.#summary, entry.summary);
    const form = (this.#forms[kind] ??= new StudyForm(entry));
    if (this.#settings.firstChild !== form.element) this.#settings.replaceChildren(form.element);
    say(this.#begin, text(study ? "studies.again" : `studies.begin.${kind}`));
    this.#begin.hidden = isUnfinished(study);
    this.#underway.hidden = !isUnfinished(study);
    this.#progress.value = study?.progress ?? 0;
    say(this.#share, text(study?.status === "waiting" ? "studies.waiting" : "studies.share", { percent: Math.floor(100 * (study?.progress ?? 0)) }));
    say(this.#note, trouble ?? study?.note ?? "");
    for (const part of [this.#result, this.#saves]) part.hidden = !study?.result;
    if (study?.result) this.#draw(study, state);
  }

  /**
   * @param {Study} study
   * @param {Readonly<State>} state
   */
  #draw(study, state) {
    const colour = colourShown(study, state);
    const present = presentSetting(study, state);
    const shown = [study.result, colour, JSON.stringify(present)];
    if (shown.every((one, i) => one === this.#shown[i])) return;
    if (study.id !== this.#of) say(this.#told, text(`studies.hint.${study.kind}`));
    this.#of = study.id;
    this.#shown = shown;
    this.#colour.show(colour);
    const isRace = study.kind === "cost_race";
    this.#race.element.hidden = !isRace;
    this.#cells.element.hidden = isRace;
    this.#told.hidden = isRace;
    this.#colour.element.hidden = study.kind !== "basins";
    if (isRace) return this.#drawRace(study.result);
    if (study.kind === "basins") this.#drawBasins(study, study.result, colour);
    else this.#drawSweep(study, study.result, present);
  }

  /**
   * @param {Study} study
   * @param {BasinsResult} result
   * @param {Colour} colour
   */
  #drawBasins(study, result, colour) {
    const picture = basinsPicture(result, colour);
    this.#cells.label = text("studies.label.basins", { run: study.run ?? "" });
    void this.#cells.show(picture);
    const others = colour === "loss" ? ["diverged", "undefined"] : ["on the way", "diverged", "undefined"];
    const scale = colour === "minimum" ? minimaKey(result) : scaleKey(picture.span, text(`studies.colour.${colour}`));
    this.#showKey([...scale, ...outcomeKey(result.outcome, others)]);
    say(this.#words, [madeWith(study, this.#store.state), colour === "minimum" && result.minima.length ? text("studies.paler") : ""].join(" "));
  }

  /**
   * @param {Study} study
   * @param {SweepResult} result
   * @param {{learning_rate: number, momentum: number | null} | null} present
   */
  #drawSweep(study, result, present) {
    const picture = sweepPicture(result, present);
    this.#cells.label = text("studies.label.sweep", { run: study.run ?? "", steps: result.steps_asked });
    void this.#cells.show(picture);
    this.#showKey([...scaleKey(picture.span, text("studies.colour.loss")), ...outcomeKey(result.outcome, ["diverged", "undefined"]), { words: text("studies.marks") }]);
    const { best } = result;
    const words = text("studies.swept_kind", { optimizer: titleOf(result.optimizer, this.#store.state), steps: result.steps_asked });
    if (!best) return say(this.#words, words);
    const at = [result.momentum.indexOf(best.momentum), result.learning_rate.indexOf(best.learning_rate)];
    say(this.#words, `${words} ${text("studies.best", { loss: formatNumber(best.loss), at: settingWords(result, at[0], at[1]) })}`);
  }

  /** @param {RaceResult} result */
  #drawRace(result) {
    void this.#race.show(result);
    this.#showKey(waysKey());
    const { extrapolation } = result;
    if (!extrapolation) return say(this.#words, "");
    const { weights, updates, ratio, pass_seconds, difference_seconds, all_passes_seconds, all_differences_seconds } = extrapolation;
    const whole = (/** @type {number} */ value) => Number(value.toPrecision(2)).toLocaleString("en-GB");
    const values = { weights: weights.toLocaleString("en-GB"), updates: updates.toLocaleString("en-GB"), ratio: whole(ratio), pass: duration(pass_seconds), difference: duration(difference_seconds) };
    say(this.#words, text("studies.race.words", { ...values, passes: duration(all_passes_seconds), differences: duration(all_differences_seconds) }));
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  async #load(row, column) {
    const { kind, found } = this.#store.state.studies;
    const study = found[kind];
    if (!study?.result) return;
    const isLoaded = await (kind === "basins" ? this.#loading.start(study.result, row, column) : this.#loading.setting(study.result, study.run ?? "", row, column));
    say(this.#told, text(isLoaded ? `studies.loaded.${kind}` : "studies.locked"));
  }
}

/**
 * What is in force for the run of a sweep, as far as it stands on its axes.
 * @param {Study} study
 * @param {Readonly<State>} state
 * @returns {{learning_rate: number, momentum: number | null} | null}
 */
function presentSetting({ kind, run, result }, { recipe, runs }) {
  const own = recipe?.runs.find(({ name }) => name === run);
  if (kind !== "sweep" || !own) return null;
  const step = runs.find(({ name }) => name === run)?.step ?? 0;
  const { optimizer } = inForce(own, step);
  if (optimizer.kind !== result.optimizer && optimizer.kind !== "gradient_descent") return null;
  const rate = Number(optimizer.learning_rate);
  const isThere = rate >= result.learning_rate[0] && rate <= result.learning_rate[result.learning_rate.length - 1];
  return isThere ? { learning_rate: rate, momentum: result.constant && Number(optimizer[result.constant] ?? 0) } : null;
}

/**
 * @param {Study} study
 * @param {Readonly<State>} state
 * @returns {Colour}
 */
function colourShown({ kind, result }, { studies }) {
  return studies.colour ?? (kind !== "basins" || result.minima.length ? "minimum" : "loss");
}

/**
 * @param {Study} study
 * @param {Readonly<State>} state
 * @returns {string}
 */
function madeWith({ run, settings }, state) {
  const { kind, learning_rate } = settings?.optimizer ?? {};
  const rate = learning_rate === undefined ? "" : `, η ${formatNumber(learning_rate)}`;
  return text("studies.made_with", { run: run ?? "", optimizer: titleOf(kind, state) + rate });
}

/**
 * @param {string} kind of optimizer
 * @param {Readonly<State>} state
 * @returns {string}
 */
const titleOf = (kind, { catalogue }) => catalogue?.optimizers.find((one) => one.kind === kind)?.title ?? kind;
