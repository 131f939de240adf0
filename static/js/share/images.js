// @ts-check
/** Plots as files: PNG and SVG, made in the browser, on paper of their own and with a title that says what they show. */

/** @import { Graph, Layout } from "../plots/plotly.js" */
import { escaped, plotly } from "../plots/plotly.js";
import { palette } from "../theme.js";

/** @typedef {"png" | "svg"} Format */

const SIZE = { width: 1000, height: 700 };
const SHARPNESS = 2; // pixels of a PNG for each of its size
const TITLE = { size: 20, room: 54 };
const MEDIA_TYPES = { png: "image/png", svg: "image/svg+xml" };

/**
 * @param {Graph[]} graphs one picture, from the lowest to the topmost: they share their axes
 * @param {string} title
 * @param {Format} format
 * @returns {Promise<Blob>}
 */
export async function plotImage(graphs, title, format) {
  const { toImage } = await plotly();
  const figure = { data: graphs.flatMap(({ data }) => data), layout: printedLayout(graphs[0], title) };
  const scale = format === "png" ? SHARPNESS : 1;
  return blobOf(await toImage(figure, { format, ...SIZE, scale }), format);
}

/**
 * @param {Graph} graph
 * @param {string} title
 * @returns {Layout}
 */
function printedLayout({ layout }, title) {
  const { paper, ink } = palette();
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + TITLE.room };
  const words = { text: escaped(title), x: 0.03, xanchor: "left", y: 0.97, yanchor: "top", font: { color: ink, size: TITLE.size } };
  return { ...layout, margin, title: words, paper_bgcolor: paper, plot_bgcolor: paper, autosize: false, ...SIZE };
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
