// @ts-check
/** Tables that are dropped or pasted anywhere on the page. */

/** @import { UploadForm } from "../upload.js" */

const FIELDS = "input, textarea, select, [contenteditable]";
const SEPARATOR = /[,;\t|]/;

/**
 * @param {string} words
 * @returns {boolean} whether they look like rows of a table
 */
export function isTable(words) {
  const lines = words.split(/\r?\n/).filter((line) => line.trim());
  return lines.length > 1 && lines.every((line) => SEPARATOR.test(line));
}

/** @param {UploadForm} form where they go */
export function takeIncoming(form) {
  const take = (/** @type {DataTransfer | null} */ transfer) => {
    const [file] = transfer?.files ?? [];
    const words = transfer?.getData("text/plain") ?? "";
    const table = file ?? (isTable(words) ? new Blob([words], { type: "text/csv" }) : null);
    if (!table || !form.isOpenToAll) return false;
    void form.take(table);
    return true;
  };
  const mark = (/** @type {boolean} */ isOver) => document.body.classList.toggle("dropping", isOver);
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.some((type) => type === "Files" || type === "text/plain") || !form.isOpenToAll) return;
    event.preventDefault();
    mark(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false));
  addEventListener("drop", (event) => {
    mark(false);
    if (take(event.dataTransfer)) event.preventDefault();
  });
  addEventListener("paste", (event) => {
    const isField = event.target instanceof Element && event.target.closest(FIELDS) !== null;
    if (!isField && take(event.clipboardData)) event.preventDefault();
  });
}
