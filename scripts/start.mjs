// npm start: sets up everything, builds, and serves the self-check page.
import "./setup.mjs";
import { run } from "./tools.mjs";

run("node", ["scripts/build.mjs"]);
console.log("\n自查页面 / self-check page:");
run("vite", ["preview", "--host", "localhost", "--strictPort", "--port", process.env.PORT ?? "4173"]);
