import { call, errors, protocol, type ErrorCode } from "@lientuyen/api";
import { Banner, Button, buttonClass, Panel, Select, TextField } from "@lientuyen/ui";
import { useState, type FormEvent } from "react";
import { browserLine } from "../../device/line.ts";
import { language, useWords } from "../../words/index.ts";
import { Doorstep } from "../signIn/Doorstep.tsx";
import {
  emptyFirstStart,
  findFault,
  type FirstStartDraft,
  type FirstStartFault,
} from "./firstStart.ts";

const levels = ["commune", "provincial", "central", "department"] as const;

type State =
  | {
      readonly at: "asking";
      readonly fault?: FirstStartFault | undefined;
      readonly failed?: string | undefined;
    }
  | { readonly at: "sending" }
  | { readonly at: "done" };

/** Founds the first facility of an empty installation, by the link that the start printed. The token stands behind #. */
export function FirstStartScreen() {
  const words = useWords();
  const text = words.firstStart;
  const [draft, setDraft] = useState(emptyFirstStart);
  const [state, setState] = useState<State>({ at: "asking" });
  const put = (part: Partial<FirstStartDraft>) => setDraft({ ...draft, ...part });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (state.at === "sending") return;
    const fault = findFault(draft);
    if (fault !== undefined) return setState({ at: "asking", fault });
    setState({ at: "sending" });
    const code = await found(draft);
    if (code === undefined) setState({ at: "done" });
    else setState({ at: "asking", failed: sayFailure(code, text) });
  };
  const errorAt = (field: FirstStartFault) =>
    state.at === "asking" && state.fault === field ? text.faults[field] : undefined;
  const field = (
    name: FirstStartFault,
    more: { readonly hint?: string; readonly secret?: boolean } = {},
  ) => (
    <TextField
      label={text[name]}
      hint={more.hint}
      type={more.secret === true ? "password" : "text"}
      autoComplete={more.secret === true ? "new-password" : "off"}
      value={draft[name]}
      onText={(value) => put({ [name]: value })}
      error={errorAt(name)}
    />
  );
  if (state.at === "done")
    return (
      <Doorstep title={text.title}>
        <Banner tone="good">{text.done}</Banner>
        <a href="/" className={buttonClass({ tone: "main", large: true })}>
          {text.signIn}
        </a>
      </Doorstep>
    );
  return (
    <Doorstep title={text.title}>
      <p>{text.explain}</p>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <Panel title={text.facility}>
          {field("code", { hint: text.codeHint })}
          {field("facilityName")}
          <Select
            label={text.level}
            value={draft.level}
            onChoose={(level) => put({ level })}
            options={levels.map((value) => ({ value, label: words.vocabulary.level[value] }))}
          />
        </Panel>
        <Panel title={text.administrator}>
          {field("name")}
          {field("account", { hint: text.accountHint })}
          {field("password", { hint: text.passwordHint, secret: true })}
          {field("again", { secret: true })}
        </Panel>
        {state.at === "asking" && state.failed !== undefined ? (
          <Banner tone="danger" live>
            {state.failed}
          </Banner>
        ) : null}
        <Button type="submit" tone="main" large busy={state.at === "sending"}>
          {text.found}
        </Button>
      </form>
    </Doorstep>
  );
}

type Failure = ErrorCode | "offline";

/** Undefined where it went well. */
async function found(draft: FirstStartDraft): Promise<Failure | undefined> {
  const { level, password } = draft;
  const result = await call(
    "firstAdministrator",
    {
      in: {
        token: location.hash.slice(1),
        facility: { code: draft.code.trim(), name: draft.facilityName.trim(), level },
        name: draft.name.trim(),
        account: draft.account.trim(),
        password,
      },
    },
    { fetch: browserLine, protocol },
  );
  return result.ok ? undefined : result.error;
}

function sayFailure(
  code: Failure,
  text: { readonly offline: string; readonly expired: string },
): string {
  if (code === "offline") return text.offline;
  return code === "link_expired" ? text.expired : errors[code][language()];
}
