// @ts-check
/** One field of a form, made from its JSON Schema: bounds, default and label stand on the server only. */

/** @import { FieldSchema } from "./wire.js" */
import { element } from "./dom.js";
import { rounded } from "./format.js";
import { text } from "./texts.js";

const SLIDER_STEPS = 1_000;
const REACH = 10; // a slider ends at ten times the default, a typed number at the bound itself
const LOG_REACH = 1_000;
const NUMBER_ONLY = 1e6; // a range as wide as a seed's has no use for a slider

/**
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {(value: unknown) => void} show unless one is just typing there
 * @property {(complaint: string) => void} complain "" takes it back
 * @property {HTMLInputElement} [number] where a number is typed
 * @property {HTMLInputElement | null} [slider]
 * @property {Scale | null} [scale] of the slider
 */

/** @typedef {(value: unknown) => void} Changed */

let made = 0;

/**
 * @param {FieldSchema} schema
 * @returns {boolean} whether there is a control for such a field
 */
export function hasControl(schema) {
  return schema.const === undefined && typeOf(schema) in MAKERS;
}

/**
 * @param {FieldSchema} schema
 * @returns {FieldSchema} without the null that may stand for it
 */
const proper = (schema) => schema.anyOf?.find(({ type }) => type !== "null") ?? schema;

/**
 * @param {FieldSchema} schema
 * @returns {boolean}
 */
const canBeNull = (schema) => schema.anyOf?.some(({ type }) => type === "null") ?? false;

/**
 * @param {FieldSchema} schema
 * @returns {string}
 */
const typeOf = (schema) => (proper(schema).enum ? "enum" : (proper(schema).type ?? ""));

/**
 * @param {string} name
 * @param {FieldSchema} schema
 * @param {Changed} changed
 * @returns {Field}
 */
export function makeField(name, schema, changed) {
  const title = schema.title ?? name;
  return MAKERS[typeOf(schema)](title, schema, changed);
}

/**
 * @param {string} kind of field, as a class
 * @param {string} title
 * @param {HTMLElement} control
 * @param {HTMLElement[]} others
 * @returns {{box: HTMLElement, complain: (complaint: string) => void}}
 */
function frame(kind, title, control, ...others) {
  made += 1;
  control.id = `field-${made}`;
  const complaint = element("p", { className: "complaint", hidden: true, id: `complaint-${made}` });
  control.setAttribute("aria-describedby", complaint.id);
  const box = element("div", { className: `field ${kind}` }, element("label", { htmlFor: control.id }, title), control, ...others, complaint);
  const complain = (/** @type {string} */ words) => {
    complaint.textContent = words;
    complaint.hidden = !words;
    control.setAttribute("aria-invalid", String(Boolean(words)));
  };
  return { box, complain };
}

/**
 * @param {string} title
 * @param {FieldSchema} schema
 * @param {Changed} changed
 * @returns {Field}
 */
export function numberField(title, schema, changed) {
  const isWhole = typeOf(schema) === "integer";
  const number = element("input", { type: "number", step: isWhole ? "1" : "any", inputMode: isWhole ? "numeric" : "decimal" });
  const bounds = boundsOf(schema);
  if (bounds.low > -Infinity) number.min = String(bounds.low);
  if (bounds.high < Infinity) number.max = String(bounds.high);
  const scale = sliderScale(schema, isWhole);
  const slider = scale && element("input", { type: "range", min: "0", max: String(SLIDER_STEPS), ariaLabel: text("setup.slider", { title }) });
  const { box, complain } = frame("", title, number, ...(slider ? [slider] : []));
  const showOnSlider = (/** @type {number} */ value) => {
    if (!slider || !scale) return;
    slider.value = String(Math.round(scale.part(value) * SLIDER_STEPS));
    slider.ariaValueText = number.value;
  };
  number.addEventListener("change", () => {
    if (number.value === "" || Number.isNaN(number.valueAsNumber)) return;
    showOnSlider(number.valueAsNumber);
    changed(number.valueAsNumber);
  });
  slider?.addEventListener("input", () => {
    const value = /** @type {Scale} */ (scale).value(slider.valueAsNumber / SLIDER_STEPS);
    number.value = String(value);
    slider.ariaValueText = number.value;
    changed(value);
  });
  const show = (/** @type {unknown} */ value) => {
    const isBusy = document.activeElement === number || document.activeElement === slider;
    if (typeof value !== "number" || (isBusy && !number.matches("[aria-invalid=true]") && number.valueAsNumber === value)) return;
    if (document.activeElement !== number) number.value = String(rounded(value, 12));
    if (document.activeElement !== slider) showOnSlider(value);
  };
  return { element: box, show, complain, number, slider, scale };
}

