// @ts-check
/** Drawings of our own as files: they stand alone, with the look that the style sheets give them written into each part. */

/** @import { Format } from "./images.js" */
import { MEDIA_TYPES, SHARPNESS, SIZE } from "./images.js";

const LOOK = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "opacity"];
const TYPE = ["font-family", "font-size", "font-weight", "text-anchor"];
const OF_THE_PAGE = /^(class|style|tabindex|role|aria-.*|data-.*)$/;

/**
 * @param {Element} part of a drawing on the page
 * @returns {Element} the same for a file, without what only the page needs; what is not seen is left out
 */
export function standAlone(part) {
  const copy = /** @type {Element} */ (part.cloneNode(false));
  const style = getComputedStyle(part);
  for (const { name } of [...part.attributes]) if (OF_THE_PAGE.test(name)) copy.removeAttribute(name);
  for (const name of part instanceof SVGTextElement ? [...LOOK, ...TYPE] : LOOK) copy.setAttribute(name, style.getPropertyValue(name));
  for (const child of part.childNodes) {
    if (!(child instanceof Element)) copy.append(child.cloneNode());
    else if (getComputedStyle(child).display !== "none") copy.append(standAlone(child));
  }
  return copy;
}

/**
 * @param {(width: number) => SVGSVGElement | null} drawn as wide as a picture of a plot
 * @param {Format} format
 * @returns {Promise<Blob>}
 */
export async function imageOf(drawn, format) {
  const sheet = drawn(SIZE.width);
  if (!sheet) throw new Error("there is nothing to save");
  const svg = new Blob([new XMLSerializer().serializeToString(sheet)], { type: MEDIA_TYPES.svg });
  return format === "svg" ? svg : painted(svg, sheet.width.baseVal.value, sheet.height.baseVal.value);
}

/**
 * @param {Blob} svg
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>} a PNG
 */
async function painted(svg, width, height) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  URL.revokeObjectURL(image.src);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARPNESS * width, SHARPNESS * height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), MEDIA_TYPES.png));
}
