// @ts-check
/** Starts Swagger UI on the element that names the description of the API. */

const place = /** @type {HTMLElement} */ (document.getElementById("swagger"));
// @ts-expect-error: the bundle beside this file comes without types
globalThis.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.openapi,
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
});
