/** Both JSON samples of specification 001, §3.1 and §3.2, to the byte. */
export const SPECIFICATION_SAMPLES = [
  `{
  "type": "system_metric",
  "data": {
    "time": "2026-01-17T04:30:00Z",
    "metric_type": "cpu",
    "value": 45.2,
    "source": "host",
    "meta": {
        "unit": "percent"
    }
  }
}`,
  `{
  "type": "container_status",
  "data": {
    "container": "tick-archiver",
    "status": "running",
    "time": "2026-01-17T04:30:00Z"
  }
}`,
] as const;
