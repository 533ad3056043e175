import "element-plus/dist/index.css";
import { ElButton, ElMessage, ElUpload } from "element-plus";
import { createPrecheck } from "icp-precheck";
import { beforeUpload } from "icp-precheck/adapters";
import { createApp, h } from "vue";
import { uploaded } from "./uploaded.js";

const check = beforeUpload(() => createPrecheck(), {
  material: "leader-identity-document",
  side: "front",
  onRefused: (text) => ElMessage.error(text),
});

// <el-upload :before-upload="check" :http-request="send">
const app = createApp(() =>
  h(
    ElUpload,
    { action: "#", beforeUpload: check, httpRequest: async ({ file }) => uploaded(file) },
    { default: () => h(ElButton, () => "身份证正面") },
  ),
);
app.mount("#app");
