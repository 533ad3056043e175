import type { Locale, Verdict } from "icp-precheck";

/** What the command line says itself; what is wrong with a file comes from the report. */
export interface Words {
  help: string;
  seeHelp: string;
  unknownOption(option: string, known: string): string;
  missingValue(option: string): string;
  unwantedValue(option: string): string;
  twice(option: string): string;
  notOneOf(option: string, value: string, known: string): string;
  badDate(option: string, value: string): string;
  noFileGiven: string;
  notTogether(option: string, other: string): string;
  bothSides: string;
  badSubmission(path: string, reason: string): string;
  noProfile: string;
  unknownKey(key: string): string;
  badFiles: string;
  nothingMatches(pattern: string): string;
  emptyFolder(folder: string): string;
  failed(reason: string): string;
  verdicts: Record<Verdict, string>;
  blocking: string;
  advisory: string;
  unsure: string;
  notChecked: string;
  pair: string;
  sides: Record<"front" | "back", string>;
  todo(count: number): string;
  /** A place, and what is to be done there. */
  at(place: string, message: string): string;
  /** Papers that hang on answers which are not given: what is open, and what to do. */
  undecided(papers: string[], facts: string[]): [message: string, remedy: string];
  /** `{done}` of `{total}` files are done. */
  progress(done: number, total: number): string;
  summary(counts: Record<Verdict, number>): string;
  bytesOnly: string;
  noApproval: string;
}

