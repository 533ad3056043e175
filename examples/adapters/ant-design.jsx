import { Button, message, Upload } from "antd";
import { beforeUpload } from "icp-precheck/adapters";
import { createRoot } from "react-dom/client";
import { set } from "./set.js";
import { uploaded } from "./uploaded.js";

const check = (side) =>
  beforeUpload(set, {
    material: "leader-identity-document",
    side,
    refused: Upload.LIST_IGNORE,
    onRefused: (text) => message.error(text),
  });
const [checkFront, checkBack] = [check("front"), check("back")];
const forget = ({ originFileObj }) => set.remove(originFileObj);

function send({ file, onSuccess }) {
  uploaded(file);
  onSuccess();
}

createRoot(document.querySelector("#app")).render(
  <>
    <div id="front">
      <Upload beforeUpload={checkFront} onRemove={forget} customRequest={send} maxCount={1}>
        <Button>身份证正面</Button>
      </Upload>
    </div>
    <div id="back">
      <Upload beforeUpload={checkBack} onRemove={forget} customRequest={send} maxCount={1}>
        <Button>身份证反面</Button>
      </Upload>
    </div>
  </>,
);
