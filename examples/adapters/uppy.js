import "@uppy/core/css/style.min.css";
import "@uppy/dashboard/css/style.min.css";
import Uppy, { BasePlugin } from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import { createPrecheck } from "icp-precheck";
import { uppyPrecheck } from "icp-precheck/adapters";
import { uploaded } from "./uploaded.js";

const uppy = new Uppy({ autoProceed: true })
  .use(Dashboard, { inline: true, target: "#app", height: 320 })
  .use(uppyPrecheck(BasePlugin, () => createPrecheck(), { material: "leader-identity-document", side: "front" }));

// Where @uppy/xhr-upload or @uppy/tus would send the files.
uppy.addUploader(async (ids) => {
  for (const id of ids) uploaded(uppy.getFile(id));
});
