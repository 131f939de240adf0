// @ts-check
/** The ids of the page, once, and making elements without markup in strings. */

const HIDDEN_MS = 100;

/**
 * The element with an id of the page.
 * @template {typeof HTMLElement} [T=typeof HTMLElement]
 * @param {string} id
 * @param {T} [type]
 * @returns {InstanceType<T>}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof (type ?? HTMLElement))) throw new Error(`there is no #${id}`);
  return /** @type {InstanceType<T>} */ (found);
}

/** What the modules reach for in the template. */
export const page = () => ({
  bench: byId("bench"),
  subject: byId("subject"),
  trouble: byId("trouble"),
  undo: byId("undo", HTMLButtonElement),
  redo: byId("redo", HTMLButtonElement),
  language: byId("language", HTMLSelectElement),
  theme: byId("theme", HTMLSelectElement),
  projector: byId("projector", HTMLButtonElement),
  controls: byId("controls", HTMLButtonElement),
  help: byId("help"),
  share: byId("share"),
  locked: byId("locked"),
  opening: byId("opening"),
  axes: byId("axes"),
  axisX: byId("axis-x", HTMLSelectElement),
  axisY: byId("axis-y", HTMLSelectElement),
  planeKind: byId("plane-kind", HTMLSelectElement),
  planeParameters: byId("plane-parameters"),
  planeRandom: byId("plane-random"),
  normalize: byId("normalize", HTMLSelectElement),
  another: byId("another", HTMLButtonElement),
  arrows: byId("arrows", HTMLButtonElement),
  center: byId("center", HTMLSelectElement),
  recut: byId("recut", HTMLButtonElement),
  stageKind: byId("stage-kind"),
  surfaceScale: byId("surface-scale"),
  lossScale: byId("loss-scale"),
  lossAxis: byId("loss-axis", HTMLSelectElement),
  map: byId("map"),
  mapBase: byId("map-base"),
  mapAbove: byId("map-above"),
  surface: byId("surface"),
  line: byId("line"),
  rotate: byId("rotate", HTMLButtonElement),
  wide: byId("wide", HTMLButtonElement),
  notices: byId("notices"),
  stageKey: byId("stage-key"),
  slice: byId("slice"),
  opened: byId("opened"),
  mapSummary: byId("map-summary"),
  fit: byId("fit"),
  fitKey: byId("fit-key"),
  editData: byId("edit-data", HTMLButtonElement),
  points: byId("points"),
  fitSummary: byId("fit-summary"),
  loss: byId("loss"),
  lossKey: byId("loss-key"),
  lossSummary: byId("loss-summary"),
  play: byId("play", HTMLButtonElement),
  back: byId("back", HTMLButtonElement),
  forward: byId("forward", HTMLButtonElement),
  slow: byId("slow-step", HTMLButtonElement),
  reset: byId("reset", HTMLButtonElement),
  step: byId("step", HTMLOutputElement),
  readouts: byId("readouts"),
  speed: byId("speed", HTMLInputElement),
  speedValue: byId("speed-value", HTMLOutputElement),
  goal: byId("goal"),
  timeline: byId("timeline", HTMLInputElement),
  events: byId("events"),
  status: byId("status"),
  setup: byId("setup-form"),
  equations: byId("equations"),
  equationsNow: byId("equations-now"),
  equationsTexts: byId("equations-texts"),
  equationsTab: byId("equations-tab", HTMLButtonElement),
  examples: byId("examples"),
  examplesList: byId("examples-list"),
  network: byId("network"),
  saveNetwork: byId("save-network", HTMLButtonElement),
  networkTab: byId("network-tab", HTMLButtonElement),
  check: byId("check"),
  checkTab: byId("check-tab", HTMLButtonElement),
  studies: byId("studies"),
  saveStudies: byId("save-studies", HTMLButtonElement),
  studiesTab: byId("studies-tab", HTMLButtonElement),
  numbers: byId("path-tables"),
  examplesTable: byId("examples-table", HTMLDetailsElement),
  numbersTab: byId("numbers-tab", HTMLButtonElement),
});

/** @typedef {ReturnType<typeof page>} Page */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<Omit<HTMLElementTagNameMap[K], "style">> & {attributes?: never}} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/**
 * Formulas as the server writes them.
 * @param {string} markup a `<math>` element
 * @returns {Element}
 */
export function mathElement(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html").querySelector("math");
  return document.adoptNode(parsed ?? document.createElement("span"));
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A small drawing for a legend.
 * @param {Record<string, Record<string, string | number>>} shapes attributes by element name
 * @returns {SVGSVGElement}
 */
export function glyph(shapes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 14");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of Object.entries(shapes)) {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
    svg.append(shape);
  }
  return svg;
}

/**
 * A group of radio buttons that shows one value and tells of another.
 * @param {HTMLElement} group
 * @param {(value: string) => void} chosen
 * @returns {(value: string) => void} shows a value
 */
export function radioGroup(group, chosen) {
  group.addEventListener("change", ({ target }) => target instanceof HTMLInputElement && chosen(target.value));
  return (value) => {
    for (const input of group.querySelectorAll("input")) input.checked = input.value === value;
  };
}

/**
 * @param {Element} box
 * @param {string} words left alone when they are the same: nothing jumps, nothing is read twice
 */
export function say(box, words) {
  if (box.textContent !== words) box.textContent = words;
}

/**
 * @param {HTMLElement} button that nobody listens to yet
 * @returns {() => boolean} ends the listening, and tells whether there is a click that waits for an answer
 */
export function heard(button) {
  let waits = false;
  const note = () => void (waits = !waits);
  button.addEventListener("click", note);
  return () => (button.removeEventListener("click", note), waits);
}

/** @returns {Promise<void>} when what else waits for the main thread, a click or a frame, had its turn */
export function breath() {
  return new Promise((resolve) => void setTimeout(resolve));
}

/** @returns {Promise<void>} after the next frame, or soon where none is drawn because nobody looks at this tab */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, HIDDEN_MS);
  });
}
