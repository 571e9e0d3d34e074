/** Which file systems are worth a gauge, from /proc/self/mounts. */

export interface Mount {
  path: string;
  /** Over a network or through another process: asking it can hang for good. */
  remote: boolean;
}

const LOCAL_TYPES = new Set(
  'ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs reiserfs ntfs ntfs3 vfat msdos exfat hfs hfsplus ufs fuseblk'.split(
    ' ',
  ),
);
const REMOTE_TYPES = new Set(
  'nfs nfs4 cifs smb3 smbfs ceph glusterfs lustre gpfs beegfs 9p drvfs virtiofs afs fuse.sshfs fuse.glusterfs fuse.s3fs fuse.rclone fuse.mergerfs fuse.ceph'.split(
    ' ',
  ),
);
const ESCAPE = /\\([0-7]{3})/g;

/**
 * Real file systems, each device once (its shortest path: bind mounts and subvolumes share the numbers). An
 * overlay counts only as the root, which is how a container sees its disk. Never throws.
 */
export function parseMounts(text: string): Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [source, rawPath, type] = line.split(' ');
    if (source === undefined || rawPath === undefined || type === undefined) continue;
    const remote = REMOTE_TYPES.has(type);
    if (!remote && !LOCAL_TYPES.has(type) && !(type === 'overlay' && rawPath === '/')) continue;
    const path = unescapePath(rawPath);
    if (!path.startsWith('/') || path.length > 4096) continue;
    // zfs names its datasets as sources and each has its own numbers; elsewhere the source is the device.
    const known = byDevice.get(source);
    if (known === undefined || path.length < known.path.length) byDevice.set(source, { path, remote });
  }
  const paths = new Set<string>();
  return [...byDevice.values()].filter(({ path }) => !paths.has(path) && paths.add(path));
}

/** The kernel writes blanks and backslashes in paths as three octal digits, byte by byte. */
function unescapePath(path: string): string {
  if (!path.includes('\\')) return path;
  return path.replace(ESCAPE, (_match, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
