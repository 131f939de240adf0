// @ts-check
/** Starts Swagger UI on the element that names the description of the API, in the colours chosen on the other pages. */

import { followTheme, onThemeChange, scheme } from "./js/theme.js";

const place = /** @type {HTMLElement} */ (document.getElementById("swagger"));
const dress = () => document.documentElement.classList.toggle("dark-mode", scheme() === "dark");
followTheme();
onThemeChange(dress);
dress();
// @ts-expect-error: the bundle beside this file comes without types
globalThis.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.openapi,
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
});
