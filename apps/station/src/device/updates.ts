/// <reference types="vite/client" />

/**
 * A new version of the app waits in the service worker until somebody at the lock screen takes it: never over a draft,
 * never under a form.
 */
export interface Updates {
  isReady(): boolean;
  /** Lets the waiting version in and loads the page anew. */
  take(): Promise<void>;
}

export const createUpdates = (changed: () => void): Updates => {
  let waiting: ServiceWorker | undefined;
  const container = typeof navigator === "undefined" ? undefined : navigator.serviceWorker;

  const watch = (registration: ServiceWorkerRegistration) => {
    const look = () => {
      waiting = registration.waiting ?? undefined;
      changed();
    };
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", look);
    });
    look();
  };
  if (container !== undefined) {
    void container.ready.then(watch);
    if (import.meta.env.PROD) whenLoaded(() => void register(container));
  }

  return {
    // The very first version waits for nobody: there is none before it.
    isReady: () => waiting !== undefined && container?.controller !== null,
    take() {
      if (waiting === undefined || container === undefined) return Promise.resolve();
      container.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("takeOver", []);
      return Promise.resolve();
    },
  };
};

/** After the page is there: the line is the screen's first. */
const whenLoaded = (then: () => void) => {
  if (document.readyState === "complete") then();
  else addEventListener("load", then, { once: true });
};

// A browser that refuses (private window, no room) runs the app all the same, online.
const register = (container: ServiceWorkerContainer) =>
  container.register("/service-worker.js", { updateViaCache: "none" }).catch(() => undefined);
