/** What the other examples do, in TypeScript: checked against the types of each library, never run. */
import { BasePlugin, Uppy } from "@uppy/core";
import { Upload } from "antd";
import { ElUpload } from "element-plus";
import { type FilePondOptions, registerPlugin } from "filepond";
import { createPrecheck } from "icp-precheck";
import { beforeUpload, dropzoneValidator, filePondPrecheck, uploadSet, uppyPrecheck } from "icp-precheck/adapters";
import { useDropzone } from "react-dropzone";
import { h } from "vue";

const set = uploadSet(() => createPrecheck(), {
  onPair: ({ material, messages, report }) => console.log(material, messages.join(), report?.verdict),
});
const front = { material: "leader-identity-document", side: "front" } as const;

export const antDesign = (
  <Upload
    beforeUpload={beforeUpload(set, { ...front, refused: Upload.LIST_IGNORE })}
    onRemove={({ originFileObj }) => {
      if (originFileObj) set.remove(originFileObj);
    }}
  />
);
export const elementPlus = h(ElUpload, {
  beforeUpload: beforeUpload(set, front),
  onRemove: ({ raw }) => {
    if (raw) set.remove(raw);
  },
});
registerPlugin(filePondPrecheck(set));
export const pond: FilePondOptions = { onremovefile: (_error, { file }) => set.remove(file) };
export const useFront = () => useDropzone({ validator: dropzoneValidator(set, front) });
export const uppy = new Uppy().use(uppyPrecheck(BasePlugin, set, front));
