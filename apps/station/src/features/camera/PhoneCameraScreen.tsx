import { errors, routes, type ErrorCode } from "@lientuyen/api";
import { Banner, Button } from "@lientuyen/ui";
import { useRef, useState } from "react";
import { language, useWords } from "../../words/index.ts";
import { prepare } from "../capture/prepare.ts";
import { longSide, shrink } from "../capture/shrink.ts";
import { Doorstep } from "../signIn/Doorstep.tsx";

type Sending = {
  readonly id: number;
  readonly picture: Blob;
  readonly state: "sending" | "arrived" | "waiting" | ErrorCode;
};

/** A phone that is the station's camera: it can add photographs to one case and read nothing. */
export function PhoneCameraScreen({ token }: { readonly token: string }) {
  const words = useWords().camera;
  const shooter = useRef<HTMLInputElement>(null);
  const [rows, setRows] = useState<readonly Sending[]>([]);
  const put = (row: Sending) =>
    setRows((before) =>
      [...before.filter((other) => other.id !== row.id), row].sort((a, b) => a.id - b.id),
    );

  const send = async (row: Sending) => {
    put({ ...row, state: "sending" });
    put({ ...row, state: await post(token, row.picture) });
  };
  const take = async (files: readonly File[]) => {
    let id = rows.length;
    for (const file of files) {
      const row = { id: id++, picture: file, state: "sending" as const };
      put(row);
      const small = await smallJpeg(file);
      if (small instanceof Blob) await send({ ...row, picture: small });
      else put({ ...row, state: small });
    }
  };
  const over = rows.some((row) => row.state === "link_expired");
  return (
    <Doorstep title={words.title}>
      <p>{words.explain}</p>
      <Button
        tone="main"
        large
        icon="camera"
        disabled={over}
        onClick={() => shooter.current?.click()}
      >
        {words.shoot}
      </Button>
      <input
        ref={shooter}
        type="file"
        accept="image/*"
        capture="environment"
        multiple
        hidden
        data-testid="phone-photo"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          void take(files);
        }}
      />
      <ul className="plain-list stack stack-s" aria-live="polite">
        {rows.map((row, index) => (
          <li key={row.id}>
            <Row row={row} number={index + 1} again={() => void send(row)} />
          </li>
        ))}
      </ul>
      <Banner>{words.cannotMeet}</Banner>
    </Doorstep>
  );
}

function Row({
  row,
  number,
  again,
}: {
  readonly row: Sending;
  readonly number: number;
  readonly again: () => void;
}) {
  const words = useWords().camera;
  switch (row.state) {
    case "sending":
      return <Banner>{words.sending(number)}</Banner>;
    case "arrived":
      return <Banner tone="good">{words.arrived(number)}</Banner>;
    case "waiting":
      return (
        <Banner tone="warn" action={<Button onClick={again}>{words.again}</Button>}>
          {words.notSent(number)}
        </Banner>
      );
    default:
      return <Banner tone="danger">{errors[row.state][language()].replace("{limit}", "")}</Banner>;
  }
}

async function smallJpeg(file: File): Promise<Blob | ErrorCode> {
  const prepared = await prepare(file);
  if (!prepared.ok) return prepared.code;
  if (prepared.file.role !== "photo") return "file_type_refused";
  if (prepared.file.first.type === "image/jpeg") return prepared.file.first;
  return (await shrink(prepared.file.first, longSide))?.blob ?? "file_type_mismatch";
}

async function post(token: string, picture: Blob): Promise<Sending["state"]> {
  try {
    const answer = await fetch(routes.addPhoto.path.replace(":token", encodeURIComponent(token)), {
      method: routes.addPhoto.method,
      headers: { "content-type": "image/jpeg" },
      body: picture,
      credentials: "omit",
    });
    if (answer.ok) return "arrived";
    const said: unknown = await answer.json().catch(() => undefined);
    const code =
      typeof said === "object" && said !== null && "error" in said ? said.error : undefined;
    return routes.addPhoto.errors.find((known) => known === code) ?? "waiting";
  } catch {
    return "waiting";
  }
}
