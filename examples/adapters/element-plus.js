import "element-plus/dist/index.css";
import { ElButton, ElMessage, ElUpload } from "element-plus";
import { beforeUpload } from "icp-precheck/adapters";
import { createApp, h } from "vue";
import { set } from "./set.js";
import { uploaded } from "./uploaded.js";

const check = (side) =>
  beforeUpload(set, {
    material: "leader-identity-document",
    side,
    onRefused: (text) => ElMessage.error(text),
  });
const [checkFront, checkBack] = [check("front"), check("back")];
const forget = ({ raw }) => set.remove(raw);

// <el-upload :before-upload="checkFront" :on-remove="forget" :http-request="send">
// <el-upload :before-upload="checkBack" :on-remove="forget" :http-request="send">
const field = (beforeUpload, words) =>
  h(
    ElUpload,
    { action: "#", beforeUpload, onRemove: forget, httpRequest: async ({ file }) => uploaded(file) },
    { default: () => h(ElButton, () => words) },
  );
const app = createApp(() => [
  h("div", { id: "front" }, field(checkFront, "身份证正面")),
  h("div", { id: "back" }, field(checkBack, "身份证反面")),
]);
app.mount("#app");
