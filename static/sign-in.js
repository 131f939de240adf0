// @ts-check
/** What stands behind # in the address, a recipe, comes along: a browser keeps it over the redirection that follows. */

const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
form.action += location.hash;
