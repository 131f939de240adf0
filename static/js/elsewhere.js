// @ts-check
/**
 * The same session in another tab, or with another client: what was done there is taken in here, and said. Tabs of one browser
 * tell each other; of others one hears when this tab is looked at again. While it plays, the next step finds out by itself.
 */

/**
 * @import { Notices } from "./notices.js"
 * @import { Player } from "./player.js"
 * @import { Session } from "./session.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { text } from "./texts.js";

/** @typedef {{id: string, version: number, lineage: number}} News what the session has become */

/** @param {{store: Store<State>, session: Session, player: Player, notices: Notices}} parts */
export function connectElsewhere({ store, session, player, notices }) {
  const channel = new BroadcastChannel("descent");
  let told = 0;
  let isMissed = false;
  const hear = (/** @type {News | null} */ news) => {
    const now = store.state.session;
    if (!now || (news && (news.id !== now.id || news.version <= now.version))) return;
    const isLater = document.visibilityState !== "visible" || (player.mode === "playing" && news?.lineage === now.lineage);
    if (isLater) isMissed = true;
    else void session.lookAgain();
  };
  channel.addEventListener("message", ({ data }) => hear(data));
  document.addEventListener("visibilitychange", () => player.mode === "paused" && hear(null));
  store.subscribe(["session"], ({ session: now }) => {
    if (!now || now.version === told) return;
    told = now.version;
    channel.postMessage({ id: now.id, version: now.version, lineage: now.lineage });
  });
  store.subscribe(["mode"], ({ mode }) => {
    if (mode === "playing") return notices.set("elsewhere", null);
    if (isMissed) hear(null);
    isMissed = false;
  });
  session.elsewhere = (what) => {
    if (what === "anew") player.pause();
    else if (player.step >= player.reached) player.seek(player.computed);
    else player.reached = player.computed; // who looks back stays there
    notices.set("elsewhere", { words: text(`elsewhere.${what}`, { step: player.computed }) });
  };
}
