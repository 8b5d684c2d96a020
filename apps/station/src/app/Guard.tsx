import { Banner, Button } from "@lientuyen/ui";
import { Component, type ReactNode } from "react";
import { useShellWords } from "../words/index.ts";

interface State {
  readonly broken: boolean;
}

/** A screen that throws must not take the rest with it: what was typed is in drafts, so opening again is safe. */
export class Guard extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? (
      <Broken again={() => this.setState({ broken: false })} />
    ) : (
      this.props.children
    );
  }
}

function Broken({ again }: { readonly again: () => void }) {
  const words = useShellWords();
  return (
    <div className="doorstep">
      <Banner
        tone="danger"
        title={words.brokenTitle}
        live
        action={<Button onClick={again}>{words.reopen}</Button>}
      >
        <p>{words.brokenText}</p>
      </Banner>
    </div>
  );
}
