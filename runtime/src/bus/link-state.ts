/**
 * The life of the connections to Redis. *waiting*: none, until the short delay is over. *opening*: connecting.
 * *recovering*: subscribing, and delivering what the log has. *confirming*: all delivered, the canary is out.
 * *up*. *silent*: connected, but the canary does not come back. *closed*: for good.
 */

export type LinkState = 'waiting' | 'opening' | 'recovering' | 'confirming' | 'up' | 'silent' | 'closed';

/** `lost`: a connection closed, or an answer made it useless. `hopeless`: silent for too long. */
export type LinkEvent =
  | 'delay_over'
  | 'connected'
  | 'recovered'
  | 'answered'
  | 'silent'
  | 'hopeless'
  | 'lost'
  | 'close';

export type LinkAction = 'open' | 'recover' | 'probe' | 'drop';

export interface LinkStep {
  next: LinkState;
  actions: readonly LinkAction[];
}

const DROP: LinkStep = { next: 'waiting', actions: ['drop'] };
const CLOSE: LinkStep = { next: 'closed', actions: ['drop'] };

export const LINK_TABLE: Record<LinkState, Record<LinkEvent, LinkStep>> = {
  waiting: { ...stay('waiting'), delay_over: { next: 'opening', actions: ['open'] }, close: CLOSE },
  opening: {
    ...stay('opening'),
    connected: { next: 'recovering', actions: ['recover'] },
    hopeless: DROP,
    lost: DROP,
    close: CLOSE,
  },
  recovering: {
    ...stay('recovering'),
    recovered: { next: 'confirming', actions: ['probe'] },
    hopeless: DROP,
    lost: DROP,
    close: CLOSE,
  },
  confirming: {
    ...stay('confirming'),
    answered: { next: 'up', actions: [] },
    hopeless: DROP,
    lost: DROP,
    close: CLOSE,
  },
  up: {
    ...stay('up'),
    silent: { next: 'silent', actions: [] },
    hopeless: DROP,
    lost: DROP,
    close: CLOSE,
  },
  // Nothing was lost on connections that held: what was published meanwhile arrives on them, before the answer.
  silent: {
    ...stay('silent'),
    answered: { next: 'up', actions: [] },
    hopeless: DROP,
    lost: DROP,
    close: CLOSE,
  },
  closed: stay('closed'),
};

function stay(next: LinkState): Record<LinkEvent, LinkStep> {
  const step: LinkStep = { next, actions: [] };
  return {
    delay_over: step,
    connected: step,
    recovered: step,
    answered: step,
    silent: step,
    hopeless: step,
    lost: step,
    close: step,
  };
}
