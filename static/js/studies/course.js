// @ts-check
/** Studies on their course: begun, followed until they end, ended early; one of each kind at a time. */

/**
 * @import { Api } from "../api.js"
 * @import { Session } from "../session.js"
 * @import { State } from "../state.js"
 * @import { Store } from "../store.js"
 * @import { Study, StudyKind } from "./wire.js"
 */
import { ApiError } from "../api-error.js";
import { beginStudy, endStudy, readStudy } from "./calls.js";
import { isUnfinished, note, studiedRun } from "./state.js";

const FIRST_LOOK_MS = 120;
const LOOK_MS = 400;

export class Course {
  #api;
  #session;
  #store;
  #subject = "";

  /** @param {{api: Api, session: Session, store: Store<State>}} parts */
  constructor({ api, session, store }) {
    this.#api = api;
    this.#session = session;
    this.#store = store;
    store.subscribe(["recipe", "session"], ({ recipe, session }) => {
      const subject = JSON.stringify([session?.id, recipe?.problem]);
      if (subject !== this.#subject) note(store, { found: {}, trouble: null }); // they were about something else
      this.#subject = subject;
    });
  }

  /**
   * @param {StudyKind} kind
   * @param {Record<string, unknown>} values of its form
   */
  async begin(kind, values) {
    note(this.#store, { trouble: null });
    await this.#heard(async () => {
      const begun = await this.#session.asked((id) => beginStudy(this.#api, id, { ...values, ...this.#about(kind), kind }));
      this.#found(begun);
      await this.#follow(begun);
    });
  }

  /** @param {StudyKind} kind */
  async end(kind) {
    const { session, studies } = this.#store.state;
    const study = studies.found[kind];
    if (session && study && isUnfinished(study)) await this.#heard(() => endStudy(this.#api, session.id, study.id));
  }

  /** @param {() => Promise<unknown>} task whose refusal is told beside the studies */
  async #heard(task) {
    try {
      await task();
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      note(this.#store, { trouble: reason.words });
    }
  }

  /**
   * What the study is about, as the page has it.
   * @param {StudyKind} kind
   * @returns {Record<string, unknown>}
   */
  #about(kind) {
    const { surface } = this.#store.state;
    if (kind === "cost_race") return {};
    const run = { run: studiedRun(this.#store.state) };
    if (kind === "sweep" || !surface) return run;
    const { x, y, plane } = surface.value;
    return { ...run, plane: plane.id, x_min: x[0], x_max: x[x.length - 1], y_min: y[0], y_max: y[y.length - 1] };
  }

  /** @param {Study} begun */
  async #follow(begun) {
    let study = begun;
    for (let wait = FIRST_LOOK_MS; isUnfinished(study); wait = LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.#store.state.studies.found[begun.kind]?.id !== begun.id) return; // about something else meanwhile
      study = await this.#look(study);
      this.#found(study);
    }
  }

  /**
   * @param {Study} study
   * @returns {Promise<Study>} as it was where the server does not answer, and failed where it has forgotten it
   */
  async #look(study) {
    const session = this.#store.state.session?.id ?? "";
    try {
      return await readStudy(this.#api, session, study.id);
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      return reason.passing ? study : { ...study, status: "failed", note: reason.words };
    }
  }

  /** @param {Study} study */
  #found(study) {
    note(this.#store, { found: { ...this.#store.state.studies.found, [study.kind]: study } });
  }
}
