/** What `pulsewire --help` says. */
export const HELP = `pulsewire                     start the monitor: sentinel, gateway and dashboard in one process
pulsewire tail [address]      print the stream, one JSON message a line
pulsewire conform [address]   check a gateway, anybody's, against the numbered rules of the stream

The address is that of the dashboard or of the feed (default http://127.0.0.1:8080/).

Key, the first that is there:
  --key <key>                 visible to everybody on this machine
  --key-file <file>
  #key=… in the address, as the start prints it
  PULSEWIRE_KEY
  the key of the local start  for a gateway on this machine

tail:
  --topics <list>             metrics,alerts,containers,databases,events,logs (default: all but logs)
  --metric-type <list>        only these samples: cpu,mem
  --host <list>               only these hosts
  --container <list>          only these containers
  --after <id>                begin with what came after this message
  --rate <n>                  at most n messages a second

Messages go to stdout, what happens to the connection goes to stderr. A lost connection is made again and resumed.

conform:
  --redis-url <url>           also publish test messages on the bus behind the gateway, and see what comes out
  --long                      also what takes minutes; its last rule has this address refused for a minute
  --only <list>               only these rules: GW-40,GW-50

One line a rule: "ok", "not ok" with what was expected and what came, or "skip" with the reason.
Exit codes: 0 well, 1 key not accepted, a rule broken or messages that cannot be written, 2 wrong use.

  --version, --help
`;
