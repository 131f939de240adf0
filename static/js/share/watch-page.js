// @ts-check
/** The ids of templates/watch.html. */

import { byId } from "../dom.js";

export const watchPage = () => ({
  bench: byId("bench"),
  subject: byId("subject"),
  trouble: byId("trouble"),
  live: byId("live"),
  language: byId("language", HTMLSelectElement),
  theme: byId("theme", HTMLSelectElement),
  projector: byId("projector", HTMLButtonElement),
  mapBase: byId("map-base"),
  mapAbove: byId("map-above"),
  mapSummary: byId("map-summary"),
  stageKey: byId("stage-key"),
  slice: byId("slice"),
  notices: byId("notices"),
  opening: byId("opening"),
  step: byId("step", HTMLOutputElement),
  readouts: byId("readouts"),
  loss: byId("loss"),
  lossSummary: byId("loss-summary"),
  fit: byId("fit"),
  fitSummary: byId("fit-summary"),
  numbers: byId("numbers"),
  ended: byId("ended"),
  again: byId("again", HTMLButtonElement),
});

/** @typedef {ReturnType<typeof watchPage>} WatchPage */
