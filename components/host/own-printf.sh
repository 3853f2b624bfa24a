# Whoever is handed secrets as arguments of printf has to be the shell itself.
tell=${tell:-2}
fail() { printf 'garrison: %s\n' "$*" >&"$tell"; exit 1; }
[ "$(command -v printf)" = printf ] || fail "this machine's sh has no printf of its own: another program would be handed the secrets as arguments; make /bin/sh dash or bash"
