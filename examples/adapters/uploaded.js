/** In place of a server: says which files would have been sent. Nothing leaves this page. */
export function uploaded(file) {
  const output = document.querySelector("#uploaded");
  output.textContent += `✓ ${file.name} `;
}
