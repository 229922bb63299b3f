// Sizes and times as people read them.

export function fileSize(bytes) {
  if (bytes === 1) return "1 byte";
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function remaining(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 50) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 3300) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}
