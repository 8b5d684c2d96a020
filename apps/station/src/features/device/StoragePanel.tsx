import { Banner, Button, Panel } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import type { SyncState } from "../../device/device.ts";
import { useLanguage, useWords } from "../../words/index.ts";

/** Told before data is lost: how much room there is, and whether the browser keeps what is here. */
export function StoragePanel({ storage }: { readonly storage: SyncState["storage"] }) {
  const words = useWords().device;
  const language = useLanguage();
  const [room, setRoom] = useState<StorageEstimate>();
  const [kept, setKept] = useState<"asked" | "yes" | "no">();
  useEffect(() => {
    void navigator.storage.estimate().then(setRoom);
  }, [storage]);
  const megabytes = (bytes: number) =>
    `${(bytes / 1024 / 1024).toLocaleString(language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 0 })} MB`;
  const ask = async () => setKept((await navigator.storage.persist()) ? "yes" : "no");
  return (
    <Panel title={words.storageTitle}>
      {storage === "full" ? <Banner tone="danger">{words.full}</Banner> : null}
      {storage === "nearlyFull" ? <Banner tone="warn">{words.nearlyFull}</Banner> : null}
      {room?.usage === undefined || room.quota === undefined ? null : (
        <p>{words.used(megabytes(room.usage), megabytes(room.quota))}</p>
      )}
      {storage === "notPersisted" && kept !== "yes" ? (
        <>
          <p>{words.notPersisted}</p>
          <div className="row">
            <Button onClick={() => void ask()}>{words.keep}</Button>
          </div>
          {kept === "no" ? <Banner tone="warn">{words.keepRefused}</Banner> : null}
        </>
      ) : (
        <p>{words.persisted}</p>
      )}
    </Panel>
  );
}
