# What cloud-init runs at a first boot. usage: sh -c <this> garrison-first-boot <script of the bundle> <program>
code=0
{ sh "$1" apply </dev/null && sh "$2" confirm; } || code=$?
rm -f "$1"
exit "$code"
