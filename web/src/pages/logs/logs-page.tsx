export function LogsPage() {
  return <section className="panel" />;
}
