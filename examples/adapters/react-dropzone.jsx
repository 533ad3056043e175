import { createPrecheck } from "icp-precheck";
import { dropzoneValidator } from "icp-precheck/adapters";
import { createRoot } from "react-dom/client";
import { useDropzone } from "react-dropzone";
import { uploaded } from "./uploaded.js";

const validator = dropzoneValidator(() => createPrecheck(), { material: "leader-identity-document", side: "front" });

function Front() {
  const { getRootProps, getInputProps, fileRejections, isProcessing } = useDropzone({
    validator,
    onDropAccepted: (files) => files.forEach(uploaded),
  });
  return (
    <>
      <div {...getRootProps({ className: "dropzone" })}>
        <input {...getInputProps()} />
        身份证正面
      </div>
      <ul role="status">
        {isProcessing && <li>正在检查…</li>}
        {fileRejections.map(({ file, errors }) => (
          <li key={file.name}>
            {file.name}：{errors.map(({ message }) => message).join(" ")}
          </li>
        ))}
      </ul>
    </>
  );
}

createRoot(document.querySelector("#app")).render(<Front />);
