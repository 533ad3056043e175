import "filepond/dist/filepond.css";
import * as FilePond from "filepond";
import { filePondPrecheck } from "icp-precheck/adapters";
import { set } from "./set.js";
import { uploaded } from "./uploaded.js";

FilePond.registerPlugin(filePondPrecheck(set));

for (const side of ["front", "back"]) {
  const input = document.createElement("input");
  input.type = "file";
  // As an attribute, as the drop-in script has it, or as the option `icpMaterial`.
  input.dataset.icpMaterial = "leader-identity-document";
  const place = document.createElement("div");
  place.id = side;
  place.append(input);
  document.querySelector("#app").append(place);

  FilePond.create(input, {
    icpSide: side,
    onremovefile: (_error, { file }) => set.remove(file),
    server: {
      revert: (_id, done) => done(),
      process(_name, file, _metadata, load) {
        uploaded(file);
        load(file.name);
      },
    },
  });
}
