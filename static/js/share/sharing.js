// @ts-check
/** What makes a run another's too: the link in the address, what it hides and locks, and the words when one is opened. */

/**
 * @import { Link } from "../link.js"
 * @import { Notices } from "../notices.js"
 * @import { Page } from "../dom.js"
 * @import { Pictures } from "../pictures.js"
 * @import { Follower } from "../trailing.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { say } from "../dom.js";
import { keepLink } from "../link.js";
import { ShareDialog } from "./dialog.js";
import { openedNotice } from "./opened.js";
import { applyParts } from "./parts.js";
import { connectSaving } from "./saving.js";

/**
 * @param {Readonly<State>} state
 * @param {number} step the drawn one
 * @returns {Link | null} to what one sees
 */
export function currentLink({ recipe, view, catalogue, digest, session }, step) {
  if (!recipe || !catalogue) return null;
  const isOfIt = digest?.step === step && digest.lineage === session?.lineage;
  return { recipe, step, view, version: catalogue.version, digest: isOfIt ? digest.value : null };
}

/**
 * @param {Store<State>} store
 * @param {() => number} step the drawn one
 */
export function keepAddress(store, step) {
  if (currentLink(store.state, step())) keepLink(() => /** @type {Link} */ (currentLink(store.state, step())));
}

/**
 * The digest of what is drawn at rest is read for the link.
 * @param {Store<State>} store
 * @param {Pictures} pictures
 * @param {() => void} came
 * @returns {Follower}
 */
export function digestFollower(store, pictures, came) {
  return {
    interval: Infinity,
    seen: () => false,
    stale: (step) => store.state.digest?.step !== step || store.state.digest.lineage !== store.state.session?.lineage,
    read: (step) => pictures.readDigest(step).then(came),
  };
}

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {() => number} step the drawn one
 * @param {import("./saving.js").Pictures} pictures to be saved, beside the plots
 */
export function connectSharing(page, store, step, pictures) {
  store.subscribe(["view"], ({ view }) => applyParts(view, page.locked));
  new ShareDialog(page.share, store, () => currentLink(store.state, step()));
  connectSaving(page, store, step, pictures);
  const whole = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a.whole"));
  whole?.addEventListener("click", () => (whole.href = `${document.documentElement.dataset.root ?? ""}/${location.hash}`));
}

/**
 * Says whether the run of a link came to the same numbers; the words go when one plays on or changes something.
 * @param {{page: Page, store: Store<State>, pictures: Pictures, notices: Notices}} parts
 * @param {Link} link
 * @param {number} step that it came to
 */
export async function sayOpened({ page, store, pictures, notices }, link, step) {
  await pictures.readDigest(step);
  const { digest, catalogue, recipe } = store.state;
  const notice = openedNotice(link, { step, digest: digest?.value ?? null, version: catalogue?.version ?? "" });
  if (notice.alert) notices.set("opened", notice);
  else say(page.opened, notice.words);
  say(page.status, notice.words);
  store.subscribe(["mode", "recipe"], (state) => {
    if (state.mode === "paused" && state.recipe === recipe) return;
    notices.set("opened", null);
    say(page.opened, "");
  });
}
