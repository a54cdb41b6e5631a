# For scripts that try the real server: source it.
#   platform_start FOLDER   starts the local platform on SCAIWAVE_HTTP_PORT with new data in FOLDER/platform, and exports API and the tokens;
#                           what it says is in FOLDER/screen. Fails when it is not there within five minutes.
#   platform_stop           ends it; safe to call again, and as a trap
PLATFORM_SECONDS_MAX=300
platform=

platform_start() {
    local screen=$1/screen deadline=$((SECONDS + PLATFORM_SECONDS_MAX))
    mkdir -p "$1"
    : > "$screen"
    mvn --quiet --batch-mode test-compile exec:java@local "-Dlocal.folder=$1/platform" -Dlocal.fresh > "$screen" 2>&1 &
    platform=$!
    until grep -q '^export SUPER_ADMIN=' "$screen"; do
        if ! kill -0 "$platform" 2> /dev/null || ((SECONDS >= deadline)); then
            cat "$screen" >&2
            return 1
        fi
        sleep 1
    done
    eval "$(grep -E '^export (API|TENANT_ADMIN|PARTNER_ADMIN|SUPER_ADMIN)=' "$screen")"
}

platform_stop() {
    [ -n "$platform" ] || return 0
    kill "$platform" 2> /dev/null || true
    wait "$platform" 2> /dev/null || true
    platform=
}
