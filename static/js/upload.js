// @ts-check
/**
 * A table of one's own, as a file, pasted or dropped: it goes to the server, which says what it found in it, or what is
 * wrong and where.
 */

/**
 * @import { Api } from "./api.js"
 * @import { Upload } from "./wire.js"
 */
import { ApiError } from "./api-error.js";
import { wantsStandardize } from "./data/own-table.js";
import { element } from "./dom.js";
import { formatNumber } from "./format.js";
import { text } from "./texts.js";

const TYPED_MS = 500; // after the last key

export class UploadForm {
  #api;
  #use;
  #found = element("div", { className: "upload" });
  #scaled = element("p", { hidden: true }, text("data.scaled"));
  #complaint = element("p", { className: "complaint", hidden: true, role: "alert" });
  #file = element("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", id: "upload-file" });
  #typed = element("textarea", { rows: 3, id: "upload-text", spellcheck: false, placeholder: "x,y\n1,2.1\n2,3.9" });
  /** @type {Blob | null} */ #table = null;
  /** What came last is shown, whichever answer comes last. */
  #turn = 0;
  #timer = 0;

  /**
   * @param {Api} api
   * @param {(upload: Upload) => void} use
   */
  constructor(api, use) {
    this.#api = api;
    this.#use = use;
    const fileLabel = element("label", { htmlFor: this.#file.id, className: "unseen" }, text("upload.file"));
    const textLabel = element("label", { htmlFor: this.#typed.id }, text("data.paste"));
    const box = element("div", { className: "upload" }, element("p", {}, text("upload.hint")), fileLabel, this.#file, textLabel, this.#typed, this.#complaint, this.#found, this.#scaled);
    this.element = element("details", {}, element("summary", {}, text("upload.title")), box);
    this.#file.addEventListener("change", () => this.#file.files?.[0] && void this.#send(this.#file.files[0], {}));
    this.#typed.addEventListener("input", () => this.#type());
  }

  /** @returns {boolean} whether the data can be others */
  get isOpenToAll() {
    return this.element.closest("[inert], [data-part][hidden]") === null;
  }

  /** @param {Blob} table pasted or dropped somewhere on the page */
  take(table) {
    this.element.open = true;
    this.element.scrollIntoView({ block: "start" });
    return this.#send(table, {});
  }

  /** Pasted or typed: read when it rests. */
  #type() {
    clearTimeout(this.#timer);
    const words = this.#typed.value;
    if (words.trim()) this.#timer = setTimeout(() => void this.#send(new Blob([words], { type: "text/csv" }), {}), TYPED_MS);
  }

  /**
   * @param {Blob} table
   * @param {{x?: string, y?: string}} chosen
   */
  async #send(table, chosen) {
    this.#turn += 1;
    const turn = this.#turn;
    this.#table = table;
    try {
      const upload = await this.#api.upload(table, chosen);
      if (turn !== this.#turn) return;
      this.#complaint.hidden = true;
      const again = (/** @type {{x?: string, y?: string}} */ columns) => void (this.#table && this.#send(this.#table, columns));
      this.#scaled.hidden = !wantsStandardize(upload);
      if (chosen.y) this.#found.lastElementChild?.replaceWith(preview(upload));
      else this.#found.replaceChildren(...columnChoice(upload, again), preview(upload));
      this.#use(upload);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      if (turn !== this.#turn) return;
      this.#complaint.textContent = (reason.problem.errors ?? [{ problem: reason.message }]).map(({ problem }) => problem).join("\n");
      this.#complaint.hidden = false;
    }
  }
}

/**
 * @param {Upload} upload
 * @param {(columns: {x?: string, y?: string}) => void} chosen
 * @returns {HTMLElement[]}
 */
function columnChoice({ examples, x_names, y_names }, chosen) {
  const names = [...x_names, ...y_names];
  const boxes = names.map((name) => element("input", { type: "checkbox", value: name, checked: x_names.includes(name) }));
  const target = element("select", {}, ...names.map((name) => element("option", { value: name, selected: name === y_names[0] }, name)));
  const use = element("button", { type: "button" }, text("upload.use"));
  use.addEventListener("click", () => {
    const features = boxes.filter(({ checked, value }) => checked && value !== target.value);
    chosen({ x: features.map(({ value }) => value).join(","), y: target.value });
  });
  return [
    element("p", {}, text("upload.rows", { rows: examples })),
    element("label", {}, `${text("upload.target")} `, target),
    element("fieldset", { className: "columns" }, element("legend", {}, text("upload.features")), ...boxes.map((box) => element("label", {}, box, ` ${box.value}`))),
    use,
  ];
}

/**
 * @param {Upload} upload
 * @returns {HTMLElement} its first rows, as they were understood; classes by their names
 */
function preview({ x_names, y_names, preview: rows, classes, examples }) {
  const names = [...x_names, ...y_names];
  const cell = (/** @type {number} */ value, /** @type {number} */ i) => element("td", {}, classes && i >= x_names.length ? classes[value] : formatNumber(value));
  const table = element(
    "table",
    {},
    element("caption", {}, text("data.preview", { rows: rows.length, examples })),
    element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell)))),
  );
  return element("div", { className: "preview", tabIndex: 0, role: "group", ariaLabel: text("data.preview", { rows: rows.length, examples }) }, table);
}
