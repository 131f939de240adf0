// @ts-check
/** The settings of a study, from its schema in the catalogue; what the map and the run say is not asked for again. */

/**
 * @import { Entry, FieldSchema } from "../wire.js"
 * @import { Field } from "../fields.js"
 */
import { element } from "../dom.js";
import { hasControl, makeField } from "../fields.js";
import { text } from "../texts.js";

const FROM_THE_PAGE = ["kind", "run", "plane", "x", "y", "x_min", "x_max", "y_min", "y_max"];

export class StudyForm {
  element;
  /** What was set by hand. @type {Record<string, unknown>} */ values = {};

  /** @param {Entry} entry */
  constructor({ schema }) {
    const asked = Object.entries(schema.properties ?? {}).filter(([name, field]) => !FROM_THE_PAGE.includes(name) && hasControl(field));
    const fields = asked.map(([name, field]) => this.#field(name, field).element);
    this.element = element("details", { className: "study-settings" }, element("summary", {}, text("setup.fields")), element("div", {}, ...fields));
  }

  /**
   * @param {string} name
   * @param {FieldSchema} schema
   * @returns {Field}
   */
  #field(name, schema) {
    const field = makeField(name, schema, (value) => (this.values[name] = value));
    if (schema.default === null || schema.default === undefined) {
      field.slider?.remove(); // it has no place for "usual"
      if (field.number) field.number.placeholder = text("setup.usual");
    } else field.show(schema.default);
    return field;
  }
}
