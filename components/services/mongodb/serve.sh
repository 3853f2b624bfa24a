#!/bin/sh
# Starts MongoDB with the users that users.js names, whatever its volume held before.
set -eu

# Nobody logs in to this one, and only this container reaches it.
mongod --dbpath /data/db --wiredTigerCacheSizeGB 0.25 --bind_ip 127.0.0.1 --port 27018 --fork --logpath /tmp/users.log
mongosh --quiet --norc --host 127.0.0.1 --port 27018 --file /etc/mongodb/users.js
mongod --dbpath /data/db --shutdown

exec mongod --config /etc/mongodb/mongod.yaml
