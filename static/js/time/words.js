// @ts-check
/** Changes in words: what an event sets, and what the difference between two recipes comes to. Names come from the catalogue. */

/**
 * @import { Catalogue, Choice, Entry, Recipe, RunEvent, RunRecipe } from "../wire.js"
 */
import { entryOf } from "../choice.js";
import { formatNumber } from "../format.js";
import { inForce } from "../state.js";
import { text } from "../texts.js";

/**
 * @param {RunRecipe} run
 * @param {RunEvent} event of this run
 * @param {Catalogue} catalogue
 * @returns {string} "Learning rate η 0.05, batch size 8"
 */
export function eventWords(run, { at, set }, catalogue) {
  const before = inForce(run, at - 1);
  const { optimizer, schedule, batch_size, gradient, parameters } = /** @type {Partial<RunRecipe> & {parameters?: Record<string, unknown>}} */ (set);
  return [
    ...(optimizer ? choiceWords(optimizer, before.optimizer, catalogue.optimizers) : []),
    ...(schedule ? choiceWords(schedule, before.schedule, catalogue.schedules ?? []) : []),
    ...("batch_size" in set ? [batch_size ? text("time.batch", { size: batch_size }) : text("time.batch_all")] : []),
    ...(gradient ? [catalogue.gradients?.find(({ kind }) => kind === gradient)?.title ?? gradient] : []),
    ...Object.entries(parameters ?? {}).map(([name, value]) => text("time.by_hand", { name, value: Array.isArray(value) ? "…" : formatNumber(Number(value)) })),
  ].join(", ");
}

/**
 * @param {Partial<Choice>} change its fields, or another kind with fields
 * @param {Choice | undefined} before
 * @param {Entry[]} entries
 * @returns {string[]}
 */
function choiceWords(change, before, entries) {
  const { kind = before?.kind, ...fields } = change;
  const entry = entries.find((each) => each.kind === kind);
  const isAnother = kind !== before?.kind;
  const values = Object.entries(fields).filter(([name, value]) => isField(value) && (!isAnother || name === "learning_rate"));
  const words = values.map(([name, value]) => `${entry?.schema.properties?.[name]?.title ?? name} ${value}`);
  return [...(isAnother ? [entry?.title ?? String(kind)] : []), ...words];
}

const isField = (/** @type {unknown} */ value) => ["number", "string", "boolean"].includes(typeof value);

/**
 * @param {Recipe} before
 * @param {Recipe} after
 * @param {Catalogue} catalogue
 * @returns {string | null} null where they say the same
 */
export function differenceWords(before, after, catalogue) {
  return problemWords(before, after, catalogue) ?? runsWords(before, after, catalogue);
}

/**
 * @param {Recipe} before
 * @param {Recipe} after
 * @param {Catalogue} catalogue
 * @returns {string | null}
 */
function problemWords({ problem, seed, start }, after, catalogue) {
  const { dataset, ...model } = problem;
  const { dataset: data, ...modelAfter } = after.problem;
  const title = entryOf(catalogue, after.problem)?.title ?? after.problem.kind;
  if (entryOf(catalogue, problem) !== entryOf(catalogue, after.problem)) return text("time.problem", { title });
  if (!same(model, modelAfter)) return text("time.model", { title });
  if (!same(dataset, data)) return text("time.data", { title: catalogue.datasets.find(({ kind }) => kind === data?.kind)?.title ?? "" });
  if (!same(start, after.start)) return text("time.start");
  return seed === after.seed ? null : text("time.seed", { seed: after.seed });
}

/**
 * @param {Recipe} before
 * @param {Recipe} after
 * @param {Catalogue} catalogue
 * @returns {string | null}
 */
function runsWords({ runs }, after, catalogue) {
  const names = (/** @type {RunRecipe[]} */ all) => all.map(({ name }) => name);
  const added = names(after.runs).filter((name) => !names(runs).includes(name));
  const gone = names(runs).filter((name) => !names(after.runs).includes(name));
  if (added.length && gone.length) return text("time.renamed", { run: gone[0], name: added[0] });
  if (added.length) return text("time.added", { run: added[0] });
  if (gone.length) return text("time.removed", { run: gone[0] });
  const index = runs.findIndex((run, i) => !same(run, after.runs[i]));
  if (index < 0) return null;
  const [old, run] = [runs[index], after.runs[index]];
  if (!same(old.start, run.start)) return text("time.own_start", { run: run.name });
  const event = run.events?.find((each) => !old.events?.some((known) => same(known, each)));
  if (!event) return text("time.settings", { run: run.name });
  const changes = eventWords(run, event, catalogue) || text("time.some_settings");
  return text("time.event", { run: run.name, step: event.at, changes });
}

/**
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * @param {Recipe | null} before
 * @param {Recipe} after
 * @returns {boolean} whether what is drawn of one is true of the other
 */
export const isOnSameGround = (before, after) => same([before?.problem, before?.start, before?.seed], [after.problem, after.start, after.seed]);
