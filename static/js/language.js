// @ts-check
/** Another language: a choice that is remembered, and the page again in it, where it was and with the same session. */

/**
 * @import { Link } from "./link.js"
 */
import { keep, kept } from "./kept.js";
import { encodeLink } from "./link.js";

const COOKIE = "descent_language"; // the server reads it: the page comes in the language chosen
const COOKIE_SECONDS = 365 * 24 * 3600;
const KEPT_SESSION = "descent.session";

/**
 * @param {HTMLSelectElement} menu
 * @param {() => {id: string, link: Link} | null} current session and link to what one sees
 */
export function connectLanguage(menu, current) {
  menu.value = document.documentElement.lang; // browsers keep what was chosen over a reload
  menu.addEventListener("change", async () => {
    const address = new URL(location.href);
    if (remembered(menu.value)) address.searchParams.delete("lang");
    else address.searchParams.set("lang", menu.value);
    const now = current();
    if (now) {
      keep(KEPT_SESSION, now.id, "sessionStorage");
      address.hash = await encodeLink(now.link);
    }
    history.replaceState(null, "", address);
    location.reload();
  });
}

/** @returns {string | null} the session this page had in the other language; told once */
export function keptSession() {
  const id = kept(KEPT_SESSION, "sessionStorage");
  keep(KEPT_SESSION, "", "sessionStorage");
  return id;
}

/**
 * @param {string} language
 * @returns {boolean} false where the browser keeps nothing for us
 */
function remembered(language) {
  const pair = `${COOKIE}=${language}`;
  try {
    document.cookie = `${pair}; path=${document.documentElement.dataset.root || "/"}; max-age=${COOKIE_SECONDS}; samesite=lax`;
    return document.cookie.split("; ").includes(pair);
  } catch {
    return false; // in a frame that may not keep anything
  }
}
