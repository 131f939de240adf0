// @ts-check
/** The one module that fetches. It never draws and keeps no state but a count of its requests. */

/** @import { Catalogue, DataView, Delta, ParameterValues, Predictions, Recipe, SessionView, Surface } from "./wire.js" */
import { ApiError, lost, problemOf } from "./api-error.js";

/** @typedef {Record<string, string | number | undefined>} Query */

const NO_CONTENT = 204;
const PATIENCE_MS = 20_000; // a connection that died in a sleeping laptop says nothing
const UPLOAD_PATIENCE_MS = 120_000;

export const counters = { requests: 0, answers: 0, failures: 0 };

/**
 * @param {Query} query
 * @returns {string}
 */
function queryString(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : "";
}

/** The calls of `/api/v1` that the page makes; every one rejects with an ApiError. */
export class Api {
  /** @param {string} prefix path of the API, without a slash at its end */
  constructor(prefix) {
    this.prefix = prefix;
  }

  /**
   * Any call of the API; those of one part of the page alone stand there.
   * @param {string} path
   * @param {RequestInit} [init]
   * @param {number} [patience] milliseconds until it counts as lost
   * @returns {Promise<any>} its JSON, null where there is none
   */
  async ask(path, init, patience = PATIENCE_MS) {
    const response = await this.#fetched(path, init, patience);
    return response.status === NO_CONTENT ? null : response.json().catch(lost);
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<Response>} one that says yes, or that nothing is new
   */
  async #fetched(path, init, patience = PATIENCE_MS) {
    counters.requests += 1;
    const headers = { "Accept-Language": document.documentElement.lang, ...init?.headers };
    const limit = AbortSignal.timeout(patience);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await fetch(this.prefix + path, { ...init, headers, signal }).catch(lost).finally(() => (counters.answers += 1));
    if (response.ok || response.status === 304) return response;
    counters.failures += 1;
    throw new ApiError(response.status, await problemOf(response));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  send(method, path, body, signal) {
    return this.ask(path, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal });
  }

  /** @returns {Promise<Catalogue>} */
  catalogue() {
    return this.ask("/catalogue");
  }

  /**
   * @param {Recipe} recipe
   * @returns {Promise<SessionView>}
   */
  createSession(recipe) {
    return this.send("POST", "/sessions", recipe);
  }

  /**
   * @param {string} id
   * @param {Query} [query]
   * @returns {Promise<SessionView>}
   */
  session(id, query = {}) {
    return this.ask(`/sessions/${id}${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {{steps: number, from_step: number, lineage: number, max_points?: number, plane?: string, until?: Record<string, number>}} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<Delta>}
   */
  step(id, body, signal) {
    return this.send("POST", `/sessions/${id}/step`, body, signal);
  }

  /**
   * @param {string} id
   * @param {Record<string, unknown>} change
   * @returns {Promise<SessionView>}
   */
  changeConfig(id, change) {
    return this.send("PATCH", `/sessions/${id}/config`, change);
  }

  /**
   * @param {string} id
   * @param {Record<string, unknown>} [body]
   * @returns {Promise<SessionView>}
   */
  reset(id, body = {}) {
    return this.send("POST", `/sessions/${id}/reset`, body);
  }

  /**
   * @param {string} id
   * @param {Recipe} recipe
   * @param {Query} [query]
   * @returns {Promise<SessionView>} at the last step that both recipes have in common, or towards `step`
   */
  replaceRecipe(id, recipe, query = {}) {
    return this.send("POST", `/sessions/${id}/recipe${queryString(query)}`, recipe);
  }

  /**
   * @param {string} id
   * @param {Record<string, unknown>} run its settings
   * @returns {Promise<SessionView>}
   */
  addRun(id, run) {
    return this.send("POST", `/sessions/${id}/runs`, run);
  }

  /**
   * @param {string} id
   * @param {string} name
   * @returns {Promise<SessionView>}
   */
  removeRun(id, name) {
    return this.ask(`/sessions/${id}/runs/${encodeURIComponent(name)}`, { method: "DELETE" });
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<Delta>}
   */
  trajectory(id, query) {
    return this.ask(`/sessions/${id}/trajectory${queryString(query)}`);
  }

  /**
   * The same, where something is new.
   * @param {string} id
   * @param {Query} query
   * @param {string | null} etag of the last answer to the same query
   * @returns {Promise<{etag: string | null, delta: Delta | null}>}
   */
  async poll(id, query, etag) {
    const headers = etag ? { "If-None-Match": etag } : undefined;
    const response = await this.#fetched(`/sessions/${id}/trajectory${queryString(query)}`, { headers, cache: "no-store" });
    return { etag: response.headers.get("ETag"), delta: response.status === 304 ? null : await response.json().catch(lost) };
  }

  /**
   * @param {string} id
   * @returns {Promise<DataView>}
   */
  data(id) {
    return this.ask(`/sessions/${id}/data`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<ParameterValues>}
   */
  parameters(id, query) {
    return this.ask(`/sessions/${id}/parameters${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<Predictions>}
   */
  predictions(id, query) {
    return this.ask(`/sessions/${id}/predictions${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<Surface>}
   */
  surface(id, query) {
    return this.ask(`/sessions/${id}/surface${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./wire.js").Line>}
   */
  line(id, query) {
    return this.ask(`/sessions/${id}/line${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./wire.js").Field>}
   */
  field(id, query) {
    return this.ask(`/sessions/${id}/field${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {string} plane
   * @returns {Promise<import("./studies/wire.js").PlaneVectors>}
   */
  plane(id, plane) {
    return this.ask(`/sessions/${id}/plane${queryString({ plane })}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./insight/wire.js").Diagnosis>}
   */
  diagnosis(id, query) {
    return this.ask(`/sessions/${id}/diagnosis${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./insight/wire.js").Anatomy>}
   */
  anatomy(id, query) {
    return this.ask(`/sessions/${id}/anatomy${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./insight/wire.js").GradientCheck>}
   */
  gradientCheck(id, query) {
    return this.ask(`/sessions/${id}/gradient-check${queryString(query)}`);
  }

  /**
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<import("./insight/wire.js").Units>}
   */
  units(id, query) {
    return this.ask(`/sessions/${id}/units${queryString(query)}`);
  }

  /**
   * @param {Blob} csv
   * @param {Query} query
   * @returns {Promise<import("./wire.js").Upload>}
   */
  upload(csv, query) {
    return this.ask(`/datasets${queryString(query)}`, { method: "POST", body: csv, headers: { "Content-Type": "text/csv" } }, UPLOAD_PATIENCE_MS);
  }
}
