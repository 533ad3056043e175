import type { Locale } from "../lib/types.gen";

/** Words of the element alone; those that it shares are in `../ui/words`. */
export interface ElementWords {
  photo: string;
  sides: Record<"front" | "back", string>;
  required: string;
  choose: string;
  replace: string;
  camera: string;
  remove: string;
  drop: string;
  missing: string;
  onlyFirst: string;
  /** Alternative text of the preview. */
  preview(name: string): string;
}

export const ELEMENT_WORDS: Record<Locale, ElementWords> = {
  "zh-CN": {
    photo: "照片",
    sides: { front: "正面", back: "反面" },
    required: "必填",
    choose: "选择照片",
    replace: "换一张",
    camera: "拍照",
    remove: "移除",
    drop: "也可以拖到这里，或粘贴",
    missing: "请选择照片。",
    onlyFirst: "这里只放一张，取了第一张",
    preview: (name) => `所选照片 ${name}`,
  },
  en: {
    photo: "Photo",
    sides: { front: "Front", back: "Back" },
    required: "required",
    choose: "Choose a photo",
    replace: "Replace",
    camera: "Take a photo",
    remove: "Remove",
    drop: "or drop or paste it here",
    missing: "Choose a photo.",
    onlyFirst: "There is room for one; the first was taken",
    preview: (name) => `The chosen photo ${name}`,
  },
};
