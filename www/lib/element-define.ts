/** `import "icp-precheck/element/define"` makes `<icp-photo-check>` known at once. */
export type { IcpPhotoCheck } from "./element.js";
