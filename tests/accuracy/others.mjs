// node tests/accuracy/others.mjs LIST: where jscanify (OpenCV.js) and scanic find the document, in Chromium.
//
// LIST is a file with a JSON array of paths of pictures. Prints JSON: the programs' versions, and for each picture the
// corners that each program found, in pixels of the displayed picture, or null. Nothing of the project uses these
// programs; they are installed beside this file when the comparison is first made.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium as driver } from "playwright-core";
import sirv from "sirv";
import { chromium, root } from "../../scripts/tools.mjs";

const here = join(root, "tests/accuracy");
const packages = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).dependencies;
if (!existsSync(join(here, "node_modules"))) {
  // Scripts would build a canvas for Node, which a browser does not need.
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "ignore" });
}
const pictures = JSON.parse(readFileSync(process.argv[2], "utf8"));

const files = sirv(here, { dev: true });
const server = createServer((request, response) => {
  const [, kind, name] = request.url.split("/");
  if (kind === "picture") {
    response.end(readFileSync(pictures[Number(name)]));
  } else if (kind === "empty") {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>others</title>");
  } else {
    files(request, response, () => response.writeHead(404).end());
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}`;

const browser = await driver.launch({ executablePath: chromium(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  await page.goto(`${address}/empty`);
  await page.addScriptTag({ url: "/node_modules/jscanify/src/jscanify.js" });
  await page.addScriptTag({ url: "/node_modules/@techstark/opencv-js/dist/opencv.js" });
  await page.evaluate(async () => {
    if (window.cv instanceof Promise) window.cv = await window.cv;
    while (!window.cv.Mat) await new Promise((resolve) => setTimeout(resolve, 50));
    const { Scanner } = await import("/node_modules/scanic/dist/scanic.js");
    window.scanner = new Scanner();
    await window.scanner.initialize();
  });
  const found = [];
  for (let index = 0; index < pictures.length; index += 1) {
    found.push(await page.evaluate(look, index));
  }
  process.stdout.write(JSON.stringify({ versions: packages, found }));
} finally {
  await browser.close();
  server.close();
}

/** Runs in the page: both programs on one picture, as their own guides show. */
async function look(index) {
  const bitmap = await createImageBitmap(await (await fetch(`/picture/${index}`)).blob());
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(bitmap, 0, 0);
  bitmap.close();
  const quadOf = (corners, names) => {
    const quad = names.map((name) => corners?.[name]).map((corner) => corner && [corner.x, corner.y]);
    return quad.every(Boolean) ? quad : null;
  };
  const cv = window.cv;
  const image = cv.imread(canvas);
  const scanner = new window.jscanify();
  const contour = scanner.findPaperContour(image);
  const corners = contour && scanner.getCornerPoints(contour, image);
  contour?.delete();
  image.delete();
  const result = await window.scanner.scan(canvas);
  return {
    jscanify: quadOf(corners, ["topLeftCorner", "topRightCorner", "bottomRightCorner", "bottomLeftCorner"]),
    scanic: result.success ? quadOf(result.corners, ["topLeft", "topRight", "bottomRight", "bottomLeft"]) : null,
  };
}
