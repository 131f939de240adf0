// @ts-check
/** Arrows on the map: the one of this stage plain, those before it faint. One too short or too long to be seen is drawn to scale. */

/** @typedef {[number, number]} Pixels */

const SVG = "http://www.w3.org/2000/svg";
const SHORTEST = 28; // pixels
const LONGEST_SHARE = 0.45; // of the smaller side of the map
const HEAD = 9;

/**
 * @typedef {object} Ground
 * @property {(x: number, y: number) => Pixels} place of a point of the map
 * @property {{left: number, top: number, width: number, height: number}} frame of the map's axes
 */

/**
 * @param {Ground} ground
 * @param {[number, number]} from
 * @param {[number, number]} arrow
 * @returns {number} by what it has to be multiplied to be seen: 1 where it is seen as it is
 */
export function scaleFor({ place, frame }, [x, y], [dx, dy]) {
  const [start, end] = [place(x, y), place(x + dx, y + dy)];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const longest = LONGEST_SHARE * Math.min(frame.width, frame.height);
  if (!(length > 0) || !Number.isFinite(length) || (length >= SHORTEST && length <= longest)) return 1;
  return length < SHORTEST ? roundUp(SHORTEST / length) : 1 / roundUp(length / longest);
}

/**
 * @param {number} value
 * @returns {number} 1, 2 or 5 times a power of ten, at least it
 */
function roundUp(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([1, 2, 5, 10].find((digit) => digit * decade >= value) ?? 10);
}

/**
 * @param {SVGSVGElement} svg
 * @param {Ground} ground
 * @param {[number, number]} from
 * @param {{arrow: [number, number], scale: number, kind: string}[]} arrows the last one is the present one
 */
export function drawArrows(svg, { place, frame }, from, arrows) {
  svg.style.left = `${frame.left}px`;
  svg.style.top = `${frame.top}px`;
  svg.setAttribute("width", String(frame.width));
  svg.setAttribute("height", String(frame.height));
  const [x, y] = place(...from);
  const start = /** @type {Pixels} */ ([x - frame.left, y - frame.top]);
  const groups = arrows.map(({ arrow, scale, kind }, i) => {
    const [u, v] = place(from[0] + scale * arrow[0], from[1] + scale * arrow[1]);
    return arrowShape(start, [u - frame.left, v - frame.top], `${kind} ${i === arrows.length - 1 ? "now" : "before"}`);
  });
  svg.replaceChildren(...groups);
}

/**
 * @param {Pixels} from
 * @param {Pixels} to
 * @param {string} look class
 * @returns {SVGGElement} casing, line and head; nothing for an arrow without length
 */
function arrowShape([x0, y0], [x1, y1], look) {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", look);
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 0.5)) return group;
  const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = Math.min(HEAD, length / 2);
  const [bx, by] = [x1 - head * u, y1 - head * v];
  const line = `M${x0} ${y0}L${bx} ${by}`;
  const tip = `M${x1} ${y1}L${bx - 0.55 * head * v} ${by + 0.55 * head * u}L${bx + 0.55 * head * v} ${by - 0.55 * head * u}Z`;
  for (const [name, d] of [["casing", line], ["casing tip", tip], ["line", line], ["tip", tip]]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", d);
    path.setAttribute("pathLength", "1");
    group.append(path);
  }
  return group;
}
