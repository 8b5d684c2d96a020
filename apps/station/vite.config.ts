import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./precompress-plugin.ts";
import { serviceWorker } from "./service-worker-plugin.ts";

/** Floor: Chrome 109. Nothing inline, so that the Content-Security-Policy needs no exception. */
export default defineConfig({
  plugins: [react(), serviceWorker(), precompress()],
  build: {
    target: "chrome109",
    cssTarget: "chrome109",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});
