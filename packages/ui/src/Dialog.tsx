import { useEffect, useId, useRef, type ReactNode } from "react";
import { Button } from "./Button.tsx";

export interface DialogProps {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly closeLabel: string;
  /** Escape and the close button. */
  readonly onClose: () => void;
  readonly wide?: boolean | undefined;
  /** Buttons at the foot, the main one last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The native modal dialog: focus stays inside, Escape closes, focus returns where it was. */
export function Dialog(props: DialogProps) {
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ title, closeLabel, onClose, wide, actions, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) {
      dialog.showModal();
      // A dialog that asks for words is ready for them; without this the first key lands on its close button.
      dialog.querySelector<HTMLElement>(".dialog-body textarea")?.focus();
    }
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        if (event.target !== ref.current) return; // a file input inside reports its own cancel
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-inside">
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <Button tone="plain" icon="close" onClick={onClose}>
            {closeLabel}
          </Button>
        </div>
        <div className="dialog-body stack">{children}</div>
        {actions ? <div className="dialog-foot">{actions}</div> : null}
      </div>
    </dialog>
  );
}
