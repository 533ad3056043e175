/** Lets the page open without a network, where the browser can. Nothing here is needed for the page to work. */

/** `renewed` is called when a newer version of the page lies ready for the next visit. */
export async function keepForOffline(renewed: () => void): Promise<void> {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const { serviceWorker } = navigator;
  try {
    const registration = await serviceWorker.register("./service-worker.js");
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => {
        if (installing.state === "installed" && serviceWorker.controller) renewed();
      });
    });
    const { active } = await serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage({ loaded });
  } catch {
    // Forbidden by the browser or not there: the page works with a network, as most do.
  }
}
