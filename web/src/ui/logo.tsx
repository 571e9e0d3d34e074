/** The pulse mark. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M4 17h6l3-8 5 15 3.5-10 1.5 3h5" />
    </svg>
  );
}
