import "@lientuyen/ui/styles.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { browserParts, createGate } from "./device/index.ts";
import { GateContext } from "./device/hooks.ts";
import { language, setLanguage, shellWords } from "./words/index.ts";

setLanguage(language());
const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");
const gate = createGate({
  ...browserParts(),
  describePatient: (sex, ageMonths) => shellWords().patientLine(sex, ageMonths),
});
createRoot(place).render(
  <StrictMode>
    <GateContext value={gate}>
      <App />
    </GateContext>
  </StrictMode>,
);
