// @ts-check
/** The page until its first picture: state, session and player at once, the map when Plotly has come, then the rest. */

/**
 * @import { Page } from "./dom.js"
 * @import { Link } from "./link.js"
 * @import { State } from "./state.js"
 * @import { SessionView } from "./wire.js"
 */
import { Actions } from "./actions.js";
import { Api, counters } from "./api.js";
import { ApiError } from "./api-error.js";
import { untilAnswered } from "./backoff.js";
import { Changes } from "./changes.js";
import { page as findPage, heard, painted, say } from "./dom.js";
import { keptSession } from "./language.js";
import { decodeLink } from "./link.js";
import { Notices } from "./notices.js";
import { Pictures } from "./pictures.js";
import { Projection } from "./planes/projection.js";
import { Player } from "./player.js";
import { connectProjector } from "./projector.js";
import { Session } from "./session.js";
import { MOST_STEPS, showOpening } from "./share/opening.js";
import { Stage } from "./stage.js";
import { createStore, viewFrom } from "./state.js";
import { text } from "./texts.js";
import { connectTheme } from "./theme.js";
import { History } from "./time/history.js";

/** @typedef {ReturnType<typeof createCore>} Core what works without a picture */

const ASKED_MS = 250; // Plotly takes the main thread for longer than that: until then whoever asks for the first pictures has it

/** Brings texts, catalogue and recipe, then the page. */
async function start() {
  const page = findPage();
  const toldToPlay = heard(page.play);
  connectTheme(page.theme);
  const core = createCore(`${document.documentElement.dataset.root ?? ""}/api/v1`);
  const { store, api, player, session } = core;
  connectProjector(page, store);
  store.subscribe(["trouble"], ({ trouble }) => say(page.trouble, trouble === null ? "" : text("page.trouble", { reason: trouble })));
  const [catalogue, { link, problem }] = await Promise.all([
    untilAnswered(() => api.catalogue(), (trouble) => store.set({ trouble: trouble && trouble.words })),
    decodeLink(location.hash),
  ]);
  store.set({ catalogue, view: viewFrom(link?.view) });
  const opened = openFirst(core, page, link);
  const notices = new Notices(page.notices);
  await Promise.race([core.asked, opened, new Promise((resolve) => setTimeout(resolve, ASKED_MS))]);
  const stage = await Stage.create(page, store, core.actions, notices);
  const { refused, isResumed } = await opened;
  await painted(); // the map is what one came for
  const { furnish, measured, sayOpened } = await import("./workbench.js");
  const plays = toldToPlay();
  const conductor = await furnish(core, page, notices, stage);
  const complaint = problem ? text(`link.${problem}`) : refused;
  if (link && (isResumed || link.step)) player.seek(link.step);
  await conductor.begin();
  page.opening.remove();
  if (plays) page.play.click();
  if (complaint) notices.set("opened", { alert: true, words: text("page.bad_link", { reason: complaint }) });
  else if (link && !isResumed) await sayOpened({ page, store, pictures: core.pictures, notices }, link, player.computed);
  Object.assign(window, { descent: { store, player, session, counters, ...measured } });
}

/** @param {string} prefix of the API */
function createCore(prefix) {
  const api = new Api(prefix);
  const store = createStore();
  const session = new Session(api, store);
  const pictures = new Pictures(api, store);
  const player = new Player({
    more: (steps, until) => session.more(steps, until),
    most: () => store.state.catalogue?.limits.max_steps_per_call ?? 1,
  });
  session.extended = (computed) => (player.computed = computed);
  session.restarted = (step) => player.restart(step);
  /** @type {() => void} */ let ask;
  /** When the first pictures are asked for. @type {Promise<void>} */
  const asked = new Promise((resolve) => (ask = resolve));
  session.begun = () => {
    const reading = pictures.begin();
    ask();
    return reading;
  };
  session.planeLost = async () => {
    store.set({ surface: null });
    await pictures.readSurface(player.step);
    if (store.state.surface?.kind !== "parameters") await session.reread();
  };
  const projection = new Projection(api, store, session);
  const changes = new Changes({ store, session, player, history: new History(store) });
  const actions = new Actions({ store, session, pictures, projection, player, changes });
  return { api, store, session, pictures, projection, player, changes, actions, asked };
}

/**
 * The session this page had in another language, else one of its own for the recipe of the link, or for the usual one
 * where there is no link, or none that the server takes.
 * @param {Core} core
 * @param {Page} page
 * @param {Link | null} link
 * @returns {Promise<{refused: string, isResumed: boolean}>} what the server has against the link; whether the session goes on
 */
async function openFirst({ api, session, store }, page, link) {
  const usual = /** @type {NonNullable<State["catalogue"]>} */ (store.state.catalogue).recipe;
  const kept = await keptView(api);
  if (kept) {
    await session.remade(async () => kept);
    return { refused: "", isResumed: true };
  }
  try {
    const step = Math.min(link?.step ?? 0, MOST_STEPS);
    await session.open(link?.recipe ?? usual, step, step ? showOpening(page.opening, store, step) : undefined);
    return { refused: "", isResumed: false };
  } catch (reason) {
    if (!link || !(reason instanceof ApiError)) throw reason;
    await session.open(usual);
    return { refused: reason.words, isResumed: false };
  }
}

/**
 * @param {Api} api
 * @returns {Promise<SessionView | null>} the session this page had in another language, where the server still has it
 */
async function keptView(api) {
  const id = keptSession();
  return id === null ? null : api.session(id).catch(() => null);
}

await start();
