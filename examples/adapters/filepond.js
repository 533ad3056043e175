import "filepond/dist/filepond.css";
import * as FilePond from "filepond";
import { createPrecheck } from "icp-precheck";
import { filePondPrecheck } from "icp-precheck/adapters";
import { uploaded } from "./uploaded.js";

FilePond.registerPlugin(filePondPrecheck(() => createPrecheck()));

const input = document.createElement("input");
input.type = "file";
// As an attribute, as the drop-in script has it, or as the option `icpMaterial`.
input.dataset.icpMaterial = "leader-identity-document";
document.querySelector("#app").append(input);

FilePond.create(input, {
  icpSide: "front",
  allowRevert: false,
  server: {
    process(_name, file, _metadata, load) {
      uploaded(file);
      load(file.name);
    },
  },
});
