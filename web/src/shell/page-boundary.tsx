import { Component, type ReactNode, Suspense } from 'react';
import { useSpeech } from '../i18n/use-language.js';
import { Icon } from '../ui/icon.js';

/** Stands in while a page is being fetched, and when it cannot be. */
export function PageBoundary({ children }: { children: ReactNode }) {
  const { text } = useSpeech();
  return (
    <CatchFailure
      otherwise={
        <section className="panel nothing" role="alert" data-testid="page-failed">
          <Icon name="octagon" />
          <strong>{text.nav.failedTitle}</strong>
          <span className="muted">{text.nav.failed}</span>
          <button type="button" className="button" onClick={() => window.location.reload()}>
            <Icon name="refresh" />
            {text.nav.reload}
          </button>
        </section>
      }
    >
      <Suspense
        fallback={
          <p className="panel nothing" role="status">
            {text.nav.loading}
          </p>
        }
      >
        {children}
      </Suspense>
    </CatchFailure>
  );
}

interface CatchFailureProps {
  children: ReactNode;
  otherwise: ReactNode;
}

/** React offers error boundaries as classes only. */
class CatchFailure extends Component<CatchFailureProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.otherwise : this.props.children;
  }
}
