// @ts-check
/** What stands behind # in the address, a recipe, comes along: a browser keeps it over the redirection that follows. */

import { followTheme } from "./js/theme.js";

followTheme();
const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
form.action += location.hash;
