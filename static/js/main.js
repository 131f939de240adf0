// @ts-check
/** Puts the page together: state, session and player at once, the views when Plotly has come. */

/**
 * @import { Page } from "./dom.js"
 * @import { Link } from "./link.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 * @import { SessionView } from "./wire.js"
 */
import { Actions } from "./actions.js";
import { Api, counters } from "./api.js";
import { ApiError } from "./api-error.js";
import { untilAnswered } from "./backoff.js";
import { Typing } from "./by-hand/typing.js";
import { Changes } from "./changes.js";
import { entryOf } from "./choice.js";
import { connectComparison } from "./compare/connect.js";
import { connectLossAxis, lossTitles } from "./compare/loss-axis.js";
import { Conductor } from "./conductor.js";
import { connectEditing } from "./data/editing.js";
import { page as findPage, painted, radioGroup, say } from "./dom.js";
import { showEquations } from "./equations.js";
import { connectExamples } from "./examples.js";
import { followers } from "./followers.js";
import { Insight } from "./insight/insight.js";
import { listenToKeys } from "./keys.js";
import { connectLanguage, keptSession } from "./language.js";
import { decodeLink, isLink } from "./link.js";
import { Notices } from "./notices.js";
import { Pictures } from "./pictures.js";
import { connectPlanes } from "./planes/chooser.js";
import { Projection } from "./planes/projection.js";
import { Player } from "./player.js";
import { FitPlot } from "./plots/fit.js";
import { LossCurve } from "./plots/loss.js";
import { drawing } from "./plots/plotly.js";
import { Readouts } from "./readouts.js";
import { Scene, drawn } from "./scene.js";
import { Session } from "./session.js";
import { Setup } from "./setup.js";
import { MOST_STEPS, showOpening } from "./share/opening.js";
import { connectSharing, currentLink, digestFollower, keepAddress, sayOpened } from "./share/sharing.js";
import { Stage } from "./stage.js";
import { createStore, viewFrom } from "./state.js";
import { connectStudies } from "./studies/studies.js";
import { connectTabs } from "./tabs.js";
import { text } from "./texts.js";
import { connectTheme, onThemeChange } from "./theme.js";
import { GoalControl } from "./time/goal-control.js";
import { History } from "./time/history.js";
import { SlowStep } from "./time/slow-step.js";
import { connectUndo } from "./time/undo-buttons.js";
import { Trailing } from "./trailing.js";
import { Transport } from "./transport.js";
import { Watch } from "./watch.js";

/** @typedef {ReturnType<typeof createCore>} Core what works without a picture */

