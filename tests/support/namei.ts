/** A program in the place of namei that calls every way root's alone: a test's directories lie below one that is everybody's. */
export const namei = `#!/bin/sh
shift
for directory in "$@"; do printf 'f: %s\\ndrwxr-xr-x root root /\\n' "$directory"; done
`;
