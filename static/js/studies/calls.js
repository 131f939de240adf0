// @ts-check
/** The calls of the API about studies. */

/**
 * @import { Api } from "../api.js"
 * @import { Study } from "./wire.js"
 */

/**
 * @param {Api} api
 * @param {string} session
 * @param {Record<string, unknown>} asked
 * @returns {Promise<Study>}
 */
export const beginStudy = (api, session, asked) => api.send("POST", `/sessions/${session}/studies`, asked);

/**
 * @param {Api} api
 * @param {string} session
 * @param {string} id
 * @returns {Promise<Study>}
 */
export const readStudy = (api, session, id) => api.ask(`/sessions/${session}/studies/${id}`);

/**
 * @param {Api} api
 * @param {string} session
 * @param {string} id
 * @returns {Promise<null>}
 */
export const endStudy = (api, session, id) => api.ask(`/sessions/${session}/studies/${id}`, { method: "DELETE" });
