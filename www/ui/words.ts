import type { Fix, Locale } from "../lib/types.gen";

/** The few words that are not in a report. */
export interface Words {
  checking: string;
  /** `done` of `total` files are done. */
  progress(done: number, total: number): string;
  fine: string;
  /** `count` files, none with a finding. */
  allFine(count: number): string;
  /** `fine` of `count` files have no finding. */
  someFine(fine: number, count: number): string;
  notChecked: string;
  blocking: string;
  advisory: string;
  unsure: string;
  /** How many findings of one kind there are. */
  count(label: string, count: number): string;
  comma: string;
  pair: string;
  /** Between a file name and its message. */
  colon: string;
  /** What buttons that mend a file say. */
  remedies: Record<Fix, string>;
  mending: string;
  notMended: string;
  /** Said when the engine could not be started. */
  onlyName: string;
  empty: string;
  tooLarge(size: string, limit: string): string;
  wrongName(extension: string, formats: string): string;
}

export const WORDS: Record<Locale, Words> = {
  "zh-CN": {
    checking: "正在检查…",
    progress: (done, total) => `已看 ${done}/${total}`,
    // A pass is not an approval, so it must not sound like one.
    fine: "未发现问题",
    allFine: (count) => `${count} 个文件均未发现问题`,
    someFine: (fine, count) => `${count} 个文件中有 ${fine} 个未发现问题`,
    notChecked: "未检查",
    blocking: "必须改",
    advisory: "建议改",
    unsure: "请核对",
    count: (label, count) => `${label} ${count} 处`,
    comma: "，",
    pair: "正面与反面",
    colon: "：",
    remedies: {
      compress: "压缩这张图片",
      convert: "转换格式",
      rotate: "转正",
      crop: "裁掉四周",
      "match-pair": "调成一样大",
      splice: "拼成一张",
      "strip-metadata": "去掉附加信息",
    },
    mending: "正在处理…",
    notMended: "没能处理，请自己修改后重新选择。",
    onlyName: "未检查内容，只看了大小和名称",
    empty: "文件是空的。请重新导出或拍摄。",
    tooLarge: (size, limit) => `文件太大：${size}，须小于 ${limit}。请另存较小的一份。`,
    wrongName: (extension, formats) =>
      `${extension ? `扩展名是 .${extension}` : "文件名没有扩展名"}，只收 ${formats}。`,
  },
  en: {
    checking: "Checking…",
    progress: (done, total) => `${done} of ${total} looked at`,
    fine: "No problem found",
    allFine: (count) => `No problem found in ${count} files`,
    someFine: (fine, count) => `No problem found in ${fine} of ${count} files`,
    notChecked: "Not checked",
    blocking: "Must fix",
    advisory: "Better fix",
    unsure: "Please look",
    count: (label, count) => `${label}: ${count}`,
    comma: ", ",
    pair: "Front and back",
    colon: ": ",
    remedies: {
      compress: "Compress this picture",
      convert: "Convert it",
      rotate: "Turn it upright",
      crop: "Crop it",
      "match-pair": "Make them equal in size",
      splice: "Join them into one",
      "strip-metadata": "Remove the extra data",
    },
    mending: "Working…",
    notMended: "It could not be mended. Change it yourself and choose it again.",
    onlyName: "The content was not checked, only size and name",
    empty: "The file is empty. Export or photograph it again.",
    tooLarge: (size, limit) =>
      `The file is too large: ${size}, and it has to be smaller than ${limit}. Save a smaller copy.`,
    wrongName: (extension, formats) =>
      `${extension ? `The extension is .${extension}` : "The name has no extension"}; accepted are ${formats}.`,
  },
};