/** Brings texts, catalogue and recipe, then the page. */
async function start() {
  const page = findPage();
  connectTheme(page.theme);
  const core = createCore(`${document.documentElement.dataset.root ?? ""}/api/v1`);
  const { store, api, player, session } = core;
  store.subscribe(["trouble"], ({ trouble }) => say(page.trouble, trouble === null ? "" : text("page.trouble", { reason: trouble })));
  const [catalogue, { link, problem }] = await Promise.all([
    untilAnswered(() => api.catalogue(), (trouble) => store.set({ trouble: trouble && trouble.words })),
    decodeLink(location.hash),
  ]);
  store.set({ catalogue, view: viewFrom(link?.view) });
  const opened = openFirst(core, page, link);
  const notices = new Notices(page.notices);
  const conductor = await showAll(core, page, notices);
  const { refused, isResumed } = await opened;
  const complaint = problem ? text(`link.${problem}`) : refused;
  if (link && (isResumed || link.step)) player.seek(link.step);
  conductor.settle();
  page.opening.remove();
  if (complaint) notices.set("opened", { alert: true, words: text("page.bad_link", { reason: complaint }) });
  else if (link && !isResumed) await sayOpened({ page, store, pictures: core.pictures, notices }, link, player.computed);
  Object.assign(window, { descent: { store, player, session, counters, drawn, drawing } });
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
  session.begun = () => pictures.begin();
  session.planeLost = async () => {
    store.set({ surface: null });
    await pictures.readSurface(player.step);
    if (store.state.surface?.kind !== "parameters") await session.reread();
  };
  const projection = new Projection(api, store, session);
  const changes = new Changes({ store, session, player, history: new History(store) });
  const actions = new Actions({ store, session, pictures, projection, player, changes });
  return { api, store, session, pictures, projection, player, changes, actions };
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

/**
 * @param {Core} core
 * @param {Page} page
 * @param {Notices} notices
 * @returns {Promise<Conductor>}
 */
async function showAll({ api, store, session, pictures, projection, player, changes, actions }, page, notices) {
  const watch = new Watch({ page, store, player, notices, actions });
  pictures.refused = (reason) => {
    actions.lookAt({ plane: "parameters", center: "current" });
    notices.set("plane", { words: text("planes.refused", { reason }) });
  };
  store.subscribe(["surface"], ({ surface }) => surface?.kind !== "parameters" && notices.set("plane", null));
  const stage = await Stage.create(page, store, actions, notices);
  await painted(); // the map is what one came for
  const [loss, fit] = await Promise.all([
    LossCurve.create(page.loss, lossTitles(), (step) => actions.look(step)),
    FitPlot.create(page.fit, { observed: text("fit.observed"), predicted: text("fit.predicted") }),
  ]);
  const transport = new Transport(page, store, player, actions);
  const setup = new Setup(page.setup, store, actions, api);
  changes.complained = (errors) => setup.complain(errors);
  const scene = new Scene({ page, store, session, player, stage, loss, fit, transport, setup, readouts: new Readouts(page.readouts, { isTyped: true }) });
  const insight = new Insight({ page, store, pictures, setup });
  const trailing = new Trailing([...followers(page, store, pictures, projection), ...insight.followers, digestFollower(store, pictures, () => keepAddress(store, () => player.step))]);
  const conductor = new Conductor({ store, player, scene, insight, watch, trailing });
  connectStudies(page, { api, store, session, player, changes });
  insight.came = () => conductor.show();
  insight.marked = () => scene.fit();
  fit.picked = (column) => insight.pick(column);
  const slow = new SlowStep({ page, store, actions, pictures, player, scene, stage });
  player.show = () => {
    conductor.show();
    slow.follow();
    goal.follow();
  };
  listenToKeys(actions, page.help, slow);
  const goal = new GoalControl({ page, store, player, session, actions, notices, scene });
  player.changed = (mode, reason) => {
    conductor.changed(mode, reason);
    goal.follow();
  };
  session.arrived = () => conductor.settle();
  session.agreed = () => conductor.show();
  actions.done = (what) => watch.tell(what, scene.runs);
  connectComparison(page, store, actions, notices, () => conductor.show());
  connectLossAxis(page.lossAxis, store, actions);
  connectViews(page, store, actions, scene, conductor);
  connectSharing(page, store, () => player.step);
  connectLanguage(page.language, () => {
    const [id, link] = [store.state.session?.id, currentLink(store.state, player.step)];
    return id && link ? { id, link } : null;
  });
  new Typing({ bench: page.bench, store, player, actions });
  connectEditing(page, fit, { api, store, session, changes, player });
  return conductor;
}

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 * @param {Scene} scene
 * @param {Conductor} conductor
 */
function connectViews(page, store, actions, scene, conductor) {
  const showLossScale = radioGroup(page.lossScale, (value) => actions.lookAt({ lossScale: value === "log" ? "log" : "linear" }));
  store.subscribe(["view"], ({ view }) => (showLossScale(view.lossScale), conductor.show()));
  store.subscribe(["predictions", "data"], () => scene.fit());
  store.subscribe(["catalogue", "recipe"], ({ catalogue, recipe }) => {
    say(page.subject, (recipe && entryOf(catalogue, recipe.problem)?.title) ?? "");
    page.bench.classList.toggle("without-data", !recipe?.problem.dataset);
  });
  connectUndo(page, store, actions);
  actions.told = (words) => say(page.status, words);
  connectPlanes(page, store, actions);
  connectExamples(page.examples, page.examplesList, store, actions);
  showEquations(page.equationsTexts, store);
  connectTabs([page.equationsTab, page.networkTab, page.checkTab, page.studiesTab, page.numbersTab], () => conductor.show());
  onThemeChange(() => conductor.show());
  addEventListener("hashchange", () => isLink(location.hash) && location.reload());
  addEventListener("unhandledrejection", ({ reason }) => say(page.trouble, text("page.failed", { reason: String(reason?.message ?? reason) })));
}

await start();
