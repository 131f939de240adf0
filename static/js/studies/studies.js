// @ts-check
/** The studies, put together. */

/**
 * @import { Api } from "../api.js"
 * @import { Changes } from "../changes.js"
 * @import { Page } from "../dom.js"
 * @import { Player } from "../player.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 */
import { Sight } from "../insight/sight.js";
import { Course } from "./course.js";
import { Loading } from "./loading.js";
import { StudiesPanel } from "./panel.js";

/**
 * @param {Page} page
 * @param {{api: Api, store: Store<State>, session: Session, player: Player, changes: Changes}} parts
 * @returns {StudiesPanel}
 */
export function connectStudies(page, parts) {
  const panel = new StudiesPanel(parts.store, new Course(parts), new Loading(parts), page.saveStudies);
  const sight = new Sight();
  page.studies.append(panel.element);
  sight.came = () => panel.appear();
  sight.watch(page.studies);
  return panel;
}
