import "@uppy/core/css/style.min.css";
import "@uppy/dashboard/css/style.min.css";
import Uppy, { BasePlugin } from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import { uppyPrecheck } from "icp-precheck/adapters";
import { set } from "./set.js";
import { uploaded } from "./uploaded.js";

for (const side of ["front", "back"]) {
  const place = document.createElement("div");
  place.id = side;
  document.querySelector("#app").append(place);

  const uppy = new Uppy({ id: side, autoProceed: true })
    .use(Dashboard, { inline: true, target: place, height: 320, showRemoveButtonAfterComplete: true })
    .use(uppyPrecheck(BasePlugin, set, { material: "leader-identity-document", side }));

  // Where @uppy/xhr-upload or @uppy/tus would send the files.
  uppy.addUploader(async (ids) => {
    for (const id of ids) uploaded(uppy.getFile(id));
  });
}
