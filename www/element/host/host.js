// What a host page does by itself; it knows nothing of the checks.
const form = document.querySelector("#filing");
const sent = document.querySelector("#sent");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const files = [...new FormData(form)].filter(([, file]) => file.name);
  sent.textContent = `已提交 / submitted\n${files.map(([field, file]) => `${field}: ${file.name}`).join("\n")}`;
});
