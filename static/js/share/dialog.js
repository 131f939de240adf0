// @ts-check
/** What one passes on: a link to this run, a frame for slides, a page for spectators; and what of it can be seen and changed. */

/**
 * @import { Link } from "../link.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { element } from "../dom.js";
import { encodeLink } from "../link.js";
import { text } from "../texts.js";
import { copyRow } from "./copying.js";
import { HIDEABLE, LOCKABLE, hiddenParts } from "./parts.js";
import { seenBy } from "./seen.js";

const FRAME = { width: 860, height: 560 };
const ONLY_HERE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export class ShareDialog {
  #link = copyRow(text("share.link"));
  #frame = copyRow(text("share.frame"));
  #watch = copyRow(text("share.watch"), text("share.watch_note"));
  #store;
  #current;
  #hide;
  #lock;

  /**
   * @param {HTMLElement} box a popover
   * @param {Store<State>} store
   * @param {() => Link | null} current link to what one sees
   */
  constructor(box, store, current) {
    this.#store = store;
    this.#current = current;
    const changed = () => void this.#show();
    this.#hide = checkboxes(text("share.hide"), "share.part", HIDEABLE, changed);
    this.#lock = checkboxes(text("share.lock"), "share.kind", LOCKABLE, changed);
    const close = element("button", { type: "button" }, text("share.close"));
    close.addEventListener("click", () => box.hidePopover());
    const lesson = element("details", {}, element("summary", {}, text("share.lesson")), this.#hide.element, this.#lock.element);
    const warning = element("p", { className: "summary", hidden: !ONLY_HERE.test(location.hostname) }, text("share.only_here", { host: location.host }));
    box.append(element("h2", { id: "share-title" }, text("share.title")), this.#link.element, lesson, this.#frame.element, this.#watch.element, warning, close);
    box.addEventListener("toggle", ({ newState }) => newState === "open" && this.#open());
    store.subscribe(["digest", "recipe", "view"], () => box.matches(":popover-open") && void this.#show());
  }

  /** It begins with what this page itself hides and locks. */
  #open() {
    const { view } = this.#store.state;
    this.#hide.choose(hiddenParts(view));
    this.#lock.choose(view.lock);
    void this.#show();
  }

  async #show() {
    const link = this.#current();
    if (!link) return;
    const hide = this.#hide.chosen();
    const fragment = await encodeLink({ ...link, view: { ...link.view, hide: hide.length ? hide : null, lock: this.#lock.chosen() } });
    const [page, frame] = [addressOf("/", fragment), addressOf(`/embed?lang=${document.documentElement.lang}`, fragment)];
    this.#link.show(page, text(link.digest ? "share.link_note" : "share.link_without", { length: page.length, step: link.step }));
    this.#frame.show(frameMarkup(frame), text(document.documentElement.dataset.frames === "none" ? "share.frame_refused" : "share.frame_note"));
    this.#watch.show(addressOf(`/watch/${this.#store.state.session?.view_id}`, seenBy(this.#store.state.view)));
  }
}

/**
 * @param {string} path of this server
 * @param {string} fragment
 * @returns {string}
 */
const addressOf = (path, fragment) => `${location.origin}${document.documentElement.dataset.root ?? ""}${path}${fragment}`;

/**
 * @param {string} address holds no character that markup would read
 * @returns {string}
 */
const frameMarkup = (address) =>
  `<iframe src="${address}" width="${FRAME.width}" height="${FRAME.height}" title="${text("page.name")}" allow="fullscreen; clipboard-write"></iframe>`;

/**
 * @param {string} legend
 * @param {string} family of the texts of the names
 * @param {readonly string[]} names
 * @param {() => void} changed
 * @returns {{element: HTMLElement, chosen: () => string[], choose: (chosen: readonly string[]) => void}}
 */
function checkboxes(legend, family, names, changed) {
  const boxes = names.map((name) => element("input", { type: "checkbox", value: name }));
  const labels = boxes.map((box) => element("label", {}, box, ` ${text(`${family}.${box.value}`)}`));
  for (const box of boxes) box.addEventListener("change", changed);
  return {
    element: element("fieldset", { className: "columns" }, element("legend", {}, legend), ...labels),
    chosen: () => boxes.filter(({ checked }) => checked).map(({ value }) => value),
    choose: (chosen) => boxes.forEach((box) => (box.checked = chosen.includes(box.value))),
  };
}