/**
 * @param {FieldSchema} schema
 * @returns {{low: number, high: number}}
 */
function boundsOf(schema) {
  const bounds = proper(schema);
  return {
    low: bounds.minimum ?? bounds.exclusiveMinimum ?? -Infinity,
    high: bounds.maximum ?? bounds.exclusiveMaximum ?? Infinity,
  };
}

/**
 * @typedef {object} Scale between a value and its part of the slider, 0 to 1
 * @property {(value: number) => number} part
 * @property {(part: number) => number} value
 */

/**
 * @param {FieldSchema} schema
 * @param {boolean} isWhole
 * @returns {Scale | null}
 */
function sliderScale(schema, isWhole) {
  const { low, high } = boundsOf(schema);
  const usual = typeof schema.default === "number" ? schema.default : 1;
  if (isWhole && high - low > NUMBER_ONLY) return null;
  const tidy = (/** @type {number} */ value) => (isWhole ? Math.round(value) : rounded(value));
  const clamp = (/** @type {number} */ part) => Math.min(Math.max(0, part), 1);
  if (schema["x-scale"] === "log") {
    const [first, last] = [Math.max(low, usual / LOG_REACH), Math.min(high, usual * LOG_REACH)].map(Math.log);
    return { part: (value) => clamp((Math.log(value) - first) / (last - first)), value: (part) => tidy(Math.exp(first + part * (last - first))) };
  }
  const reach = REACH * (Math.abs(usual) || 1);
  const first = Math.max(low, low < 0 ? -reach : low);
  const last = Math.min(high, reach);
  const open = schema.exclusiveMaximum !== undefined && last === schema.exclusiveMaximum ? 1 - 1 / SLIDER_STEPS : 1;
  return { part: (value) => clamp((value - first) / (last - first)), value: (part) => tidy(first + Math.min(part, open) * (last - first)) };
}

/**
 * @param {string} title
 * @param {FieldSchema} _schema
 * @param {Changed} changed
 * @returns {Field}
 */
function checkField(title, _schema, changed) {
  const check = element("input", { type: "checkbox" });
  const { box, complain } = frame("check", title, check);
  check.addEventListener("change", () => changed(check.checked));
  return { element: box, complain, show: (value) => (check.checked = value === true) };
}

/**
 * @param {string} title
 * @param {FieldSchema} schema
 * @param {Changed} changed
 * @returns {Field}
 */
function selectField(title, schema, changed) {
  const { enum: known = [], "x-titles": titles = known.map(String) } = proper(schema);
  const [values, words] = canBeNull(schema) ? [[null, ...known], [text("setup.usual"), ...titles]] : [known, titles];
  const select = element("select", {}, ...words.map((title) => element("option", {}, title)));
  const { box, complain } = frame("wide", title, select);
  select.addEventListener("change", () => changed(values[select.selectedIndex]));
  return { element: box, complain, show: (value) => (select.selectedIndex = values.indexOf(value ?? null)) };
}

/**
 * A list of numbers, typed with commas; nothing typed is null where that is allowed.
 * @param {string} title
 * @param {FieldSchema} schema
 * @param {Changed} changed
 * @returns {Field}
 */
function listField(title, schema, changed) {
  const input = element("input", { type: "text", inputMode: "decimal" });
  const { box, complain } = frame("wide", title, input);
  input.addEventListener("change", () => {
    const numbers = input.value.split(/[\s,;]+/).filter(Boolean).map(Number);
    changed(numbers.length || !canBeNull(schema) ? numbers : null);
  });
  return { element: box, complain, show: (value) => (input.value = Array.isArray(value) ? value.join(", ") : "") };
}

/**
 * @param {string} title
 * @param {FieldSchema} _schema
 * @param {Changed} changed
 * @returns {Field}
 */
function textField(title, _schema, changed) {
  const input = element("input", { type: "text", spellcheck: false, autocomplete: "off" });
  const { box, complain } = frame("tall", title, input);
  input.addEventListener("change", () => changed(input.value));
  return { element: box, complain, show: (value) => (input.value = String(value)) };
}

/** @type {Record<string, (title: string, schema: FieldSchema, changed: Changed) => Field>} */
const MAKERS = {
  boolean: checkField,
  integer: numberField,
  number: numberField,
  enum: selectField,
  array: listField,
  string: textField,
};
