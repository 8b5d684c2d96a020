import type { FileView } from "@lientuyen/record";
import { Banner } from "@lientuyen/ui";
import { useRef, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { useWords } from "../../words/index.ts";
import { AddFiles } from "../capture/AddFiles.tsx";
import { addFile } from "../capture/addFiles.ts";
import { Gallery } from "../capture/Gallery.tsx";
import type { Prepared } from "../capture/prepare.ts";
import { useForm } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";

export function FilesStep() {
  const form = useForm();
  const words = useWords();
  const retake = useRetake();
  return (
    <StepFrame
      step="files"
      title={words.caseForm.files.title}
      hint={words.caseForm.files.hint}
      saved="untouched"
      done={() => Promise.resolve(true)}
    >
      {retake.of === undefined ? null : (
        <Banner>
          {words.capture.retaking(
            retake.of.body.caption ?? retake.of.body.name ?? words.vocabulary.fileRole.photo,
          )}
        </Banner>
      )}
      <AddFiles
        ways={["photo", "file", "voice", "video", "phone"]}
        main="photo"
        log={form.log}
        onPhone={form.open}
        onFile={retake.add}
      />
      <Gallery
        log={form.log}
        files={form.view?.files ?? []}
        write={form.write}
        onRetake={retake.start}
      />
    </StepFrame>
  );
}

/** Adds files as they come; the first photograph is the key picture; a retake takes the place of the one before. */
export function useRetake() {
  const form = useForm();
  const device = useDevice();
  const [of, setOf] = useState<FileView>();
  const keyed = useRef(false);
  keyed.current ||= form.view?.files.some((file) => file.body.key === true) ?? false;
  const add = async (file: Prepared) => {
    await form.open();
    const key = file.role === "photo" && (of?.body.key === true || !keyed.current);
    if (key) keyed.current = true;
    const caption = of?.body.caption;
    await addFile(device, form.log, file, {
      ...(key ? { key } : {}),
      ...(of === undefined || file.role !== "photo"
        ? {}
        : { retakeOf: of.hash, ...(caption === undefined ? {} : { caption }) }),
    });
    // A file that was slow to store must not end a retake that was begun meanwhile.
    setOf((now) => (now === of ? undefined : now));
  };
  return { of, start: setOf, add };
}
