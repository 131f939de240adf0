// @ts-check
/** The page for spectators: whoever has its address sees a run live and changes nothing. It stops asking in a hidden tab. */

/**
 * @import { Screen as Shown } from "./screen.js"
 */
import { Api, counters } from "../api.js";
import { ApiError } from "../api-error.js";
import { untilAnswered } from "../backoff.js";
import { say } from "../dom.js";
import { Pictures } from "../pictures.js";
import { onKeys } from "../keys.js";
import { connectLanguage } from "../language.js";
import { Projection } from "../planes/projection.js";
import { connectProjector } from "../projector.js";
import { createStore } from "../state.js";
import { text } from "../texts.js";
import { connectTheme } from "../theme.js";
import { Screen } from "./screen.js";
import { seenBy, viewSeen } from "./seen.js";
import { Spectator } from "./spectator.js";
import { watchPage } from "./watch-page.js";

const POLL_MS = 700;
const QUIET_MS = 4_000; // without a step: it waits
const LONGEST_MS = 2_200; // between answers to whoever plays, who asks for two seconds' worth of steps

async function start() {
  const page = watchPage();
  connectTheme(page.theme);
  const api = new Api(`${document.documentElement.dataset.root ?? ""}/api/v1`);
  const store = createStore();
  store.set({ view: viewSeen(location.hash) });
  connectProjector(page, store);
  connectLanguage(page.language, () => null);
  onKeys({ p: () => page.projector.click(), P: () => page.projector.click() });
  store.subscribe(["view"], ({ view }) => history.replaceState(null, "", seenBy(view) || location.pathname + location.search));
  store.subscribe(["trouble"], ({ trouble }) => say(page.trouble, trouble === null ? "" : text("page.trouble", { reason: trouble })));
  page.again.addEventListener("click", () => location.reload());
  const catalogue = await untilAnswered(() => api.catalogue(), (trouble) => store.set({ trouble: trouble && trouble.words }));
  store.set({ catalogue });
  const pictures = new Pictures(api, store);
  const id = /[\w-]+$/.exec(location.pathname)?.[0] ?? "-";
  const spectator = new Spectator({ api, store, pictures, id });
  const screen = await Screen.create({ page, store, pictures, spectator, projection: new Projection(api, store, spectator) });
  spectator.begun = () => screen.restart();
  spectator.agreed = () => screen.show();
  pictures.refused = () => store.set({ view: { ...store.state.view, plane: "parameters", center: "current" } });
  Object.assign(window, { watching: { store, spectator, counters } });
  try {
    await spectator.begin();
    page.opening.remove();
    for (;;) await turn(spectator, screen, page);
  } catch (reason) {
    if (!(reason instanceof ApiError && [404, 422].includes(reason.status))) throw reason;
    page.bench.hidden = true;
    page.ended.hidden = false;
    say(page.live, "");
  }
}

let lastStep = -QUIET_MS;

/**
 * One poll, and the time until the next.
 * @param {Spectator} spectator
 * @param {Shown} screen
 * @param {ReturnType<typeof watchPage>} page
 */
async function turn(spectator, screen, page) {
  const before = spectator.computed;
  await spectator.poll();
  if (spectator.computed !== before) {
    const since = performance.now() - lastStep;
    lastStep += since;
    screen.advance(since < QUIET_MS ? Math.min(Math.max(since, POLL_MS), LONGEST_MS) : POLL_MS);
  }
  say(page.live, text(performance.now() - lastStep < QUIET_MS ? "watch.live" : "watch.waiting"));
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  await isVisible();
}

/** @returns {Promise<void>} at once, or when the tab is looked at again */
function isVisible() {
  if (document.visibilityState === "visible") return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", () => resolve(), { once: true }));
}

addEventListener("unhandledrejection", ({ reason }) => say(watchPage().trouble, text("page.failed", { reason: String(reason?.message ?? reason) })));
await start();
