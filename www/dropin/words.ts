import type { Locale } from "../lib/types.gen";

/** The few words that are the drop-in's own; what is wrong with a file comes from the report. */
export interface Words {
  checking: string;
  fine: string;
  /** `count` files, none with a finding. */
  allFine(count: number): string;
  /** `fine` of `count` files have no finding. */
  someFine(fine: number, count: number): string;
  notChecked: string;
  blocking: string;
  advisory: string;
  unsure: string;
  pair: string;
  /** Between a message and its remedy, and between a file name and its message. */
  gap: string;
  colon: string;
  /** Said when the engine could not be started. */
  onlyName: string;
  empty: string;
  tooLarge(size: string, limit: string): string;
  wrongName(extension: string, formats: string): string;
}

export const WORDS: Record<Locale, Words> = {
  "zh-CN": {
    checking: "正在检查…",
    // A pass is not an approval, so it must not sound like one.
    fine: "未发现问题",
    allFine: (count) => `${count} 个文件均未发现问题`,
    someFine: (fine, count) => `${count} 个文件中有 ${fine} 个未发现问题`,
    notChecked: "未检查",
    blocking: "必须改",
    advisory: "建议改",
    unsure: "请核对",
    pair: "正面与反面",
    gap: "",
    colon: "：",
    onlyName: "未检查内容，只看了大小和名称",
    empty: "文件是空的。请重新导出或拍摄。",
    tooLarge: (size, limit) => `文件太大：${size}，须小于 ${limit}。请另存较小的一份。`,
    wrongName: (extension, formats) =>
      `${extension ? `扩展名是 .${extension}` : "文件名没有扩展名"}，只收 ${formats}。`,
  },
  en: {
    checking: "Checking…",
    fine: "No problem found",
    allFine: (count) => `No problem found in ${count} files`,
    someFine: (fine, count) => `No problem found in ${fine} of ${count} files`,
    notChecked: "Not checked",
    blocking: "Must fix",
    advisory: "Better fix",
    unsure: "Please look",
    pair: "Front and back",
    gap: " ",
    colon: ": ",
    onlyName: "The content was not checked, only size and name",
    empty: "The file is empty. Export or photograph it again.",
    tooLarge: (size, limit) =>
      `The file is too large: ${size}, and it has to be smaller than ${limit}. Save a smaller copy.`,
    wrongName: (extension, formats) =>
      `${extension ? `The extension is .${extension}` : "The name has no extension"}; accepted are ${formats}.`,
  },
};
