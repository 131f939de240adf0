// @ts-check
/** A table of one's own: a CSV file goes to the server, which says what it found in it, or what is wrong and where. */

/**
 * @import { Api } from "./api.js"
 * @import { Upload } from "./wire.js"
 */
import { ApiError } from "./api-error.js";
import { element } from "./dom.js";
import { text } from "./texts.js";

/**
 * @param {Api} api
 * @param {(id: string) => void} use
 * @returns {HTMLElement}
 */
export function uploadForm(api, use) {
  const file = element("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", id: "upload-file" });
  const label = element("label", { htmlFor: file.id, className: "unseen" }, text("upload.file"));
  const found = element("div", { className: "upload" });
  const complaint = element("p", { className: "complaint", hidden: true, role: "alert" });
  const box = element("div", { className: "upload" }, element("p", {}, text("upload.hint")), label, file, complaint, found);

  /** @param {{x?: string, y?: string}} chosen */
  const send = async (chosen) => {
    const [table] = file.files ?? [];
    if (!table) return;
    try {
      const upload = await api.upload(table, chosen);
      complaint.hidden = true;
      if (!chosen.y) found.replaceChildren(...columnChoice(upload, (columns) => void send(columns)));
      use(upload.id);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      complaint.textContent = (reason.problem.errors ?? [{ problem: reason.message }]).map(({ problem }) => problem).join("\n");
      complaint.hidden = false;
    }
  };
  file.addEventListener("change", () => void send({}));
  return element("details", {}, element("summary", {}, text("upload.title")), box);
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