export const WORDS: Record<Locale, Words> = {
  "zh-CN": {
    help: `用法：icp-precheck <文件、文件夹或通配符…> [选项]
      icp-precheck --front <正面> --back <反面> [选项]
      icp-precheck --submission <profile.json> [选项]

在本机检查网站备案（ICP 备案）要上传的照片和材料，不联网，不上传任何内容。

  --front <文件> --back <文件>
                        证件的两面：各自检查，再互相比较
  --submission <文件>   整套材料：{ "profile": 情况, "files": { "材料/面": 文件 } }

  --province <代码>     备案省份，GB/T 2260 代码，例如 350000
  --material <名称>     这些文件是哪一种材料，例如 leader-identity-document
  --side <front|back>   证件的哪一面
  --upload <名称>       上传渠道的限制，默认 alibaba-cloud
  --on <日期>           按哪一天的规则，YYYY-MM-DD，默认今天
  --jobs <数>           同时检查几个文件，1–16，默认按处理器，至多 4
  --bytes-only          只看文件本身，不解码像素（更快）
  --json                在标准输出写一个 JSON 数组，每项有 "report"
  --lang <zh|en>        语言，默认按 LC_ALL、LC_MESSAGES、LANG，否则中文
  -q, --quiet           只列出有问题的文件，不显示进度和汇总
  -h, --help            显示本说明
  -v, --version         显示版本

文件夹会逐层查找，隐藏文件除外。通配符：* ? [abc] {a,b} 和 **（任意层文件夹）。
退出码：0 没有发现问题；1 有文件需要处理或核对；2 参数有误，或无法检查。
颜色：标准输出是终端时使用；NO_COLOR 关闭，FORCE_COLOR 打开。`,
    seeHelp: "用 icp-precheck --help 查看用法。",
    unknownOption: (option, known) => `没有选项 ${option}。可用的选项：${known}。`,
    missingValue: (option) => `${option} 后面缺少值。`,
    unwantedValue: (option) => `${option} 不带值。`,
    twice: (option) => `${option} 只能写一次。`,
    notOneOf: (option, value, known) => `${option}：没有“${value}”。可用的值：${known}。`,
    badDate: (option, value) => `${option}：“${value}”不是日期，应写成 YYYY-MM-DD。`,
    noFileGiven: "没有指定要检查的文件。",
    notTogether: (option, other) => `${option} 不能和 ${other} 一起用。`,
    bothSides: "--front 和 --back 要一起用。",
    badSubmission: (path, reason) => `“${path}”不能用作整套材料：${reason}`,
    noProfile: '缺少 "profile"（一个对象）。',
    unknownKey: (key) => `没有“${key}”这一项，只有 "profile" 和 "files"。`,
    badFiles: '"files" 应为 { "材料/面": "文件" }。',
    nothingMatches: (pattern) => `没有文件符合“${pattern}”。`,
    emptyFolder: (folder) => `文件夹“${folder}”里没有文件。`,
    failed: (reason) => `无法检查：${reason}`,
    verdicts: { pass: "未发现问题", review: "建议核对", fail: "需要处理" },
    blocking: "必须改",
    advisory: "建议改",
    unsure: "请核对",
    notChecked: "未检查",
    pair: "正面与反面",
    sides: { front: "正面", back: "反面" },
    todo: (count) => (count === 0 ? "没有要做的事。" : `要做的事（${count}）：`),
    at: (place, message) => `${place}：${message}`,
    undecided: (papers, facts) => [
      `还不能确定要不要：${papers.join("、")}。`,
      `在 "profile" 里补上：${facts.join("、")}。`,
    ],
    progress: (done, total) => `正在检查 ${done}/${total}`,
    summary: ({ pass, review, fail }) =>
      `共 ${pass + review + fail} 个文件：需要处理 ${fail}，建议核对 ${review}，未发现问题 ${pass}。`,
    bytesOnly: "只检查了文件本身，没有看像素。",
    noApproval: "未发现问题不等于审核通过：服务商和管局仍可能提出其他要求。",
  },
  en: {
    help: `Usage: icp-precheck <files, folders or globs…> [options]
       icp-precheck --front <file> --back <file> [options]
       icp-precheck --submission <profile.json> [options]

Checks the photos and papers of an ICP filing on this machine. Nothing is sent anywhere.

  --front <file> --back <file>
                        both sides of a document: each by itself, then against each other
  --submission <file>   a whole set: { "profile": answers, "files": { "material/side": file } }

  --province <code>     province of the filing, as a GB/T 2260 code: 350000
  --material <id>       which material the files are for: leader-identity-document
  --side <front|back>   which side of the document they show
  --upload <id>         limits of the upload channel; default alibaba-cloud
  --on <date>           rules of that day, YYYY-MM-DD; default today
  --jobs <number>       files at work at the same time, 1–16; default: one per processor, up to 4
  --bytes-only          look at the files alone, decode no pixels (faster)
  --json                write one JSON array to stdout, a "report" in each entry
  --lang <zh|en>        language; default from LC_ALL, LC_MESSAGES, LANG, else Chinese
  -q, --quiet           list only files with something to say; no progress, no summary
  -h, --help            show this text
  -v, --version         show the version

Folders are searched all the way down, hidden files left out. Globs: * ? [abc] {a,b} and ** (folders of any depth).
Exit code: 0 no problem found; 1 a file needs work or a look; 2 misuse, or the check could not run.
Colours: when stdout is a terminal; NO_COLOR turns them off, FORCE_COLOR on.`,
    seeHelp: "See icp-precheck --help.",
    unknownOption: (option, known) => `There is no option ${option}. Known: ${known}.`,
    missingValue: (option) => `${option} needs a value.`,
    unwantedValue: (option) => `${option} takes no value.`,
    twice: (option) => `${option} can be given only once.`,
    notOneOf: (option, value, known) => `${option}: there is no "${value}". Known: ${known}.`,
    badDate: (option, value) => `${option}: "${value}" is not a day written YYYY-MM-DD.`,
    noFileGiven: "No file to check was given.",
    notTogether: (option, other) => `${option} cannot be used together with ${other}.`,
    bothSides: "--front and --back go together.",
    badSubmission: (path, reason) => `"${path}" is no submission: ${reason}`,
    noProfile: 'there is no "profile" (an object).',
    unknownKey: (key) => `there is no "${key}", only "profile" and "files".`,
    badFiles: '"files" has to be { "material/side": "file" }.',
    nothingMatches: (pattern) => `No file matches "${pattern}".`,
    emptyFolder: (folder) => `There is no file in the folder "${folder}".`,
    failed: (reason) => `The check could not run: ${reason}`,
    verdicts: { pass: "No problem found", review: "Please look", fail: "Needs work" },
    blocking: "Must fix",
    advisory: "Better fix",
    unsure: "Please look",
    notChecked: "Not checked",
    pair: "Front and back",
    sides: { front: "front", back: "back" },
    todo: (count) => (count === 0 ? "Nothing to do." : `To do (${count}):`),
    at: (place, message) => `${place}: ${message}`,
    undecided: (papers, facts) => [
      `Whether these are wanted is open: ${papers.join(", ")}.`,
      `Answer in "profile": ${facts.join(", ")}.`,
    ],
    progress: (done, total) => `Checking ${done}/${total}`,
    summary: ({ pass, review, fail }) =>
      `${pass + review + fail} ${pass + review + fail === 1 ? "file" : "files"}: ${fail} to work on, ${review} to look at, ${pass} without a problem.`,
    bytesOnly: "Only the files themselves were checked, not their pixels.",
    noApproval: "No problem found is not an approval: the provider and the administration may still ask for more.",
  },
};
