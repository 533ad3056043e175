import { dropzoneValidator } from "icp-precheck/adapters";
import { createRoot } from "react-dom/client";
import { useDropzone } from "react-dropzone";
import { set } from "./set.js";
import { uploaded } from "./uploaded.js";

const material = "leader-identity-document";
const validators = {
  front: dropzoneValidator(set, { material, side: "front" }),
  back: dropzoneValidator(set, { material, side: "back" }),
};

function Side({ side, words }) {
  const { getRootProps, getInputProps, fileRejections, isProcessing } = useDropzone({
    validator: validators[side],
    multiple: false,
    onDropAccepted: (files) => files.forEach(uploaded),
  });
  return (
    <div id={side}>
      <div {...getRootProps({ className: "dropzone" })}>
        <input {...getInputProps()} />
        {words}
      </div>
      <ul role="status">
        {isProcessing && <li>正在检查…</li>}
        {fileRejections.map(({ file, errors }) => (
          <li key={file.name}>
            {file.name}：{errors.map(({ message }) => message).join(" ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

createRoot(document.querySelector("#app")).render(
  <>
    <Side side="front" words="身份证正面" />
    <Side side="back" words="身份证反面" />
  </>,
);
