/** What `pulsewire --help` says. */
export const HELP = `pulsewire                     start the monitor: sentinel, gateway and dashboard in one process
pulsewire tail [address]      print the stream, one JSON message a line

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
Exit codes: 0 ended as asked, 1 key not accepted, 2 wrong use.

  --version, --help
`;
