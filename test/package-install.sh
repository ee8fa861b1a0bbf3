#!/usr/bin/env bash
# Installs the package into a fresh Debian, starts the agent there by hand, upgrades it with an
# edited config, removes and purges it. By hand, as root, after `npm run package`:
#
#   test/package-install.sh [dist/package/weir_VERSION_ARCH.deb]
#
# Needs debootstrap and a Debian mirror (MIRROR=..., by default that of this machine). Ports 4317, 4318
# and 12399 of loopback must be free: a chroot has the network of its machine.
set -euo pipefail
cd "$(dirname "$0")/.."

deb=$(readlink -f "${1:-$(ls dist/package/weir_*.deb | tail -n 1)}")
mirror=${MIRROR:-$(apt-cache policy | awk '$2 ~ /^http/ && $2 !~ /security/ { print $2; exit }')}
suite=${SUITE:-bookworm}
limit_mib=35
work=$(mktemp -d)
root=$work/root
agent=

finish() {
  if [ -n "$agent" ]; then kill "$agent" 2>/dev/null || true; fi
  if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
  rm -rf --one-file-system "$work"
}
trap finish EXIT

say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive)
inside() { "${clean[@]}" chroot "$root" "$@"; }

say "size"
bytes=$(stat -c %s "$deb")
printf '%s: %s KiB\n' "$(basename "$deb")" $((bytes / 1024))
[ "$bytes" -le $((limit_mib * 1024 * 1024)) ] || fail "larger than $limit_mib MiB"

say "a fresh Debian $suite"
debootstrap --variant=minbase --include=libstdc++6,init-system-helpers "$suite" "$root" "$mirror" \
  >"$work/debootstrap.log" 2>&1 || { tail "$work/debootstrap.log" >&2; fail debootstrap; }
mount -t proc proc "$root/proc"
inside dpkg -s weir >/dev/null 2>&1 && fail "weir is there already"
before=$(cd "$root" && find etc usr var -not -path 'var/*' | sort)

say "install, without network"
cp "$deb" "$root/tmp/weir.deb"
"${clean[@]}" unshare --net chroot "$root" dpkg -i /tmp/weir.deb
inside getent passwd weir
inside stat -c '%A %U:%G %n' /etc/weir /etc/weir/config.river /etc/default/weir
[ -L "$root/etc/systemd/system/multi-user.target.wants/weir.service" ] || fail "not enabled"

is_ready() {
  inside /usr/lib/weir/bin/node -e \
    'fetch("http://127.0.0.1:12399/-/ready").then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))'
}
start() {
  is_ready && fail "something else listens on 12399"
  inside install -d -o weir -g weir -m 750 /var/lib/weir
  "${clean[@]}" chroot "$root" setpriv --reuid weir --regid weir --clear-groups weir run \
    --server.http.listen-addr=127.0.0.1:12399 --storage.path=/var/lib/weir /etc/weir \
    >"$work/agent.log" 2>&1 &
  agent=$!
  for _ in $(seq 100); do
    if is_ready; then return; fi
    kill -0 "$agent" 2>/dev/null || break
    sleep 0.2
  done
  cat "$work/agent.log" >&2
  fail "the agent is not ready"
}
stop() {
  kill "$agent"
  wait "$agent" || fail "the agent ended with $?"
  agent=
}

say "start by hand"
inside weir --version
inside weir check /etc/weir
start
stop
tail -n 2 "$work/agent.log"

say "upgrade, with an edited config"
echo '// edited by hand' >>"$root/etc/weir/config.river"
dpkg-deb -R "$deb" "$work/next"
sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
echo '// changed by the next version' >>"$work/next/etc/weir/config.river"
dpkg-deb --build --root-owner-group -Znone "$work/next" "$root/tmp/next.deb" >/dev/null
inside dpkg --force-confold -i /tmp/next.deb </dev/null
grep -q 'edited by hand' "$root/etc/weir/config.river" || fail "the config was replaced"
[ -e "$root/etc/weir/config.river.dpkg-dist" ] || fail "the new config is not beside it"
rm "$root/etc/weir/config.river.dpkg-dist"
inside dpkg-query -W weir
start
stop

say "remove: config and data stay"
inside dpkg -r weir
[ -e "$root/etc/weir/config.river" ] && [ -d "$root/var/lib/weir" ] || fail "removed too much"
[ ! -e "$root/usr/lib/weir" ] && [ ! -e "$root/usr/bin/weir" ] || fail "left code"

say "purge: nothing stays but the user"
inside dpkg -P weir
left=$(cd "$root" && find etc usr var/lib -ipath '*weir*' -not -path 'var/lib/dpkg/*')
[ -z "$left" ] || fail "left: $left"
after=$(cd "$root" && find etc usr var -not -path 'var/*' | sort)
diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") || say "(the user's files differ as above)"

say "passed"
