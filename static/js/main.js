// @ts-check
/** Puts the page together: state, session, player, and the views that listen to them. */

/**
 * @import { Page } from "./dom.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { Actions } from "./actions.js";
import { Api, counters } from "./api.js";
import { connectAxes } from "./axes.js";
import { keyOf } from "./choice.js";
import { untilAnswered } from "./backoff.js";
import { Conductor } from "./conductor.js";
import { page as findPage, radioGroup, say } from "./dom.js";
import { showEquations } from "./equations.js";
import { followers } from "./followers.js";
import { listenToKeys } from "./keys.js";
import { decodeLink } from "./link.js";
import { Notices } from "./notices.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { FitPlot } from "./plots/fit.js";
import { LossCurve } from "./plots/loss.js";
import { drawing } from "./plots/plotly.js";
import { Readouts } from "./readouts.js";
import { Scene, drawn } from "./scene.js";
import { Session } from "./session.js";
import { Setup } from "./setup.js";
import { Stage } from "./stage.js";
import { createStore, firstView } from "./state.js";
import { connectTabs } from "./tabs.js";
import { loadTexts, text } from "./texts.js";
import { onThemeChange, restoreTheme, toggleTheme } from "./theme.js";
import { Trailing } from "./trailing.js";
import { Transport } from "./transport.js";
import { Watch } from "./watch.js";

/** Brings texts, catalogue and recipe, then the page. */
async function start() {
  restoreTheme();
  const { root = "", version = "" } = document.documentElement.dataset;
  const api = new Api(`${root}/api/v1`);
  const store = createStore();
  const page = findPage();
  await loadTexts(document.documentElement.lang);
  store.subscribe(["trouble"], ({ trouble }) => say(page.trouble, trouble === null ? "" : text("page.trouble", { reason: trouble })));
  const [catalogue, link] = await Promise.all([
    untilAnswered(() => api.catalogue(), (trouble) => store.set({ trouble: trouble && trouble.words })),
    decodeLink(location.hash),
  ]);
  store.set({ catalogue, view: { ...firstView, ...link?.view } });
  const { session, player } = await build(page, api, store, version);
  await session.open(link?.recipe ?? catalogue.recipe, link?.step);
  if (link?.step) player.seek(player.computed);
  page.opening.remove();
  Object.assign(window, { descent: { store, player, session, counters, drawn, drawing } });
}

/**
 * @param {Page} page
 * @param {Api} api
 * @param {Store<State>} store
 * @param {string} version
 */
async function build(page, api, store, version) {
  const session = new Session(api, store);
  const pictures = new Pictures(api, store);
  const player = new Player({ more: (steps) => session.more(steps), most: store.state.catalogue?.limits.max_steps_per_call ?? 10_000 });
  const actions = new Actions({ store, session, pictures, player });
  const notices = new Notices(page.notices);
  const watch = new Watch({ page, store, player, notices, actions });
  const [stage, loss, fit] = await Promise.all([
    Stage.create(page, store, actions, notices),
    LossCurve.create(page.loss, { step: text("loss.axis_step"), loss: text("loss.axis_loss") }),
    FitPlot.create(page.fit, { observed: text("fit.observed"), predicted: text("fit.predicted") }),
  ]);
  const transport = new Transport(page, store, player, actions);
  const setup = new Setup(page.setup, store, actions, api);
  const scene = new Scene({ page, store, session, player, stage, loss, fit, transport, setup, readouts: new Readouts(page.readouts) });
  const trailing = new Trailing(followers(page, store, pictures, session));
  const conductor = new Conductor({ store, player, scene, watch, trailing, version });
  player.show = () => conductor.show();
  player.changed = (mode, reason) => conductor.changed(mode, reason);
  session.extended = (computed) => (player.computed = computed);
  session.restarted = (step) => conductor.restarted(step);
  session.arrived = () => conductor.settle();
  session.begun = () => pictures.begin();
  session.planeLost = () => pictures.readSurface(player.step);
  actions.done = (what) => watch.tell(what, scene.runs);
  connectView(page, store, actions, scene, conductor);
  return { session, player };
}

/**
 * @param {Page} page
 * @param {Store<State>} store
 * @param {Actions} actions
 * @param {Scene} scene
 * @param {Conductor} conductor
 */
function connectView(page, store, actions, scene, conductor) {
  const showLossScale = radioGroup(page.lossScale, (value) => actions.lookAt({ lossScale: value === "log" ? "log" : "linear" }));
  store.subscribe(["view"], ({ view }) => (showLossScale(view.lossScale), conductor.settle()));
  store.subscribe(["predictions", "data"], () => scene.fit());
  store.subscribe(["catalogue", "recipe"], ({ catalogue, recipe }) => {
    const entries = [...(catalogue?.problems ?? []), ...(catalogue?.functions ?? [])];
    say(page.subject, entries.find((entry) => recipe && keyOf(entry) === keyOf(recipe.problem))?.title ?? "");
    page.bench.classList.toggle("without-data", !recipe?.problem.dataset);
  });
  connectAxes(page, store, actions);
  showEquations(page.equations, store);
  connectTabs([page.equationsTab, page.numbersTab], () => conductor.settle());
  listenToKeys(actions, page.help);
  page.theme.addEventListener("click", toggleTheme);
  onThemeChange(() => conductor.settle());
  addEventListener("hashchange", () => location.reload());
}

await start();
