import { call, errors, protocol, type ErrorCode } from "@lientuyen/api";
import { Banner, Button, buttonClass, Panel, Select, TextField, Waiting } from "@lientuyen/ui";
import { useEffect, useState, type FormEvent } from "react";
import { browserLine } from "../../device/line.ts";
import { language, useWords } from "../../words/index.ts";
import { Doorstep } from "../signIn/Doorstep.tsx";
import {
  emptyFirstStart,
  facilityOfLink,
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

/** Makes a facility's first administrator by the printed link, and the very first facility. The token stands behind #. */
export function FirstStartScreen() {
  const words = useWords();
  const text = words.firstStart;
  const [token] = useState(() => location.hash.slice(1));
  const link = useLink(token);
  if (link.at === "reading")
    return (
      <Doorstep title={text.title}>
        <Waiting label={words.shell.loading} />
      </Doorstep>
    );
  // Said before anything is typed.
  if (link.at === "expired")
    return (
      <Doorstep title={text.title}>
        <Banner tone="danger" live>
          {text.expired}
        </Banner>
      </Doorstep>
    );
  return <FirstStartForm token={token} founded={link.facility} />;
}

type LinkState =
  | { readonly at: "reading" }
  | { readonly at: "expired" }
  /** `facility`: its name where the server told it, else the code that the link carries. */
  | { readonly at: "read"; readonly facility: string | undefined };

function useLink(token: string): LinkState {
  const [state, setState] = useState<LinkState>({ at: "reading" });
  useEffect(() => {
    let stopped = false;
    const code = facilityOfLink(token);
    void call("firstLink", { in: { token } }, { fetch: browserLine, protocol }).then((answer) => {
      if (stopped) return;
      if (!answer.ok && answer.error === "link_expired") return setState({ at: "expired" });
      const facility = answer.ok ? (answer.value.facility?.name ?? code) : code;
      setState({ at: "read", facility });
    });
    return () => {
      stopped = true;
    };
  }, [token]);
  return state;
}

function FirstStartForm({
  token,
  founded,
}: {
  readonly token: string;
  readonly founded: string | undefined;
}) {
  const words = useWords();
  const text = words.firstStart;
  const [draft, setDraft] = useState(emptyFirstStart);
  const [state, setState] = useState<State>({ at: "asking" });
  const put = (part: Partial<FirstStartDraft>) => setDraft({ ...draft, ...part });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (state.at === "sending") return;
    const fault = findFault(draft, founded !== undefined);
    if (fault !== undefined) return setState({ at: "asking", fault });
    setState({ at: "sending" });
    const code = await found(draft, token);
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
      <p>{founded === undefined ? text.explain : text.explainFounded(founded)}</p>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        {founded === undefined ? (
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
        ) : null}
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
          {founded === undefined ? text.found : text.make}
        </Button>
      </form>
    </Doorstep>
  );
}

type Failure = ErrorCode | "offline";

/** Undefined where it went well. */
async function found(draft: FirstStartDraft, token: string): Promise<Failure | undefined> {
  const { level, password } = draft;
  const facility = { code: draft.code.trim(), name: draft.facilityName.trim(), level };
  const result = await call(
    "firstAdministrator",
    {
      in: {
        token,
        ...(facilityOfLink(token) === undefined ? { facility } : {}),
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
