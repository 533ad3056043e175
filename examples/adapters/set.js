import { createPrecheck } from "icp-precheck";
import { uploadSet } from "icp-precheck/adapters";

const list = (where, lines) =>
  document
    .querySelector(where)
    .replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));

/** What the two fields of a page have in common. */
export const set = uploadSet(() => createPrecheck(), {
  onPair: ({ messages }) => list("#pair", messages),
});

document.querySelector("#whole").addEventListener("click", async () => {
  const { todo } = await set.checkSubmission({ province: "350000", entityType: "individual" });
  list(
    "#todo",
    todo.map(({ message }) => message),
  );
});
