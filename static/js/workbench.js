// @ts-check
/** Everything around the map: it comes when the map is drawn. */

/**
 * @import { Actions } from "./actions.js"
 * @import { Core } from "./main.js"
 * @import { Notices } from "./notices.js"
 * @import { Page } from "./dom.js"
 * @import { Stage } from "./stage.js"
 * @import { State } from "./state.js"
 * @import { Store } from "./store.js"
 */
import { Typing } from "./by-hand/typing.js";
import { entryOf } from "./choice.js";
import { connectComparison } from "./compare/connect.js";
import { connectLossAxis, lossTitles } from "./compare/loss-axis.js";
import { Conductor } from "./conductor.js";
import { connectEditing } from "./data/editing.js";
import { examplesFollower } from "./data/examples-table.js";
import { radioGroup, say } from "./dom.js";
import { connectElsewhere } from "./elsewhere.js";
import { showEquations } from "./equations.js";
import { connectExamples } from "./examples.js";
import { followers, gapFollower } from "./followers.js";
import { Insight } from "./insight/insight.js";
import { listenToKeys } from "./keys.js";
import { connectLanguage } from "./language.js";
import { isLink } from "./link.js";
import { connectPlanes } from "./planes/chooser.js";
import { FitPlot } from "./plots/fit.js";
import { LossCurve } from "./plots/loss.js";
import { drawing } from "./plots/plotly.js";
import { Readouts } from "./readouts.js";
import { Scene, drawn } from "./scene.js";
import { Setup } from "./setup.js";
import { connectSharing, currentLink, digestFollower, keepAddress, sayOpened } from "./share/sharing.js";
import { connectStudies } from "./studies/studies.js";
import { connectTabs } from "./tabs.js";
import { text } from "./texts.js";
import { onThemeChange } from "./theme.js";
import { GoalControl } from "./time/goal-control.js";
import { SlowStep } from "./time/slow-step.js";
import { connectUndo } from "./time/undo-buttons.js";
import { Trailing } from "./trailing.js";
import { Transport } from "./transport.js";
import { Watch } from "./watch.js";

export { sayOpened };

/** How much was drawn, for tests and benchmarks. */
export const measured = { drawn, drawing };

/**
 * @param {Core} core
 * @param {Page} page
 * @param {Notices} notices
 * @param {Stage} stage
 * @returns {Promise<Conductor>}
 */
export async function furnish({ api, store, session, pictures, projection, player, changes, actions }, page, notices, stage) {
  const watch = new Watch({ page, store, player, notices, actions });
  pictures.refused = (reason) => {
    actions.lookAt({ plane: "parameters", center: "current" });
    notices.set("plane", { words: text("planes.refused", { reason }) });
  };
  store.subscribe(["surface"], ({ surface }) => surface?.kind !== "parameters" && notices.set("plane", null));
  const [loss, fit] = await Promise.all([
    LossCurve.create(page.loss, lossTitles(), (step) => actions.look(step)),
    FitPlot.create(page.fit, { observed: text("fit.observed"), predicted: text("fit.predicted") }),
  ]);
  const transport = new Transport(page, store, player, actions);
  const setup = new Setup(page.setup, store, actions, api);
  changes.complained = (errors) => setup.complain(errors);
  const scene = new Scene({ page, store, session, player, stage, loss, fit, transport, setup, readouts: new Readouts(page.readouts, { isTyped: true }) });
  const insight = new Insight({ page, store, pictures, setup });
  const examples = examplesFollower(page.examplesTable, store, pictures, () => conductor.show());
  const trailing = new Trailing([
    gapFollower(projection, () => conductor.show()),
    ...followers(page, store, pictures, projection, () => player.reached),
    ...insight.followers,
    examples,
    digestFollower(store, pictures, () => keepAddress(store, () => player.step)),
  ]);
  const conductor = new Conductor({ store, player, scene, insight, watch, trailing });
  const studies = connectStudies(page, { api, store, session, player, changes });
  insight.came = () => conductor.show();
  insight.marked = () => scene.fit();
  fit.picked = (column) => insight.pick(column);
  const slow = new SlowStep({ page, store, actions, pictures, player, scene, stage });
  player.show = () => {
    conductor.show();
    slow.follow();
    goal.follow();
  };
  listenToKeys(actions, page, slow);
  const goal = new GoalControl({ page, store, player, session, actions, notices, scene, watch });
  player.changed = (mode, reason) => {
    conductor.changed(mode, reason);
    goal.follow();
  };
  session.arrived = () => conductor.settle();
  session.agreed = () => conductor.show();
  actions.done = (what) => {
    notices.set("elsewhere", null);
    watch.tell(what, scene.runs);
  };
  connectElsewhere({ store, session, player, notices });
  connectComparison(page, store, actions, notices, () => conductor.show());
  connectLossAxis(page.lossAxis, store, actions);
  connectViews(page, store, actions, scene, conductor);
  connectSharing(page, store, () => player.step, { network: () => insight.networkPicture, studies: () => studies.picture });
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
