export function InfrastructurePage() {
  return <section className="panel" />;
}
