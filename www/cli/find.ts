/** From the paths, folders and patterns of the command line to files. */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** What systems put into folders by themselves. */
const LITTER = /^(?:\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;
const MAGIC = /[*?[{]/;

export interface Found {
  /** In the order of the arguments, each file once, folders by name. What does not exist is among them. */
  files: string[];
  /** The first pattern that no file matches. */
  unmatched: string | null;
  /** The first folder without a file. */
  emptyFolder: string | null;
}

/** Nothing is read but folders. A file that is named but missing is listed, so that its report can say so. */
export function find(args: string[]): Found {
  const files = new Set<string>();
  const found: Found = { files: [], unmatched: null, emptyFolder: null };
  for (const arg of args) {
    if (isFolder(arg)) {
      const inside = filesBelow(arg);
      if (inside.length === 0) found.emptyFolder ??= arg;
      for (const file of inside) files.add(file);
    } else if (MAGIC.test(arg) && !exists(arg)) {
      const matches = expand(arg);
      if (matches.length === 0) found.unmatched ??= arg;
      for (const file of matches) files.add(file);
    } else {
      files.add(arg);
    }
  }
  found.files = [...files];
  return found;
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Links to folders are not followed, for they may lead round in a circle. */
function isFolderItself(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder || ".").sort();
  } catch {
    return null;
  }
}

function filesBelow(folder: string): string[] {
  const names = namesIn(folder);
  // Listed like a file, so that the report says that it cannot be read.
  if (!names) return [folder];
  return names
    .filter((name) => !LITTER.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      return isFolderItself(path) ? filesBelow(path) : isFolder(path) ? [] : [path];
    });
}

function expand(pattern: string): string[] {
  const slashed = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  return alternatives(slashed).flatMap((one) => {
    const root = /^(?:[a-z]:)?\/+/i.exec(one)?.[0] ?? "";
    return matches(root, one.slice(root.length).split("/").filter(Boolean));
  });
}

/** `a{b,c}d` is `abd` and `acd`; a brace without its partner or a comma is a letter. */
function alternatives(pattern: string): string[] {
  const brace = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!brace?.[1]) return [pattern];
  const before = pattern.slice(0, brace.index);
  const after = pattern.slice(brace.index + brace[0].length);
  return brace[1].split(",").flatMap((choice) => alternatives(before + choice + after));
}

function matches(folder: string, [part, ...rest]: string[]): string[] {
  if (part === undefined) return isFolder(folder) ? filesBelow(folder) : exists(folder) ? [folder] : [];
  const within = (name: string) => (folder ? join(folder, name) : name);
  if (part === "**") {
    const deeper = (namesIn(folder) ?? []).filter((name) => !LITTER.test(name) && isFolderItself(within(name)));
    return [
      ...(rest.length === 0 ? filesBelow(folder || ".") : matches(folder, rest)),
      ...(rest.length === 0 ? [] : deeper.flatMap((name) => matches(within(name), [part, ...rest]))),
    ];
  }
  if (!MAGIC.test(part)) return matches(within(part), rest);
  const wanted = expression(part);
  return (namesIn(folder) ?? [])
    .filter((name) => wanted.test(name) && (part.startsWith(".") || !LITTER.test(name)))
    .flatMap((name) => matches(within(name), rest));
}

/** One part of a pattern, between slashes. */
function expression(part: string): RegExp {
  const source = part.replace(/\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g, (letter, not: string | undefined, set?: string) => {
    if (set) return `[${not ? "^" : ""}${set.replace(/[\\\]^[]/g, "\\$&")}]`;
    if (letter === "*") return ".*";
    if (letter === "?") return ".";
    return letter.replace(/[\\^$.|+()[\]{}/?*]/g, "\\$&");
  });
  // As the file systems of these two take names.
  const flags = process.platform === "win32" || process.platform === "darwin" ? "is" : "s";
  return new RegExp(`^${source}$`, flags);
}
