import "@lientuyen/ui/styles.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { createGate } from "./device/index.ts";
import { GateContext } from "./device/hooks.ts";
import { language, setLanguage } from "./words/index.ts";

setLanguage(language());
const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");
const gate = createGate();
createRoot(place).render(
  <StrictMode>
    <GateContext value={gate}>
      <App />
    </GateContext>
  </StrictMode>,
);
