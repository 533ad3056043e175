import { Button, message, Upload } from "antd";
import { createPrecheck } from "icp-precheck";
import { beforeUpload } from "icp-precheck/adapters";
import { createRoot } from "react-dom/client";
import { uploaded } from "./uploaded.js";

const check = beforeUpload(() => createPrecheck(), {
  material: "leader-identity-document",
  side: "front",
  refused: Upload.LIST_IGNORE,
  onRefused: (text) => message.error(text),
});

function send({ file, onSuccess }) {
  uploaded(file);
  onSuccess();
}

createRoot(document.querySelector("#app")).render(
  <Upload beforeUpload={check} customRequest={send}>
    <Button>身份证正面</Button>
  </Upload>,
);
