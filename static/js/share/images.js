// @ts-check
/** Plots as files: PNG and SVG, made in the browser, on paper of their own and with a title that says what they show. */

/** @import { Graph, Layout, Trace } from "../plots/plotly.js" */
import { escaped, plotly } from "../plots/plotly.js";
import { palette } from "../theme.js";

/** @typedef {"png" | "svg"} Format */

/**
 * @typedef {object} Picture
 * @property {string} name in that of its file
 * @property {string} words what it shows
 * @property {boolean} [isOfNoStep] whether it is the same at every step of the run
 * @property {(title: string, format: Format) => Promise<Blob>} make
 */

export const SIZE = { width: 1000, height: 700 };
export const SHARPNESS = 2; // pixels of a PNG for each of its size
const TITLE = { size: 20, room: 54 };
const KEY_LINE = 22;
const SCALE_ROOM = 100;
export const MEDIA_TYPES = { png: "image/png", svg: "image/svg+xml" };

/**
 * @param {Graph[]} graphs one picture, from the lowest to the topmost: they share their axes
 * @param {string} title
 * @param {Format} format
 * @param {Trace[]} [key] what stands beside the picture on the page: in the file it stands below
 * @returns {Promise<Blob>}
 */
export async function plotImage(graphs, title, format, key = []) {
  const { toImage } = await plotly();
  const figure = { data: [...graphs.flatMap(({ data }) => data.map((trace) => (key.length ? { ...trace, showlegend: false } : trace))), ...key], layout: printedLayout(graphs[0], title, key) };
  const scale = format === "png" ? SHARPNESS : 1;
  return blobOf(await toImage(figure, { format, ...SIZE, scale }), format);
}

/**
 * @param {Graph} graph
 * @param {string} title
 * @param {Trace[]} key
 * @returns {Layout}
 */
function printedLayout({ layout }, title, key) {
  const { paper, ink } = palette();
  const lines = key.filter(({ showlegend }) => showlegend).length;
  const room = { t: TITLE.room, b: KEY_LINE * lines, r: lines < key.length ? SCALE_ROOM : 0 };
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + room.t, b: (layout.margin?.b ?? 0) + room.b, r: (layout.margin?.r ?? 0) + room.r };
  const legend = { x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", font: { color: ink, size: 13 }, bgcolor: "rgba(0,0,0,0)" };
  const words = { text: escaped(title), x: 0.03, xanchor: "left", y: 0.97, yanchor: "top", font: { color: ink, size: TITLE.size } };
  return { ...layout, margin, title: words, paper_bgcolor: paper, plot_bgcolor: paper, autosize: false, ...SIZE, ...(key.length ? { showlegend: lines > 0, legend } : {}) };
}

/**
 * The content policy lets nothing fetch an address that holds its own content.
 * @param {string} address `data:…`
 * @param {Format} format
 * @returns {Blob}
 */
function blobOf(address, format) {
  const comma = address.indexOf(",");
  const isBase64 = address.slice(0, comma).endsWith(";base64");
  const content = isBase64 ? Uint8Array.from(atob(address.slice(comma + 1)), (character) => character.charCodeAt(0)) : decodeURIComponent(address.slice(comma + 1));
  return new Blob([content], { type: MEDIA_TYPES[format] });
}

/**
 * @param {Blob} content
 * @param {string} name of the file
 */
export function download(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
