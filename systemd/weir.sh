#!/bin/sh
# The packaged agent, with the Node that lies beside it.
here=$(dirname "$(readlink -f "$0")")
exec "$here/node" "$here/../dist/weir/main.js" "$@"
