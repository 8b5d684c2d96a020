import type { CaseFact, CaseView } from "@lientuyen/record";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import * as v from "valibot";
import { useLocation } from "wouter";
import { useDraft, type Draft, type DraftState } from "../../app/draft.ts";
import type { Device, LateFact } from "../../device/device.ts";
import { useCase, useDevice, type CaseAbsence } from "../../device/hooks.ts";
import { About, formDraft, hasBegun } from "./about.ts";
import type { StepName } from "./steps.ts";

/** The case that is being written, whether it has entries yet or not. */
export interface CaseForm {
  readonly log: string;
  readonly id: string;
  /** Undefined until the first entry. */
  readonly view: CaseView | undefined;
  readonly number: string;
  readonly mode: About["mode"];
  /** Before the first entry only. */
  readonly setMode: (mode: About["mode"]) => void;
  /** Names of steps with something typed and not yet written as an entry. */
  readonly drafts: ReadonlySet<string>;
  /**
   * Writes entries; opens the case first where it is new. Resolves once they are on disk, and the drafts of these
   * steps, which they were made of, are gone with the same stroke: no power cut leaves both or neither.
   */
  readonly write: (
    facts: readonly (CaseFact | LateFact)[],
    steps?: readonly string[],
  ) => Promise<readonly string[]>;
  /** Opens the case, for what needs one: files, the phone's link. */
  readonly open: () => Promise<void>;
  readonly go: (step: StepName) => void;
  /** Told by drafts: typed, or gone. */
  readonly typed: (step: string, there: boolean) => void;
  /** Steps of this case that have a draft on this machine, a step that has no screen of its own included. */
  readonly kept: () => Promise<readonly string[]>;
}

const FormContext = createContext<CaseForm | undefined>(undefined);

export function useForm(): CaseForm {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error("useForm outside of a case form");
  return form;
}

export type FormLoad =
  | { readonly at: "loading" }
  | { readonly at: "absent" }
  /** Begun and let go from this device: nothing is written before it is here again. */
  | { readonly at: "notHere"; readonly load: CaseAbsence }
  | { readonly at: "here"; readonly form: CaseForm };

export function useCaseForm(id: string): FormLoad {
  const log = `case/${id}`;
  const device = useDevice();
  const load = useCase(log);
  const view = load.at === "here" ? load.view : undefined;
  const { about, drafts, setAbout, typed, ready } = useAbout(device, log);
  const writing = useRef<Promise<unknown>>(Promise.resolve());
  const opened = useRef(false);
  const [, navigate] = useLocation();
  opened.current ||= view !== undefined;

  const openFirst = useCallback(
    (facts: readonly (CaseFact | LateFact)[]): readonly (CaseFact | LateFact)[] => {
      if (opened.current) return facts;
      return [
        {
          kind: "opened",
          body: { number: about.number, facility: device.me.facility, mode: about.mode },
        },
        ...facts,
      ];
    },
    [about, device],
  );
  const write = useCallback(
    (facts: readonly (CaseFact | LateFact)[], steps: readonly string[] = []) => {
      const spent = steps.map((step) => formDraft(log, step));
      const turn = writing.current.then(async () => {
        const all = openFirst(facts);
        if (all.length === 0) return [];
        const hashes = await device.cases.write(log, all, spent);
        opened.current = true;
        return hashes.slice(all.length - facts.length);
      });
      writing.current = turn.catch(() => undefined);
      return turn;
    },
    [device, log, openFirst],
  );
  const open = useCallback(async () => {
    await write([]);
  }, [write]);
  const go = useCallback((step: StepName) => navigate(`/case/${id}/form/${step}`), [navigate, id]);
  const kept = useCallback(async () => {
    const names = await device.drafts.list(`${log}/form/`);
    return names.map((name) => name.slice(`${log}/form/`.length));
  }, [device, log]);

  const form = useMemo<CaseForm>(
    () => ({
      log,
      id,
      view,
      number: view?.number ?? about.number,
      mode: about.mode,
      setMode: (mode) => setAbout({ ...about, mode }),
      drafts,
      write,
      open,
      go,
      typed,
      kept,
    }),
    [log, id, view, about, setAbout, drafts, write, open, go, typed, kept],
  );
  if (!ready || load.at === "loading") return { at: "loading" };
  if (load.at === "fetching" || load.at === "away") return { at: "notHere", load };
  if (view === undefined && drafts.size === 0 && !hasBegun(log)) return { at: "absent" };
  return { at: "here", form };
}

/** Number and mode of a case without entries, and which steps have drafts. Saved with the first thing typed, not before. */
function useAbout(device: Device, log: string) {
  const [about, setAbout] = useState<About>(() => ({
    number: device.cases.newCaseNumber(),
    startedAt: new Date(device.now()).toISOString(),
    mode: "support",
  }));
  const [drafts, setDrafts] = useState<ReadonlySet<string>>(new Set());
  const [ready, setReady] = useState(false);
  const kept = useRef(false);

  useEffect(() => {
    let left = false;
    void Promise.all([
      device.drafts.load(formDraft(log, "about")),
      device.drafts.list(`${log}/form/`),
    ]).then(([stored, names]) => {
      if (left) return;
      const read = v.safeParse(About, stored);
      if (read.success) setAbout(read.output);
      kept.current = read.success;
      setDrafts(
        new Set(
          names.map((name) => name.slice(`${log}/form/`.length)).filter((name) => name !== "about"),
        ),
      );
      setReady(true);
    });
    return () => {
      left = true;
    };
  }, [device, log]);

  const keep = useCallback(
    (next: About) => {
      kept.current = true;
      setAbout(next);
      void device.drafts.save(formDraft(log, "about"), next).catch(() => {
        kept.current = false;
      });
    },
    [device, log],
  );
  const typed = useCallback(
    (step: string, there: boolean) => {
      if (there && !kept.current) keep(about);
      setDrafts((before) => {
        if (before.has(step) === there) return before;
        const after = new Set(before);
        if (there) after.add(step);
        else after.delete(step);
        return after;
      });
    },
    [about, keep],
  );
  return { about, drafts, setAbout: keep, typed, ready };
}

export function FormProvider({
  form,
  children,
}: {
  readonly form: CaseForm;
  readonly children: ReactNode;
}) {
  return <FormContext value={form}>{children}</FormContext>;
}

/** A draft of one step. */
export function useStepDraft<S extends v.GenericSchema>(
  step: string,
  schema: S,
  empty: v.InferOutput<S>,
): Draft<v.InferOutput<S>> {
  const form = useForm();
  const draft = useDraft(formDraft(form.log, step), schema, empty);
  return {
    ...draft,
    set: (value) => {
      form.typed(step, true);
      draft.set(value);
    },
    discard: async () => {
      await draft.discard();
      form.typed(step, false);
    },
    clear: async (sent) => {
      const cleared = await draft.clear(sent);
      if (cleared) form.typed(step, false);
      return cleared;
    },
  };
}

/** Whether there is anything typed in the draft. */
export const isTyped = (draft: { readonly state: DraftState }): boolean =>
  draft.state === "saving" || draft.state === "saved" || draft.state === "failed";
