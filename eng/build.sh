# What ./moldau, ./test and ./bench share: finding the .NET SDK, and building under a lock.
# Sourced by them with `root` set to the checkout. Runs on the bash 3.2 of macOS too.

# Leaves the script with what to install unless an SDK that global.json accepts is on PATH.
require_sdk() {
  local problem wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  if ! command -v dotnet >/dev/null 2>&1; then
    problem="no 'dotnet' on PATH"
  elif ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
    problem="$(command -v dotnet) has none that fits"
  else
    return 0
  fi
  cat >&2 <<END
Moldau is built by the .NET SDK, $wanted or a later one of its major version: $problem. Install it:
  Ubuntu: sudo apt-get install dotnet-sdk-10.0 (Debian: add Microsoft's package feed first)   Fedora: sudo dnf install dotnet-sdk-10.0
  macOS: brew install --cask dotnet-sdk   Windows: winget install Microsoft.DotNet.SDK.10, then use Git Bash
  Any other way: https://dot.net
END
  exit 1
}

# A program with an apphost looks for the runtime in DOTNET_ROOT and in the usual folders, not on PATH.
point_to_runtime() {
  local dotnet link
  [ -z "${DOTNET_ROOT:-}" ] || return 0
  dotnet=$(command -v dotnet) || return 0
  while [ -L "$dotnet" ]; do
    link=$(readlink "$dotnet")
    case $link in /*) dotnet=$link ;; *) dotnet=${dotnet%/*}/$link ;; esac
  done
  [ -d "${dotnet%/*}/host/fxr" ] || return 0
  export DOTNET_ROOT="${dotnet%/*}"
}

# Waits until no other build runs in this checkout; unlock_build or the end of the script lets go.
lock_build() {
  mkdir -p "$root/artifacts" 2>/dev/null && [ -w "$root/artifacts" ] || {
    echo "cannot build: $root/artifacts is not writable" >&2
    exit 1
  }
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/artifacts/build.lock"
    flock 9
  else
    lock_by_folder
  fi
}

unlock_build() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>&-
  else
    rm -rf "$root/artifacts/build.lock.d"
    trap - EXIT
  fi
}

# mkdir is atomic everywhere. A folder whose owner is dead, or that nobody signed within 5 s, was left behind by a
# killed build. It is moved away before it is removed: of two that notice, only one moves it, and one that moved
# a folder which had just been taken anew gives it back.
lock_by_folder() {
  local lock=$root/artifacts/build.lock.d owner taken unsigned=0
  while ! mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/owner" 2>/dev/null) || owner=
    if [ -z "$owner" ]; then unsigned=$((unsigned + 1)); else unsigned=0; fi
    if [ "$unsigned" -gt 25 ] || { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; }; then
      if mv "$lock" "$lock.$$" 2>/dev/null; then
        taken=$(cat "$lock.$$/owner" 2>/dev/null) || taken=
        if [ "$taken" = "$owner" ]; then rm -rf "$lock.$$"; else mv "$lock.$$" "$lock"; fi
      fi
    else
      sleep 0.2
    fi
  done
  echo $$ >"$lock/owner"
  trap 'rm -rf "$root/artifacts/build.lock.d"' EXIT
}

# build LOG ARGUMENTS...: `dotnet build`, or another of its verbs that dotnet_do names, with its output in LOG, shown when
# it fails. No build server outlives it: one would keep memory, and the lock. Standard input stays for the program that is started afterwards.
build() {
  local log=$1 child
  shift
  (cd "$root" && DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    exec dotnet "${dotnet_do:-build}" "$@" --configuration Release --verbosity quiet --nologo --disable-build-servers) \
    >"$log" 2>&1 </dev/null 9>&- &
  child=$!
  trap 'kill "$child" 2>/dev/null; exit 130' INT
  trap 'kill "$child" 2>/dev/null; exit 143' TERM HUP
  if ! wait "$child"; then
    cat "$log" >&2
    echo "the build failed" >&2
    exit 1
  fi
  trap - INT TERM HUP
}
